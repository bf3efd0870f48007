// The buttons of letters. Several forms carry this file; what it registers is registered once.
if (!window.kupang_letters) {
	window.kupang_letters = true;

	const BUNDLERS = ["BKPPD Clerk", "BKPPD Head"];

	const open_letter = (method, args) => {
		const query = new URLSearchParams(args);
		window.open(frappe.urllib.get_full_url(`/api/method/kupang_hr.api.letters.${method}?${query}`));
	};

	const bundle = (frm, form, title) =>
		kupang_hr.mass_action({
			title,
			look: async () => ({ text: __("The petikan of {0}, made in the background.", [kupang_hr.people(frm.doc.line_count)]) }),
			start: () => kupang_hr.request("kupang_hr.api.letters.bundle_petikan", { decree: frm.doc.name, form }, "POST"),
			done: (run) => frappe.set_route("Form", "Bulk Run", run.name), // where the file is taken from
		});

	frappe.ui.form.on("Decree", {
		refresh(frm) {
			if (frm.is_new()) return;
			const group = __("Letters");
			const add = (label, action) => frm.add_custom_button(label, action, group);
			add(__("Decree with Lampiran"), () => open_letter("decree_pdf", { decree_name: frm.doc.name }));
			if (frm.doc.docstatus !== 1 || !frappe.user.has_role(BUNDLERS)) return;
			for (const [form, label] of [["pdf", __("All Petikan, one PDF")], ["zip", __("All Petikan, a ZIP")]]) {
				add(label, () => bundle(frm, form, label));
			}
		},
	});

	frappe.ui.form.on("Decree Line", {
		refresh(frm) {
			if (frm.is_new() || !frm.doc.signed) return;
			frm.add_custom_button(__("Petikan"), () => open_letter("petikan", { line: frm.doc.name }));
		},
	});

	frappe.ui.form.on("Stand Down Order", {
		refresh(frm) {
			if (frm.is_new()) return;
			frm.add_custom_button(__("Letters"), () => {
				const opd = {
					fieldname: "opd",
					fieldtype: "Link",
					options: "OPD",
					label: __("OPD"),
					description: __("Empty: a letter to every OPD"),
				};
				frappe.prompt(
					[opd],
					(given) => {
						const one = given.opd ? { opd: given.opd } : {};
						open_letter("stand_down_letter", { order: frm.doc.name, ...one });
					},
					__("Letters"),
					__("Open")
				);
			});
		},
	});

	frappe.ui.form.on("OPD", {
		refresh(frm) {
			if (frm.is_new()) return;
			const group = __("Letters");
			const round = { fieldname: "round", fieldtype: "Link", options: "Renewal Round", reqd: 1 };
			const month = { fieldname: "month", fieldtype: "Date", reqd: 1 };
			const ask = (field, title, method) =>
				frappe.prompt(
					[field],
					(given) => open_letter(method, { opd: frm.doc.name, ...given }),
					title,
					__("Open")
				);
			frm.add_custom_button(
				__("Rating Recap"),
				() => ask({ ...round, label: __("Renewal Round") }, __("Rating Recap"), "rating_recap"),
				group
			);
			frm.add_custom_button(
				__("Attendance Recap"),
				() => ask({ ...month, label: __("Any Day of the Month") }, __("Attendance Recap"), "attendance_recap"),
				group
			);
		},
	});
}
