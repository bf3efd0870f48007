// Scores from a spreadsheet: first what the file would change and what is wrong in it, then the saving of the rest.
(() => {
frappe.provide("kupang_hr");

kupang_hr.ScoreSheet = class ScoreSheet {
	constructor(scoring, ask) {
		this.scoring = scoring;
		this.ask = ask;
		this.dialog = new frappe.ui.Dialog({
			title: __("Upload a Sheet"),
			size: "large",
			fields: [{ fieldname: "body", fieldtype: "HTML" }],
			primary_action_label: __("Save"),
			primary_action: () => this.apply(),
		});
		this.make_body();
		this.dialog.show();
	}

	make_body() {
		this.$body = this.dialog.fields_dict.body.$wrapper.html(`
			<p><label for="kupang-sheet">${__("XLSX or CSV file, as downloaded here")}</label>
			<input type="file" id="kupang-sheet" accept=".xlsx,.csv"></p>
			<p class="text-muted">${__("An empty cell changes nothing. Nothing is saved before you have seen the changes.")}</p>
			<div class="kupang-found" role="status" aria-live="polite"></div>`);
		this.$found = this.$body.find(".kupang-found");
		this.$body.find("input").on("change", (event) => this.check(event.currentTarget.files[0]));
		this.ready(0);
	}

	ready(count) {
		const button = this.dialog.get_primary_btn();
		button.text(__("Save {0} People", [kupang_hr.number(count)])).prop("disabled", !count);
	}

	async check(file) {
		this.ready(0);
		if (!file) return this.$found.empty();
		this.$found.text(__("Reading…"));
		const form = new FormData();
		form.set("round", this.scoring.found.round);
		form.set("file", file);
		try {
			this.show(await this.ask("check_sheet", form, true));
		} catch (problem) {
			this.$found.html(`<p class="text-danger">${esc(problem.message)}</p>`);
		}
	}

	show({ rows, changes, problems, scores }) {
		this.scores = scores;
		const people = Object.keys(scores).length;
		const text = __("{0} rows read: {1} people change, {2} problems", [rows, people, problems.length].map(kupang_hr.number));
		const wrong = problems.map(({ row, column, problem }) => [row, column, problem]);
		const right = changes.map(({ row, name, column, before, after }) => [row, name, column, before, after]);
		this.$found.html(
			`<p><strong>${text}</strong></p>` +
				table(__("Wrong; these rows are left out"), [__("Row"), __("Column"), __("Problem")], wrong) +
				table(
					__("What changes"),
					[__("Row"), __("Name"), __("Column"), __("Before"), __("After")],
					right
				)
		);
		this.ready(people);
	}

	apply() {
		this.dialog.hide();
		this.scoring.score(this.scores);
	}
};

function esc(text) {
	return frappe.utils.escape_html(String(text ?? ""));
}

function table(caption, headings, rows) {
	if (!rows.length) return "";
	const line = (tag, cells) => `<tr>${cells.map((cell) => `<${tag}>${esc(cell)}</${tag}>`).join("")}</tr>`;
	return `<div style="max-height: 40vh; overflow: auto" tabindex="0"><table class="table table-bordered">
		<caption>${caption}</caption><thead>${line("th", headings)}</thead>
		<tbody>${rows.map((cells) => line("td", cells)).join("")}</tbody></table></div>`;
}
})();
