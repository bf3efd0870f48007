"""How official Indonesian writes numbers, amounts and dates."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from num2words import num2words

from kupang_hr.rules.decree import roman_month

MONTHS = (
	"Januari",
	"Februari",
	"Maret",
	"April",
	"Mei",
	"Juni",
	"Juli",
	"Agustus",
	"September",
	"Oktober",
	"November",
	"Desember",
)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
OPEN = "…………………"  # what a draft does not know yet


def tanggal(value: Any) -> str:
	"""3 Februari 2021."""
	day = _date(value)
	return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else OPEN


def hari(value: Any) -> str:
	"""Rabu."""
	day = _date(value)
	return DAYS[day.weekday()] if day else OPEN


def bulan(value: Any) -> str:
	"""Februari."""
	day = _date(value)
	return MONTHS[day.month - 1] if day else OPEN


def tahun(value: Any) -> str:
	"""2021."""
	day = _date(value)
	return str(day.year) if day else OPEN


def bulan_romawi(value: Any) -> str:
	"""II."""
	day = _date(value)
	return roman_month(day.month) if day else OPEN


def angka(value: Any) -> str:
	"""2.000.000; half a rupiah is rounded to the even one."""
	number = _number(value)
	return OPEN if number is None else f"{number:,}".replace(",", ".")


def terbilang(value: Any) -> str:
	"""dua juta."""
	number = _number(value)
	return OPEN if number is None else " ".join(num2words(number, lang="id").split())


def rupiah(value: Any) -> str:
	"""Rp2.000.000,00 (dua juta rupiah)."""
	number = _number(value)
	return OPEN if number is None else f"Rp{angka(number)},00 ({terbilang(number)} rupiah)"


def diktum(number: int) -> str:
	"""KESATU, KEDUA, … KESEBELAS."""
	return f"ke{terbilang(number)}".replace(" ", "").upper()


def besar(value: Any) -> str:
	"""IN CAPITALS."""
	return str(value).upper()


FILTERS: Mapping[str, Any] = {
	function.__name__: function
	for function in (
		tanggal,
		hari,
		bulan,
		tahun,
		bulan_romawi,
		angka,
		terbilang,
		rupiah,
		besar,
	)
}


def _date(value: Any) -> date | None:
	if isinstance(value, datetime):
		return value.date()
	return value if isinstance(value, date) else date.fromisoformat(str(value)) if value else None


def _number(value: Any) -> int | None:
	return None if value is None or value == "" else round(float(value))
