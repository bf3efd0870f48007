frappe.ui.form.on("Renewal Round", {
	async onload(frm) {
		if (!frm.is_new() || frm.doc.scheme) return;
		const scheme = await frappe.db.get_single_value("Kupang HR Settings", "default_scheme");
		if (scheme && frm.is_new() && !frm.doc.scheme) frm.set_value({ scheme });
	},

	// A round renews what ends in the year before it, for its own year.
	year(frm) {
		const { year } = frm.doc;
		if (!frm.is_new() || !year) return;
		frm.set_value({
			ending_from: `${year - 1}-01-01`,
			ending_to: `${year - 1}-12-31`,
			term_start: `${year}-01-01`,
			term_end: `${year}-12-31`,
		});
	},

	async refresh(frm) {
		if (frm.is_new()) return;
		const round = frm.doc.name;
		let counts;
		try {
			counts = await kupang_hr.request("kupang_hr.api.cycle.counts", { round });
		} catch (problem) {
			frm.dashboard.set_headline_alert(kupang_hr.esc(problem.message), "red");
			return;
		}
		if (frm.doc.name !== round) return; // another round was opened meanwhile
		const totals = totals_of(counts);
		frm.clear_custom_buttons();
		show_next(frm, totals);
		add_buttons(frm, totals);
		new StatesTable(frm, counts, totals).show();
	},
});

const ORDER = ["Draft", "Rated", "Held", "Mayor Recommended", "SK Issued", "Not Renewed", "Withdrawn"];
const UNDECIDED = ["Draft", "Rated", "Held", "Mayor Recommended"];
const PAGE = 15;

function totals_of(counts) {
	const totals = {};
	for (const states of Object.values(counts)) {
		for (const [state, people] of Object.entries(states)) totals[state] = (totals[state] || 0) + people;
	}
	return totals;
}

const sum = (states) => Object.values(states).reduce((all, people) => all + people, 0);
const undecided = (totals) => UNDECIDED.reduce((all, state) => all + (totals[state] || 0), 0);

// What must happen next, who does it, and by when: every line that applies, the earliest step first.

function show_next(frm, totals) {
	const lines = next_steps(frm.doc, totals);
	const colour = frm.doc.status === "Closed" ? "gray" : undecided(totals) || !sum(totals) ? "orange" : "green";
	frm.dashboard.clear_headline(); // a first save refreshes twice
	frm.dashboard.set_headline_alert(lines.map((line) => `<div>${line}</div>`).join(""), colour);
}

function next_steps(doc, totals) {
	if (doc.status === "Closed") return [__("The round is closed.")];
	if (doc.status === "Draft") return [__("BKPPD opens the round: everybody whose contract ends in it gets a renewal.")];
	if (!sum(totals)) return [__("Nobody you may see is in this round.")];
	const people = (state) => kupang_hr.people(totals[state]);
	const steps = [
		totals.Draft && __("{0}: the heads of the OPDs give their scores and rate.", [people("Draft")]) + due(doc.rating_deadline),
		totals.Rated && __("{0}: the mayor recommends, declines or holds.", [people("Rated")]) + due(doc.recommendation_deadline),
		totals.Held && __("{0}: held, until the mayor releases them.", [people("Held")]),
		totals["Mayor Recommended"] &&
			__("{0}: BKPPD puts them into a Reappointment decree.", [people("Mayor Recommended")]),
	].filter(Boolean);
	return steps.length ? steps : [__("Everybody has been decided on; BKPPD closes the round.")];
}

const due = (day) => (day ? ` ${__("Due on {0}.", [frappe.datetime.str_to_user(day)])}` : "");

// The mass actions, each only for whom and when it can do something

function add_buttons(frm, totals) {
	const may = (...roles) => frappe.user.has_role(roles);
	const { status } = frm.doc;
	if (status === "Closed") return;
	if (may("BKPPD Clerk", "BKPPD Head")) {
		const label = status === "Draft" ? __("Open Round") : __("Add late People");
		add(frm, label, { action: "open", method: "open_round", intro: __("A renewal and a draft appraisal for each.") });
		if (status === "Open" && totals.Draft) frm.add_custom_button(__("Remind Raters"), () => remind(frm));
		if (status === "Open" && sum(totals) && !undecided(totals)) {
			frm.add_custom_button(__("Close Round"), () => close(frm, totals));
		}
	}
	if (may("OPD Head") && totals.Draft) {
		frm.add_custom_button(__("Score my People"), () => frappe.set_route("penilaian"));
		add(frm, __("Rate my People"), { action: "rate" });
	}
	if (may("Wali Kota")) mayor_buttons(frm, totals);
}

function mayor_buttons(frm, totals) {
	frm.add_custom_button(__("Meja Wali Kota"), () => frappe.set_route("meja-wali-kota"));
	if (totals.Rated) add(frm, __("Recommend all Rated"), { action: "recommend" });
	if (totals.Rated || totals["Mayor Recommended"]) frm.add_custom_button(__("Hold an OPD"), () => hold(frm));
	if (totals.Held) add(frm, __("Release all Held"), { action: "release" });
}

function add(frm, label, options) {
	frm.add_custom_button(label, () => act(frm, { title: label, ...options }));
}

function act(frm, options) {
	const round = frm.doc.name;
	kupang_hr.mass_action({
		documents: { label: __("The renewals of this round"), doctype: "Contract Renewal", filters: { round } },
		done: () => frm.reload_doc(),
		...options,
		args: { round, ...options.args },
	});
}

function hold(frm) {
	frappe.prompt(
		{ fieldname: "opd", fieldtype: "Link", options: "OPD", label: __("OPD"), reqd: 1 },
		({ opd }) => act(frm, { title: __("Hold an OPD"), label: __("Hold"), action: "hold", args: { opd } }),
		__("Hold an OPD"),
		__("Next")
	);
}

function remind(frm) {
	const round = frm.doc.name;
	const post = (method) => kupang_hr.request(`kupang_hr.api.cycle.${method}`, { round }, "POST");
	act(frm, {
		title: __("Remind Raters"),
		look: async () => raters_ahead(await post("raters")),
		start: async () => ({ text: __("{0} raters reminded", [kupang_hr.number((await post("remind")).length)]) }),
	});
}

function raters_ahead(raters) {
	if (!raters.length) return { total: 0, refused: 0, people: [], opds: [], reasons: [] };
	const waiting = raters.reduce((all, rater) => all + rater.people, 0);
	const names = raters.slice(0, 10).map((rater) => `${rater.full_name || rater.user} (${kupang_hr.number(rater.people)})`);
	const more = raters.length > names.length ? ", …" : "";
	return {
		text: __("{0} raters of {1} without a score: {2}", [kupang_hr.number(raters.length), kupang_hr.people(waiting), names.join(", ") + more]),
	};
}

function close(frm, totals) {
	act(frm, {
		title: __("Close Round"),
		look: async () => ({
			text: __("All {0} renewals have come to an end. A closed round cannot be opened again.", [kupang_hr.number(sum(totals))]),
		}),
		start: async () => {
			await kupang_hr.request("kupang_hr.api.cycle.close_round", { round: frm.doc.name }, "POST");
			return { text: __("The round is closed.") };
		},
	});
}

// States by OPD: sorted by a click on a heading, a page at a time, every figure a way to the people behind it.

class StatesTable {
	constructor(frm, counts, totals) {
		this.frm = frm;
		this.totals = totals;
		this.states = ORDER.filter((state) => totals[state]);
		this.rows = Object.entries(counts).map(([opd, states]) => ({ opd, ...states, "": sum(states) }));
		this.sorted = { by: null, down: true };
		this.start = 0;
	}

	async show() {
		if (!this.rows.length) return;
		const round = this.frm.doc.name;
		const fields = ["name", "opd_name", "lft"];
		const opds = await frappe.db.get_list("OPD", { fields, limit: 0, order_by: "lft asc" });
		if (this.frm.doc.name !== round) return;
		this.place = new Map(opds.map((row, place) => [row.name, { ...row, place }]));
		this.sort(null);
		this.frm.dashboard.parent.find(".kupang-states").closest(".form-dashboard-section").remove();
		const $body = this.frm.dashboard.add_section(`<div class="kupang-states"></div>`, __("States by OPD"));
		this.frm.dashboard.show();
		this.$table = $body.find(".kupang-states");
		this.$table.on("click", "[data-by]", (event) => this.resort(event.currentTarget.dataset.by));
		this.$table.on("click", "[data-turn]", (event) => this.turn(Number(event.currentTarget.dataset.turn)));
		this.$table.on("click", "[data-board]", (event) => this.open_board(event.currentTarget.dataset.board));
		this.$table.on("click", "[data-state]", (event) => this.open_people(event.currentTarget.dataset));
		this.render();
	}

	sort(by) {
		const place = ({ opd }) => this.place.get(opd)?.place ?? Infinity;
		const down = this.sorted.down ? 1 : -1;
		this.rows.sort((one, other) =>
			by === null ? place(one) - place(other) : down * ((other[by] || 0) - (one[by] || 0)) || place(one) - place(other)
		);
	}

	resort(by) {
		const key = by === "opd" ? null : by;
		this.sorted = { by: key, down: this.sorted.by === key ? !this.sorted.down : true };
		this.sort(key);
		this.turn(0);
		this.$table.find("[data-by]").filter((_, button) => button.dataset.by === by).trigger("focus");
	}

	turn(start) {
		this.start = start;
		this.render();
	}

	open_board(opd) {
		frappe.route_options = { round: this.frm.doc.name, opd };
		frappe.set_route("renewal-board");
	}

	// The figures of an OPD are by present seat, which no list of renewals can filter by: the board does.
	open_people({ opd, state }) {
		const round = this.frm.doc.name;
		if (opd) {
			frappe.route_options = { round, opd, alone: 1, state };
			frappe.set_route("renewal-board");
		} else {
			frappe.set_route("List", "Contract Renewal", { round, ...(state ? { workflow_state: state } : {}) });
		}
	}

	render() {
		const { esc } = kupang_hr;
		const heading = (by, label, numeric) => {
			const mine = this.sorted.by === (by === "opd" ? null : by);
			const order = !mine ? "none" : by === "opd" || !this.sorted.down ? "ascending" : "descending";
			const arrow = !mine ? "" : order === "ascending" ? " ▴" : " ▾";
			return `<th scope="col" aria-sort="${order}" class="${numeric ? "number" : ""}">
				<button type="button" data-by="${esc(by)}">${esc(label)}<span aria-hidden="true">${arrow}</span></button></th>`;
		};
		const heads = this.states.map((state) => heading(state, __(state), true)).join("");
		const rows = this.rows.slice(this.start, this.start + PAGE).map((row) => this.row_html(row));
		const foot = [...this.states, ""].map((state) => this.total_html(state)).join("");
		this.$table.html(`<table class="table table-sm">
			<thead><tr>${heading("opd", __("OPD"))}${heads}${heading("", __("Total"), true)}</tr></thead>
			<tbody>${rows.join("")}</tbody>
			<tfoot><tr><td>${__("Total of {0} OPDs", [kupang_hr.number(this.rows.length)])}</td>${foot}</tr></tfoot>
		</table>${this.pager_html()}`);
	}

	row_html(row) {
		const { esc } = kupang_hr;
		const name = this.place.get(row.opd)?.opd_name || row.opd;
		const cells = [...this.states, ""].map((state) => this.count_html(state, row[state], row.opd, name));
		return `<tr><td><button type="button" class="btn btn-link btn-xs" data-board="${esc(row.opd)}">${esc(name)}</button></td>${cells.join("")}</tr>`;
	}

	total_html(state) {
		return this.count_html(state, state ? this.totals[state] : sum(this.totals));
	}

	count_html(state, people, opd = "", name = "") {
		const { esc, number } = kupang_hr;
		if (!people) return `<td class="number">–</td>`;
		const figure = state ? __("{0}: {1}", [__(state), number(people)]) : __("All {0}", [number(people)]);
		const label = [name, figure].filter(Boolean).join(", ");
		return `<td class="number"><button type="button" class="btn btn-link btn-xs" data-state="${esc(state)}"
			data-opd="${esc(opd)}" aria-label="${esc(label)}">${number(people)}</button></td>`;
	}

	pager_html() {
		const all = this.rows.length;
		if (all <= PAGE) return "";
		const last = Math.min(this.start + PAGE, all);
		const button = (to, label, off) =>
			`<button type="button" class="btn btn-default btn-xs" data-turn="${to}" ${off ? "disabled" : ""}>${label}</button>`;
		return `<nav class="kupang-pager" aria-label="${__("Pages")}">
			${button(this.start - PAGE, __("Previous"), !this.start)}
			<span>${__("{0} to {1} of {2}", [this.start + 1, last, all].map(kupang_hr.number))}</span>
			${button(this.start + PAGE, __("Next"), last >= all)}</nav>`;
	}
}
