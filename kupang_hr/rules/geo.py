"""Where a punch was made, and what is suspicious about it.

Positions are WGS 84 degrees with an accuracy in metres (the radius that the phone claims). A suspicion is a
flag on a punch that is kept, never a refusal. Only what is no position at all is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import asin, cos, isfinite, radians, sin, sqrt
from numbers import Real

import shapely
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

EARTH_METRES = 6_371_008.8  # mean radius, IUGG
SPEED_LIMIT_KMH = 150
ACCURACY_LIMIT_METRES = 100
REPEATED_PUNCHES = 3
LATE_AFTER = timedelta(minutes=5)

OUTSIDE_OFFICE, INACCURATE, MOCK_LOCATION = "Outside Office", "Inaccurate", "Mock Location"
IMPOSSIBLE_SPEED, REPEATED_POSITION = "Impossible Speed", "Repeated Position"
OUTSIDE_REGION, LATE_RECEIVED, NO_POSITION = "Outside Region", "Late Received", "No Position"
FLAGS = (
	NO_POSITION,
	INACCURATE,
	OUTSIDE_OFFICE,
	OUTSIDE_REGION,
	MOCK_LOCATION,
	IMPOSSIBLE_SPEED,
	REPEATED_POSITION,
	LATE_RECEIVED,
)


class PositionError(ValueError):
	"""A value that is no part of a position."""

	def __init__(self, value: object):
		super().__init__(f"{type(self).__name__}: {value!r}")
		self.value = value


class LatitudeError(PositionError):
	"""Not a finite number from -90 to 90."""


class LongitudeError(PositionError):
	"""Not a finite number from -180 to 180."""


class AccuracyError(PositionError):
	"""Not a finite number of metres from 0 up."""


class BoundaryError(ValueError):
	"""A text that is no boundary; `fact` says what is wrong with it, for the one who typed it."""

	def __init__(self, fact: object):
		super().__init__(f"{type(self).__name__}: {fact}")
		self.fact = fact


class BoundaryNotJson(BoundaryError):
	"""Not JSON; the fact is the parser's complaint."""


class BoundaryNotPolygon(BoundaryError):
	"""Something else than polygons; the fact is the type that was found."""


class BoundaryMalformed(BoundaryError):
	"""Coordinates that make no ring, or none at all."""


class BoundaryOutOfRange(BoundaryError):
	"""Degrees beyond the globe, often latitude and longitude swapped; the fact is (west, south, east, north)."""


class BoundaryNotValid(BoundaryError):
	"""A ring that crosses itself, a hole outside; the fact is the reason and the place."""


# Positions


@dataclass(frozen=True, slots=True)
class Position:
	"""Degrees, and metres of accuracy (0: exact, as of an office point)."""

	latitude: float
	longitude: float
	accuracy: float = 0.0


@dataclass(frozen=True, slots=True)
class Fix:
	"""A position and its time (naive WITA)."""

	position: Position
	at: datetime


def checked_position(latitude: object, longitude: object, accuracy: object = 0.0) -> Position:
	"""A Position of numbers that can be one. Raises LatitudeError, LongitudeError, AccuracyError.

	Texts and booleans are no numbers; an accuracy of many kilometres is one and gets a flag later.
	"""
	if not _is_within(latitude, -90, 90):
		raise LatitudeError(latitude)
	if not _is_within(longitude, -180, 180):
		raise LongitudeError(longitude)
	if not _is_within(accuracy, 0, None):
		raise AccuracyError(accuracy)
	return Position(float(latitude), float(longitude), float(accuracy))


def _is_within(value: object, lowest: int, highest: int | None) -> bool:
	if isinstance(value, bool) or not isinstance(value, Real):
		return False
	# A whole number too long for a float is not finite either.
	return lowest <= value and (highest is None or value <= highest) and value < 1e308 and isfinite(value)


def distance_metres(one: Position, other: Position) -> float:
	"""Metres along the great circle (haversine, mean radius); within 0.5 % of the ellipsoid."""
	south, north = radians(one.latitude), radians(other.latitude)
	half_lat, half_lon = (north - south) / 2, radians(other.longitude - one.longitude) / 2
	chord = sin(half_lat) ** 2 + cos(south) * cos(north) * sin(half_lon) ** 2
	return 2 * EARTH_METRES * asin(sqrt(min(1.0, chord)))


def inside_office(
	position: Position, office: Position, radius: float, accuracy_limit: float | None = None
) -> bool:
	"""Whether the accuracy circle touches the office circle of `radius` metres: the person may be inside.

	Two circles touch where their centres are no further apart than both radii together. That is exact; a
	buffer polygon in a projection would only come near it. `accuracy_limit`: an accuracy counts for so many
	metres at most, else a claim of 50 km would be inside every office.
	"""
	return distance_metres(position, office) <= radius + _allowance(position, accuracy_limit)


def _allowance(position: Position, accuracy_limit: float | None) -> float:
	return position.accuracy if accuracy_limit is None else min(position.accuracy, accuracy_limit)


def impossible_speed(previous: Fix, current: Fix, limit_kmh: float = SPEED_LIMIT_KMH) -> bool:
	"""Whether nobody gets from one to the other in the time, both accuracies taken off the distance.

	No time and still a distance is impossible. The order of the two does not matter.
	"""
	certain = distance_metres(previous.position, current.position)
	certain -= previous.position.accuracy + current.position.accuracy
	hours = abs(current.at - previous.at) / timedelta(hours=1)
	return certain > 0 and certain / 1000 > limit_kmh * hours


def repeated_identical(positions: Sequence[Position], n: int = REPEATED_PUNCHES) -> bool:
	"""Whether the last `n` positions, the newest last, agree bit for bit in coordinates and accuracy.

	A real receiver drifts; a spoofed one does not. `n` below 2 switches the check off.
	"""
	if n < 2 or len(positions) < n:
		return False
	return len({_bits(position) for position in positions[-n:]}) == 1


def _bits(position: Position) -> tuple[str, str, str]:
	# Not ==, for which 0.0 and -0.0 are one.
	return position.latitude.hex(), position.longitude.hex(), position.accuracy.hex()


# The boundary of the city


@dataclass(frozen=True, eq=False)
class Boundary:
	"""The region that may not be left on a working day; made by `from_geojson`.

	`plane`: the shape in metres, on a plane where a degree of longitude is as long as in the shape's middle;
	straight lines of degrees stay straight, so what is inside stays inside. Prepared by GEOS for many questions.
	A shape across the date line is not meant.
	"""

	plane: BaseGeometry = field(repr=False)
	metres_per_degree: tuple[float, float]

	@classmethod
	def from_geojson(cls, text: str) -> Boundary:
		"""Read a Polygon, a MultiPolygon, or a Feature or FeatureCollection of them, in degrees (WGS 84).

		Raises BoundaryNotJson, BoundaryNotPolygon, BoundaryMalformed, BoundaryOutOfRange, BoundaryNotValid.
		"""
		degrees = shapely.union_all([_checked_shape(found) for found in _geometries(_parsed(text))])
		_west, south, _east, north = degrees.bounds
		per_degree = EARTH_METRES * radians(1)
		scale = (per_degree * cos(radians((south + north) / 2)), per_degree)
		plane = shapely.transform(degrees, lambda points: points * scale)
		shapely.prepare(plane)
		return cls(plane, scale)

	def contains(self, position: Position) -> bool:
		"""Whether the point lies inside or on the line, its accuracy aside; a hole is outside."""
		return self.plane.covers(self._point(position))

	def metres_outside(self, position: Position) -> float:
		"""Metres from the point to the region, 0 inside; within 1 % over the size of a city."""
		return self.plane.distance(self._point(position))

	def _point(self, position: Position) -> shapely.Point:
		east, north = self.metres_per_degree
		return shapely.Point(position.longitude * east, position.latitude * north)


def _parsed(text: str) -> object:
	try:
		return json.loads(text, parse_constant=_refuse_constant)
	except (TypeError, ValueError, RecursionError) as error:
		raise BoundaryNotJson(str(error)) from error


def _refuse_constant(word: str) -> None:
	raise ValueError(f"{word} is not JSON")


def _geometries(found: object) -> list[Mapping]:
	if _kind(found) != "FeatureCollection":
		return [_polygon(found)]
	features = found.get("features")
	if not isinstance(features, list) or not features:
		raise BoundaryMalformed("no features")
	return [_polygon(feature) for feature in features]


def _polygon(found: object) -> Mapping:
	geometry = found.get("geometry") if _kind(found) == "Feature" else found
	kind = _kind(geometry)
	if kind not in ("Polygon", "MultiPolygon"):
		raise BoundaryNotPolygon(kind)
	return geometry


def _kind(found: object) -> object:
	return found.get("type", "no type") if isinstance(found, Mapping) else type(found).__name__


def _checked_shape(geometry: Mapping) -> BaseGeometry:
	try:
		polygons = shapely.force_2d(shape(geometry))
	except (
		ArithmeticError,
		AttributeError,
		LookupError,
		TypeError,
		ValueError,
		ShapelyError,
		GEOSException,
	) as error:
		raise BoundaryMalformed(str(error)) from error
	if polygons.is_empty:
		raise BoundaryMalformed("no coordinates")
	west, south, east, north = polygons.bounds
	if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
		raise BoundaryOutOfRange(polygons.bounds)
	if not polygons.is_valid:
		raise BoundaryNotValid(explain_validity(polygons))
	return polygons


# All flags of a punch


@dataclass(frozen=True, slots=True)
class Limits:
	"""From when on a punch is suspicious."""

	accuracy_metres: float = ACCURACY_LIMIT_METRES
	speed_kmh: float = SPEED_LIMIT_KMH
	repeated: int = REPEATED_PUNCHES
	late_after: timedelta = LATE_AFTER


@dataclass(frozen=True, slots=True)
class PunchFacts:
	"""What decides the flags of one punch.

	`at`: when it counts as made: the claimed time of a queued punch, else the received one.
	`received`: server time. `needs_position`: False for a device that stands in the office.
	`office`, `office_radius`: the circle to be in, None where the mode asks for none (WFH, Field).
	`may_not_leave`: a working day without a Surat Tugas or permit. `is_mock`: the client said so.
	`earlier`: the person's fixes before this one, the newest last.
	"""

	position: Position | None
	at: datetime
	received: datetime
	needs_position: bool = True
	office: Position | None = None
	office_radius: float = 0.0
	may_not_leave: bool = False
	is_mock: bool = False
	earlier: Sequence[Fix] = ()


def punch_flags(
	facts: PunchFacts, boundary: Boundary | None = None, limits: Limits = Limits()
) -> tuple[str, ...]:
	"""The flags of one punch, in the order of `FLAGS`; empty where nothing is suspicious.

	Outside the office or the region is who is outside even with the accuracy, of which no more than the limit
	counts. Without a boundary nobody is outside the region. The identical positions include this one.
	"""
	raised = {
		MOCK_LOCATION: facts.is_mock,
		LATE_RECEIVED: facts.received - facts.at > limits.late_after,
		NO_POSITION: facts.position is None and facts.needs_position,
	}
	if facts.position is not None:
		raised |= _position_flags(facts, facts.position, boundary, limits)
	return tuple(flag for flag in FLAGS if raised.get(flag))


def _position_flags(
	facts: PunchFacts, position: Position, boundary: Boundary | None, limits: Limits
) -> dict[str, bool]:
	allowance = _allowance(position, limits.accuracy_metres)
	previous = facts.earlier[-1] if facts.earlier else None
	positions = [*(fix.position for fix in facts.earlier), position]
	office = facts.office
	return {
		INACCURATE: position.accuracy > limits.accuracy_metres,
		OUTSIDE_OFFICE: office is not None
		and not inside_office(position, office, facts.office_radius, limits.accuracy_metres),
		OUTSIDE_REGION: facts.may_not_leave
		and boundary is not None
		and boundary.metres_outside(position) > allowance,
		IMPOSSIBLE_SPEED: previous is not None
		and impossible_speed(previous, Fix(position, facts.at), limits.speed_kmh),
		REPEATED_POSITION: repeated_identical(positions, limits.repeated),
	}
