"""Recapitulations of one OPD with its subtree: ratings of a round, attendance of a month; of whom the user may see."""

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Sum
from frappe.utils import get_last_day, getdate

from kupang_hr.access.criterion import visible
from kupang_hr.access.seats import head_on, opd_tree
from kupang_hr.attendance.report import CODES_OF_COUNT, LOG, below, month_of, narrowed
from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.exceptions import LetterError
from kupang_hr.letters.indonesian import OPEN, angka, bulan, tahun, tanggal
from kupang_hr.letters.settings import settings, signature
from kupang_hr.letters.typeset import pdf_of
from kupang_hr.rules.attendance import CODES, attendance_percent

RATING_COLUMNS = (
	("No.", 10, "r"),
	("Nama", 2.4, "l"),
	("Jabatan", 2, "l"),
	("Perangkat daerah", 2.4, "l"),
	("Kehadiran", 20, "r"),
	("Nilai", 17, "r"),
	("Predikat", 26, "c"),
	("Usul", 32, "l"),
)
PROPOSALS = {"Renew": "Diperpanjang", "Do Not Renew": "Tidak diperpanjang"}
CODE_WIDTH = 10.5
MEANINGS = (
	"H hadir, S sakit, I izin, C cuti, DL dinas luar, TB tugas belajar, TK tanpa keterangan, DR dirumahkan, "
	"L libur, CB cuti bersama, LS lepas sif."
)


def rating_recap_pdf(round_name: str, opd: str) -> bytes:
	"""The ratings of an OPD's people in a round. Raises LetterError where there is nobody whom the user may see."""
	people = rated_people(round_name, opd)
	year = frappe.db.get_value("Renewal Round", round_name, "year")
	seat = opd_tree()[opd]
	title = ["REKAPITULASI PENILAIAN KINERJA PEGAWAI TIDAK TETAP", seat.opd_name.upper(), f"TAHUN {year - 1}"]
	done = sum(1 for row in people if row.total is not None)
	notes = [f"Dinilai {done} dari {len(people)} orang."]
	rows = [_rating_row(number, row) for number, row in enumerate(people, 1)]
	return pdf_of(title[0].title(), [_recap(title, RATING_COLUMNS, rows, notes, seat)])


def attendance_recap_pdf(month: str, opd: str) -> bytes:
	"""The attendance of an OPD's people in a month ("2021-01"), counted in days. Raises LetterError, DayRangeError."""
	first, seat = month_of(month), opd_tree().get(opd)
	people = attendance_of(first, opd)
	title = [
		"REKAPITULASI KEHADIRAN PEGAWAI",
		seat.opd_name.upper(),
		f"BULAN {bulan(first).upper()} {tahun(first)}",
	]
	columns = [
		("No.", 10, "r"),
		("Nama", 2, "l"),
		*((code, CODE_WIDTH, "r") for code in CODES),
		("Terlambat (menit)", 21, "r"),
		("Hari kerja", 15, "r"),
		("Hadir (%)", 16, "r"),
	]
	rows = [_attendance_row(number, row) for number, row in enumerate(people, 1)]
	notes = [MEANINGS, "Hadir (%): hari hadir dibagi hari kerja yang diharapkan dari yang bersangkutan."]
	return pdf_of(title[0].title(), [_recap(title, columns, rows, notes, seat)])


def rated_people(round_name: str, opd: str) -> list[Any]:
	"""The renewals of a round in an OPD and below it, with score, rating and the head's recommendation."""
	renewal, appraisal = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("Performance Appraisal")
	person, seat = frappe.qb.DocType("Personnel"), frappe.qb.DocType("OPD")
	rows = (
		frappe.qb.from_(renewal)
		.join(person)
		.on(person.name == renewal.personnel)
		.join(seat)
		.on(seat.name == person.opd)
		.left_join(appraisal)
		.on((appraisal.name == renewal.appraisal) & (appraisal.docstatus == 1))
		.select(
			renewal.personnel_name,
			person.position,
			seat.opd_name,
			appraisal.attendance_score,
			appraisal.total,
			appraisal.rating,
			appraisal.recommendation,
		)
		.where((renewal.round == round_name) & person.opd.isin(below(opd)))
		.orderby(seat.lft, renewal.personnel_name, renewal.name)
	)
	return _somebody(query.run(visible(rows, "Contract Renewal", renewal)))


def attendance_of(first, opd: str) -> list[dict[str, Any]]:
	"""Days by code, minutes late and the percentage of each person, in the order of names."""
	log = frappe.qb.DocType(LOG)
	rows = frappe.qb.from_(log).where(log.day[first : getdate(get_last_day(first))])
	rows = (
		narrowed(rows, log, None, opd)
		.select(
			log.personnel,
			log.personnel_name,
			log.code,
			Count("*").as_("days"),
			Sum(log.minutes_late).as_("late"),
		)
		.groupby(log.personnel, log.personnel_name, log.code)
		.orderby(log.personnel_name, log.personnel, log.code)
	)
	people: dict[str, dict[str, Any]] = {}
	for row in query.run(rows):
		person = people.setdefault(row.personnel, {"name": row.personnel_name, "days": {}, "late": 0})
		person["days"][row.code or ""] = person["days"].get(row.code or "", 0) + int(row.days)
		person["late"] += int(row.late or 0)
	return _somebody(list(people.values()))


def _somebody(rows: list) -> list:
	if not rows:
		frappe.throw(_("There is nobody of this OPD whom you may see."), LetterError)
	return rows


def _rating_row(number: int, row) -> list[str]:
	return [
		str(number),
		row.personnel_name,
		row.position or "–",
		row.opd_name,
		_score(row.attendance_score),
		_score(row.total),
		row.rating or "–",
		PROPOSALS.get(row.recommendation, "–"),
	]


def _attendance_row(number: int, row: dict[str, Any]) -> list[str]:
	expected, present = (_days(row, key) for key in ("expected", "present"))
	percent = attendance_percent(present, expected)
	days = [str(row["days"].get(code) or "") for code in CODES]
	return [str(number), row["name"], *days, angka(row["late"]), str(expected), _score(percent)]


def _days(row: dict[str, Any], key: str) -> int:
	return sum(count for code, count in row["days"].items() if code in CODES_OF_COUNT[key])


def _score(value: Any) -> str:
	return "–" if value is None else f"{float(value):.1f}".replace(".", ",")


def _recap(
	titles: Sequence[str], columns: Sequence[tuple], rows: list[list[str]], notes: Sequence[str], seat
) -> dict[str, Any]:
	return {
		"kind": "table",
		"draft": False,
		"landscape": True,
		"size": 8.5,
		"lead": [],
		"titles": titles,
		"intro": [],
		"notes": notes,
		"footer": f"{seat.opd_name}, dicetak {tanggal(today())}",
		"columns": [{"label": label, "width": width, "side": side} for label, width, side in columns],
		"rows": rows,
		"signature": _head_of(seat),
	}


def _head_of(seat) -> dict[str, Any]:
	user = head_on(seat.own, today())
	name = frappe.db.get_value("User", user, "full_name") if user else None
	place = f"{settings().place or 'Kupang'}, {tanggal(today())}"
	return signature(f"Kepala {seat.opd_name}", name or OPEN, place=place)
