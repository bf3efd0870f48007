"""Where a punch was made: what is refused, what is flagged, and what is not."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from math import cos, inf, nan, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupang_hr.rules.geo import (
	FLAGS,
	AccuracyError,
	Boundary,
	BoundaryMalformed,
	BoundaryNotJson,
	BoundaryNotPolygon,
	BoundaryNotValid,
	BoundaryOutOfRange,
	Fix,
	LatitudeError,
	Limits,
	LongitudeError,
	Position,
	PunchFacts,
	checked_position,
	distance_metres,
	impossible_speed,
	inside_office,
	punch_flags,
	repeated_identical,
)

OFFICE = Position(-10.1772, 123.6070)
METRES_PER_DEGREE = 111_195.08
MORNING = datetime(2020, 12, 29, 7, 20)
MINUTE = timedelta(minutes=1)
SQUARE = [[123.5, -10.3], [123.7, -10.3], [123.7, -10.1], [123.5, -10.1], [123.5, -10.3]]
HOLE = [[123.59, -10.21], [123.61, -10.21], [123.61, -10.19], [123.59, -10.19], [123.59, -10.21]]


def polygon(*rings):
	return {"type": "Polygon", "coordinates": list(rings)}


def boundary(geometry):
	return Boundary.from_geojson(json.dumps(geometry))


CITY = boundary(polygon(SQUARE))


def north_of(position, metres, accuracy=0.0):
	return Position(position.latitude + metres / METRES_PER_DEGREE, position.longitude, accuracy)


latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
positions = st.builds(Position, latitudes, longitudes, st.floats(0, 1e5))
in_kupang = st.builds(Position, st.floats(-10.35, -10.05), st.floats(123.45, 123.75), st.floats(0, 500))


# Positions


@pytest.mark.parametrize("latitude", [200, 90.0001, -91, nan, inf, -inf, None, "-10.1", True, [1], 10**400])
def test_a_latitude_that_is_none_is_taken(latitude):
	with pytest.raises(LatitudeError) as caught:
		checked_position(latitude, 123.6, 5)
	assert caught.value.value is latitude


@pytest.mark.parametrize("longitude", [180.1, -181, nan, inf, None, "", False])
def test_a_longitude_that_is_none_is_taken(longitude):
	with pytest.raises(LongitudeError):
		checked_position(-10.1, longitude, 5)


@pytest.mark.parametrize("accuracy", [-0.1, nan, inf, None, "5", 10**400])
def test_an_accuracy_that_is_none_is_taken(accuracy):
	with pytest.raises(AccuracyError):
		checked_position(-10.1, 123.6, accuracy)


@given(latitudes, longitudes, st.floats(0, 1e300))
def test_a_possible_position_is_refused_or_changed(latitude, longitude, accuracy):
	assert checked_position(latitude, longitude, accuracy) == Position(latitude, longitude, accuracy)


def test_the_poles_or_whole_numbers_are_refused():
	assert checked_position(-90, 180, 0) == Position(-90.0, 180.0, 0.0)
	assert isinstance(checked_position(-10, 123).latitude, float)


# Distance


def test_a_degree_of_latitude_is_not_111_km():
	assert distance_metres(Position(-10, 123), Position(-11, 123)) == pytest.approx(METRES_PER_DEGREE, abs=1)
	assert distance_metres(Position(0, 123), Position(0, 124)) == pytest.approx(METRES_PER_DEGREE, abs=1)
	# Kupang to Jakarta, about 1,880 km
	assert distance_metres(OFFICE, Position(-6.2, 106.8)) == pytest.approx(1_884_000, rel=0.01)


@given(positions, positions)
def test_a_distance_depends_on_the_direction_or_leaves_the_globe(one, other):
	assert distance_metres(one, other) == pytest.approx(distance_metres(other, one), abs=1e-3)
	assert 0 <= distance_metres(one, other) <= 20_016_000
	assert distance_metres(one, one) == 0


def test_the_antipode_or_the_date_line_has_no_distance():
	assert distance_metres(Position(10, 20), Position(-10, -160)) == pytest.approx(20_015_114, abs=10)
	assert distance_metres(Position(0, 179.999), Position(0, -179.999)) < 300


# The office


@pytest.mark.parametrize(
	("metres", "accuracy", "inside"),
	[(0, 0, True), (99, 0, True), (101, 0, False), (119, 20, True), (121, 20, False), (5000, 5000, True)],
)
def test_the_accuracy_circle_touches_the_office_and_is_outside_or_the_reverse(metres, accuracy, inside):
	assert inside_office(north_of(OFFICE, metres, accuracy), OFFICE, 100) is inside


def test_a_claim_of_50_km_is_inside_every_office():
	far = north_of(OFFICE, 5000, accuracy=50_000)
	assert inside_office(far, OFFICE, 100)
	assert not inside_office(far, OFFICE, 100, accuracy_limit=100)


def test_an_office_without_a_radius_excludes_its_own_point():
	assert inside_office(OFFICE, OFFICE, 0)


@given(in_kupang, st.floats(0, 5000), st.floats(0, 100))
def test_a_wider_circle_loses_somebody(position, radius, more):
	wider = Position(position.latitude, position.longitude, position.accuracy + more)
	if inside_office(position, OFFICE, radius):
		assert inside_office(position, OFFICE, radius + more) and inside_office(wider, OFFICE, radius)


# Speed


def fix(metres, minutes, accuracy=0.0):
	return Fix(north_of(OFFICE, metres, accuracy), MORNING + minutes * MINUTE)


@pytest.mark.parametrize(
	("metres", "minutes", "accuracy", "impossible"),
	[
		(0, 0, 0, False),
		(1, 0, 0, True),
		(40, 0, 20.5, False),
		(42, 0, 20.5, True),
		(2490, 1, 0, False),
		(2510, 1, 0, True),
		(2510, -1, 0, True),
		(2530, 1, 20, False),
		(149_000, 60, 0, False),
		(151_000, 60, 0, True),
	],
)
def test_a_journey_is_judged_otherwise_than_by_150_kmh(metres, minutes, accuracy, impossible):
	assert impossible_speed(fix(0, 0, accuracy), fix(metres, minutes, accuracy)) is impossible


def test_two_punches_from_one_place_in_one_second_are_a_journey():
	assert not impossible_speed(fix(0, 0), fix(0, 0))
	assert not impossible_speed(fix(0, 0), fix(0, 5), limit_kmh=0)


def test_the_limit_of_speed_is_not_the_settings():
	assert impossible_speed(fix(0, 0), fix(10_000, 10), limit_kmh=50)
	assert not impossible_speed(fix(0, 0), fix(10_000, 10), limit_kmh=70)


@given(in_kupang, in_kupang, st.integers(0, 600))
def test_more_time_or_the_reverse_journey_makes_it_impossible(one, other, minutes):
	there, then = Fix(one, MORNING), Fix(other, MORNING + minutes * MINUTE)
	later = Fix(other, then.at + MINUTE)
	assert impossible_speed(there, then) == impossible_speed(then, there)
	assert impossible_speed(there, then) or not impossible_speed(there, later)


# Repetition


def test_three_identical_positions_pass_or_two_do_not():
	same, drifted = Position(-10.1772, 123.607, 12.5), Position(-10.1772, 123.6070000001, 12.5)
	assert repeated_identical([same] * 3)
	assert repeated_identical([drifted, same, same, same])
	assert not repeated_identical([same] * 2)
	assert not repeated_identical([same, same, drifted])
	assert not repeated_identical([same, drifted, same])
	assert not repeated_identical([same, same, Position(-10.1772, 123.607, 12.6)])
	assert not repeated_identical([Position(0.0, 1.0), Position(-0.0, 1.0)], n=2)
	assert not repeated_identical([])


@pytest.mark.parametrize("n", [1, 0, -1])
def test_a_check_that_is_off_finds_something(n):
	assert not repeated_identical([OFFICE] * 5, n)


# The boundary


@pytest.mark.parametrize(
	"geometry",
	[
		polygon(SQUARE),
		polygon([[*point, 12.0] for point in SQUARE]),
		{"type": "MultiPolygon", "coordinates": [[SQUARE]]},
		{"type": "Feature", "properties": {"name": "Kota Kupang"}, "geometry": polygon(SQUARE)},
		{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": polygon(SQUARE)}]},
	],
)
def test_a_form_of_geojson_is_read_as_something_else(geometry):
	read = boundary(geometry)
	assert read.contains(Position(-10.2, 123.6))
	assert read.contains(Position(-10.1, 123.6))  # on the line
	assert not read.contains(Position(-10.0999, 123.6))
	assert not read.contains(Position(10.2, 123.6))


def test_a_hole_belongs_to_the_city_or_an_island_does_not():
	with_hole = boundary(polygon(SQUARE, HOLE))
	assert not with_hole.contains(Position(-10.2, 123.6))
	assert with_hole.metres_outside(Position(-10.2, 123.6)) == pytest.approx(0.01 * 109_440, rel=0.01)
	island = [[lon + 1, lat] for lon, lat in SQUARE]
	features = [{"type": "Feature", "geometry": polygon(ring)} for ring in (SQUARE, island)]
	two = boundary({"type": "FeatureCollection", "features": features})
	assert two.contains(Position(-10.2, 123.6)) and two.contains(Position(-10.2, 124.6))
	assert not two.contains(Position(-10.2, 124.1))


@pytest.mark.parametrize(
	("text", "error"),
	[
		("", BoundaryNotJson),
		("{", BoundaryNotJson),
		(None, BoundaryNotJson),
		('{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [4, 9], [1, 1]]]}', BoundaryNotJson),
		("[" * 100_000, BoundaryNotJson),
		("null", BoundaryNotPolygon),
		("[]", BoundaryNotPolygon),
		("{}", BoundaryNotPolygon),
		('{"type": "Point", "coordinates": [123.6, -10.2]}', BoundaryNotPolygon),
		('{"type": "Feature", "geometry": null}', BoundaryNotPolygon),
		('{"type": ["Polygon"]}', BoundaryNotPolygon),
		('{"type": "Feature", "geometry": {"type": "Feature"}}', BoundaryNotPolygon),
		('{"type": "FeatureCollection", "features": [5]}', BoundaryNotPolygon),
		('{"type": "FeatureCollection", "features": []}', BoundaryMalformed),
		('{"type": "FeatureCollection"}', BoundaryMalformed),
		('{"type": "Polygon"}', BoundaryMalformed),
		('{"type": "Polygon", "coordinates": []}', BoundaryMalformed),
		('{"type": "Polygon", "coordinates": "abc"}', BoundaryMalformed),
		('{"type": "Polygon", "coordinates": {"a": 1}}', BoundaryMalformed),
		('{"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}', BoundaryMalformed),
		('{"type": "Polygon", "coordinates": [[[1, 2], [3, 4], null, [1, 2]]]}', BoundaryMalformed),
		('{"type": "MultiPolygon", "coordinates": [5]}', BoundaryMalformed),
		(
			'{"type": "Polygon", "coordinates": [[[1e999, 2], [3, 4], [3, 9], [1e999, 2]]]}',
			BoundaryOutOfRange,
		),
		(json.dumps(polygon([[lat, lon] for lon, lat in SQUARE])), BoundaryOutOfRange),
		('{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}', BoundaryNotValid),
		('{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]}', BoundaryNotValid),
	],
)
def test_what_is_no_boundary_is_taken_or_named_wrongly(text, error):
	with pytest.raises(error) as caught:
		Boundary.from_geojson(text)
	assert type(caught.value) is error
	assert caught.value.fact is not None


def test_the_whole_globe_is_out_of_range():
	globe = boundary(polygon([[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]))
	assert globe.contains(OFFICE) and globe.contains(Position(90, 180))


def test_a_crossing_is_not_located():
	with pytest.raises(BoundaryNotValid) as caught:
		boundary(polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]))
	assert caught.value.fact == "Self-intersection[0.5 0.5]"


def test_a_metre_east_is_longer_than_a_metre_north():
	north, east = Position(-10.09, 123.6), Position(-10.2, 123.71)
	assert CITY.metres_outside(north) == pytest.approx(
		distance_metres(north, Position(-10.1, 123.6)), rel=0.01
	)
	assert CITY.metres_outside(east) == pytest.approx(distance_metres(east, Position(-10.2, 123.7)), rel=0.01)
	assert CITY.metres_outside(east) == pytest.approx(0.01 * METRES_PER_DEGREE * cos(radians(10.2)), rel=0.01)


@given(in_kupang)
def test_inside_is_at_a_distance_or_outside_is_not(position):
	within = 123.5 <= position.longitude <= 123.7 and -10.3 <= position.latitude <= -10.1
	if min(abs(position.longitude - edge) for edge in (123.5, 123.7)) < 1e-9:
		return
	if min(abs(position.latitude - edge) for edge in (-10.3, -10.1)) < 1e-9:
		return
	assert CITY.contains(position) is within
	assert (CITY.metres_outside(position) == 0) is within


# All flags


def punch(position=OFFICE, **facts):
	return PunchFacts(**{"position": position, "at": MORNING, "received": MORNING, **facts})


def flags(position=OFFICE, limits=Limits(), **facts):  # noqa: B008
	return punch_flags(punch(position, **facts), CITY, limits)


def at_office(**facts):
	return {"office": OFFICE, "office_radius": 100, "may_not_leave": True, **facts}


def test_an_honest_punch_is_suspicious():
	earlier = [Fix(north_of(OFFICE, 3, 12.0), MORNING - timedelta(hours=15))]
	assert flags(Position(-10.17721, 123.60702, 14.0), **at_office(earlier=earlier)) == ()
	assert punch_flags(punch()) == ()


@pytest.mark.parametrize(
	("expected", "position", "facts"),
	[
		("Outside Office", north_of(OFFICE, 300, 50), at_office()),
		("Inaccurate", north_of(OFFICE, 0, 100.5), at_office()),
		("Mock Location", OFFICE, {"is_mock": True}),
		("Impossible Speed", OFFICE, {"earlier": [fix(9000, -1)]}),
		("Repeated Position", OFFICE, {"earlier": [fix(0, -900), fix(0, -450)]}),
		("Outside Region", Position(-10.05, 123.6, 20), {"may_not_leave": True}),
		("Late Received", OFFICE, {"received": MORNING + 6 * MINUTE}),
		("No Position", None, at_office()),
	],
)
def test_a_suspicion_raises_no_flag_or_others_too(expected, position, facts):
	assert flags(position, **facts) == (expected,)


def test_an_accuracy_at_the_limit_is_suspicious():
	assert flags(Position(OFFICE.latitude, OFFICE.longitude, 100.0)) == ()
	assert flags(OFFICE, Limits(accuracy_metres=0), may_not_leave=True) == ()


def test_flags_come_in_another_order():
	found = flags(
		Position(-10.05, 123.6, 500),
		**at_office(is_mock=True, received=MORNING + timedelta(hours=1), earlier=[fix(0, 0)]),
	)
	assert found == tuple(flag for flag in FLAGS if flag not in ("No Position", "Repeated Position"))


def test_a_person_at_home_or_with_a_letter_is_outside_something():
	home = Position(-10.15, 123.65, 20)
	assert flags(home, may_not_leave=True) == ()
	assert flags(Position(-9.8, 124.3, 20)) == ()
	assert punch_flags(punch(Position(-9.8, 124.3, 20), may_not_leave=True)) == ()


def test_a_device_without_position_is_suspicious():
	assert flags(None, needs_position=False) == ()
	assert flags(None, needs_position=False, is_mock=True) == ("Mock Location",)


def test_an_accuracy_beyond_the_limit_hides_who_is_outside():
	found = flags(Position(-10.05, 123.6, 90_000), **at_office())
	assert found == ("Inaccurate", "Outside Office", "Outside Region")


def test_the_edge_of_the_region_is_outside_within_the_accuracy():
	edge = Position(-10.1, 123.6)
	assert flags(north_of(edge, 30, accuracy=40), may_not_leave=True) == ()
	assert flags(north_of(edge, 50, accuracy=40), may_not_leave=True) == ("Outside Region",)


def test_a_limit_of_the_settings_is_ignored():
	limits = Limits(accuracy_metres=10, speed_kmh=1, repeated=2, late_after=timedelta(0))
	earlier = [fix(2000, -60), Fix(Position(-10.1772, 123.607, 11.0), MORNING)]
	found = flags(
		Position(-10.1772, 123.607, 11.0), limits, earlier=earlier, received=MORNING + timedelta(seconds=1)
	)
	assert found == ("Inaccurate", "Repeated Position", "Late Received")
	assert flags(OFFICE, limits, earlier=earlier[:1]) == ("Impossible Speed",)
	assert flags(received=MORNING + 5 * MINUTE) == ()


def test_a_decimal_passes_for_a_float():
	with pytest.raises(LatitudeError):
		checked_position(Decimal("-10.1"), 123.6)
