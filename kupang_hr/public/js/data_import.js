// Data Import, with a trial: what is wrong in the file is told before anything of it is written.
(() => {
	const SCORES = "Performance Appraisal";
	const TRIED = ["Personnel", "PTT Contract", "Attendance Summary", "Personnel Identity", "Personnel Exit", SCORES];
	const esc = (text) => frappe.utils.escape_html(String(text ?? ""));

	frappe.ui.form.on("Data Import", {
		refresh: add_button,
		import_file: add_button,
		reference_doctype(frm) {
			// opening the round has made the appraisals: a sheet brings their scores
			if (frm.doc.reference_doctype === SCORES) frm.set_value("import_type", "Update Existing Records");
			add_button(frm);
		},
	});

	function add_button(frm) {
		const label = __("Try without Saving");
		frm.remove_custom_button(label);
		const is_ready = !frm.is_new() && (frm.doc.import_file || frm.doc.google_sheets_url);
		if (is_ready && TRIED.includes(frm.doc.reference_doctype)) {
			frm.add_custom_button(label, () => try_out(frm));
		}
	}

	async function try_out(frm) {
		if (frm.is_dirty()) await frm.save();
		const found = await frappe.call({
			method: "kupang_hr.api.imports.try_out",
			args: { data_import: frm.doc.name },
			freeze: true,
			freeze_message: __("Trying; nothing is saved…"),
		});
		show(found.message);
	}

	function show({ documents, sound, blocked, findings, more }) {
		const dialog = new frappe.ui.Dialog({
			title: __("What the import would do"),
			size: "large",
			fields: [{ fieldname: "body", fieldtype: "HTML" }],
		});
		const headings = [__("Row"), __("Field"), __("Finding")].map((text) => `<th>${text}</th>`).join("");
		const rows = findings.map(
			({ row, field, text, warning }) => `<tr><td>${esc(row)}</td><td>${esc(field)}</td>
				<td><span class="indicator ${warning ? "orange" : "red"}"></span>${esc(text)}</td></tr>`
		);
		const table = `<div style="max-height: 50vh; overflow: auto" tabindex="0">
			<table class="table table-bordered"><thead><tr>${headings}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
		dialog.fields_dict.body.$wrapper.html(
			`<p role="status"><strong>${__("{0} of {1} documents can be imported.", [sound, documents].map(kupang_hr.number))}</strong></p>` +
				(blocked ? `<p>${__("Nothing is imported until the red findings in the file are mended.")}</p>` : "") +
				(rows.length ? table : "") +
				(more ? `<p>${__("And {0} more findings.", [kupang_hr.number(more)])}</p>` : "")
		);
		dialog.show();
	}
})();
