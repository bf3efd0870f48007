"""What Frappe calls in this app, and the mass steps that the app calls itself."""

app_name = "kupang_hr"
app_title = "Kupang HR"
app_publisher = "kupang_hr developers"
app_description = "The yearly contract cycle of a city's contract staff, for thousands at once"
app_email = "maintainers@kupang-hr.example"
app_license = "MIT"
export_python_type_annotations = True

before_install = "kupang_hr.install.before_install"
after_install = "kupang_hr.install.after_install"
before_migrate = "kupang_hr.install.check_frappe_version"
after_migrate = "kupang_hr.install.set_defaults"
before_uninstall = "kupang_hr.install.before_uninstall"

app_include_js = ["/assets/kupang_hr/js/kupang_hr.js"]
app_include_css = ["/assets/kupang_hr/css/kupang_hr.css"]

fixtures = [
	{
		"dt": "Role",
		"filters": [
			[
				"name",
				"in",
				[
					"Personnel Self Service",
					"OPD Clerk",
					"OPD Head",
					"BKPPD Clerk",
					"BKPPD Head",
					"Wali Kota",
					"Finance Officer",
					"Attendance Device",
				],
			]
		],
	},
	{
		"dt": "Workflow State",
		"filters": [
			[
				"name",
				"in",
				[
					"Draft",
					"Rated",
					"Mayor Recommended",
					"SK Issued",
					"Not Renewed",
					"Held",
					"Withdrawn",
				],
			]
		],
	},
	{
		"dt": "Workflow Action Master",
		"filters": [
			[
				"name",
				"in",
				[
					"Rate",
					"Recommend",
					"Decline",
					"Hold",
					"Release",
					"Return",
					"Issue SK",
					"Withdraw",
					"Reopen",
					"Reinstate",
				],
			]
		],
	},
	{"dt": "Workflow", "filters": [["name", "=", "Contract Renewal"]]},
	{"dt": "Custom HTML Block", "filters": [["name", "in", ["Waiting for Me", "Shares at a Glance"]]]},
]

SEEN_THROUGH_ACCESS = {
	"Personnel": "personnel",
	"Personnel Identity": "personnel_identity",
	"Attendance Summary": "attendance_summary",
	"PTT Contract": "ptt_contract",
	"Performance Appraisal": "performance_appraisal",
	"Contract Renewal": "contract_renewal",
	"Stand Down Line": "stand_down_line",
	"Decree Line": "decree_line",
	"Personnel Exit": "personnel_exit",
	"Registered Device": "registered_device",
	"Attendance Punch": "attendance_punch",
	"Attendance Violation": "attendance_violation",
	"Absence Permit": "absence_permit",
	"Attendance Correction": "attendance_correction",
	"Attendance Log": "attendance_log",
	"Office Rota": "office_rota",
	"Office Rota Line": "office_rota_line",
	"Attendance Period Line": "attendance_period_line",
	"Bulk Run": "bulk_run",
	"Bulk Run Failure": "bulk_run_failure",
}
permission_query_conditions = {
	doctype: f"kupang_hr.access.lists.{function}" for doctype, function in SEEN_THROUGH_ACCESS.items()
}
has_permission = dict.fromkeys(SEEN_THROUGH_ACCESS, "kupang_hr.access.criterion.has_permission")

override_whitelisted_methods = {
	"frappe.client.get_count": "kupang_hr.api.counts.get_count",
	"frappe.www.printview.get_html_and_style": "kupang_hr.api.letters.get_html_and_style",
	**{
		f"frappe.utils.print_format.{_printing}": f"kupang_hr.api.letters.{_printing}"
		for _printing in ("download_pdf", "download_multi_pdf", "download_multi_pdf_async", "print_by_server")
	},
}

jinja = {"methods": ["kupang_hr.letters.printing.kupang_letter"]}
page_renderer = ["kupang_hr.letters.genuine.GenuinePage"]
doctype_js = {
	"Decree": "public/js/letters.js",
	"Decree Line": "public/js/letters.js",
	"OPD": "public/js/letters.js",
	"Stand Down Order": "public/js/letters.js",
	"Data Import": "public/js/data_import.js",
}
doctype_list_js = dict.fromkeys(
	("Personnel", "PTT Contract", "Attendance Summary", "Performance Appraisal"),
	"public/js/import_template.js",
)

doc_events = {
	doctype: {
		event: ["kupang_hr.attendance.recording.forget"] for event in ("on_update", "on_submit", "on_trash")
	}
	for doctype in ("OPD", "Kupang HR Settings", "Work Schedule", "Office Rota")
}
doc_events["Kupang HR Settings"]["validate"] = "kupang_hr.letters.checks.try_texts"
doc_events["Decree"] = {
	"validate": "kupang_hr.letters.checks.try_texts",
	"before_submit": ["kupang_hr.letters.checks.keep_facts", "kupang_hr.letters.checks.try_letters"],
}
doc_events["Stand Down Order"] = {
	"before_insert": "kupang_hr.letters.checks.copy_texts",
	"validate": "kupang_hr.letters.checks.try_texts",
	"before_submit": ["kupang_hr.letters.checks.keep_facts", "kupang_hr.letters.checks.try_letters"],
}
doc_events["Stand Down Order"] |= dict.fromkeys(
	("on_submit", "on_update_after_submit"), "kupang_hr.notices.due.after_order"
)
doc_events["Email Queue"] = {"before_insert": "kupang_hr.letters.printing.mail_own"}
doc_events["Decree"]["on_update_after_submit"] = "kupang_hr.notices.due.after_decree"
doc_events |= {
	doctype: dict.fromkeys(("on_submit", "on_cancel", "on_trash"), "kupang_hr.notices.requests.tell_person")
	for doctype in ("Absence Permit", "Attendance Correction")
}

for _doctype, _event, _method in (
	("Work Schedule", "on_update", "attendance.rescheduled.schedule_changed"),
	("OPD", "on_update", "attendance.rescheduled.opd_changed"),
	("Kupang HR Settings", "on_update", "attendance.rescheduled.settings_changed"),
	("Personnel", "on_update", "attendance.rescheduled.person_changed"),
	("OPD", "on_update", "cycle.setting_up.after_save"),
	("Personnel", "after_insert", "cycle.setting_up.after_save"),
	("PTT Contract", "on_submit", "cycle.setting_up.after_save"),
	("Kupang HR Settings", "on_update", "cycle.setting_up.after_save"),
	("Renewal Round", "after_insert", "cycle.setting_up.after_save"),
):
	_events = doc_events.setdefault(_doctype, {})
	_events[_event] = [*_events.get(_event, []), f"kupang_hr.{_method}"]

override_doctype_class = {"Module Onboarding": "kupang_hr.cycle.setting_up.SharedOnboarding"}

extend_bootinfo = [
	"kupang_hr.clock.on_desk",
	"kupang_hr.cycle.waiting.on_desk",
	"kupang_hr.notices.missed.on_desk",
]

# in this order: what the first has made of a failure, the second says in the finance API's own form
after_request = [
	"kupang_hr.api.sent.unreadable_body",
	"kupang_hr.api.finance.error_responses",
	"kupang_hr.api.letters.note_bundle",
	"kupang_hr.report.watch.end",
]

scheduler_events = {
	"daily": [
		"kupang_hr.cycle.year_end.expire_contracts",
		"kupang_hr.cycle.year_end.prepare_stand_down",
		"kupang_hr.cycle.year_end.carry_out_stand_down",
		"kupang_hr.cycle.year_end.remind_raters",
		"kupang_hr.attendance.nightly.rebuild_days",
		"kupang_hr.attendance.retention.blank_positions",
		"kupang_hr.notices.due.send_due",
	],
	"cron": {
		"*/5 * * * *": ["kupang_hr.bulk.run.sweep", "kupang_hr.notices.missed.tell_missed"],
		"15 0 * * *": [
			"kupang_hr.attendance.evidence.seal_days"
		],  # no punch of the day before is still on its way
	},
}

kupang_hr_bulk_steps = {
	"open": "kupang_hr.cycle.opening.Open",
	"score": "kupang_hr.cycle.rating.Score",
	"rate": "kupang_hr.cycle.rating.Rate",
	"expire": "kupang_hr.cycle.expiry.Expire",
	"refresh-duty": "kupang_hr.cycle.duty.RefreshDuty",
	"stand-down": "kupang_hr.cycle.stand_down.CarryOut",
	"record-leavers": "kupang_hr.cycle.leaving.RecordLeavers",
	"recommend": "kupang_hr.cycle.recommendation.Recommend",
	"decline": "kupang_hr.cycle.recommendation.Decline",
	"hold": "kupang_hr.cycle.recommendation.Hold",
	"return": "kupang_hr.cycle.recommendation.Return",
	"release": "kupang_hr.cycle.recommendation.Release",
	"gather": "kupang_hr.cycle.decrees.Gather",
	"issue": "kupang_hr.cycle.issuing.Issue",
	"terminate": "kupang_hr.cycle.issuing.Terminate",
	"revoke": "kupang_hr.cycle.issuing.Revoke",
	"rebuild-days": "kupang_hr.attendance.days.RebuildDays",
	"summarize-attendance": "kupang_hr.attendance.summary.SummarizeAttendance",
	"blank-positions": "kupang_hr.attendance.retention.BlankPositions",
	"make-logins": "kupang_hr.attendance.accounts.MakeLogins",
	"bundle-petikan": "kupang_hr.letters.bundle.BundlePetikan",
	"close-period": "kupang_hr.payroll.closing.ClosePeriod",
}
