// A page of people with what can be decided on each, on those chosen, or on all but those chosen.
const PAGE = 50;

class People {
	constructor(desk, options) {
		this.desk = desk;
		this.options = options;
		this.show_kind = options.show;
		this.start = 0;
		this.chosen = new Map(); // by renewal: its row
	}

	show($place) {
		// an element of its own, so that its events go with it
		this.$outer = $place;
		this.$place = $("<div>").appendTo($place.empty()).html(`<div class="meja-list">
			${this.options.with_filters ? this.filters_html() : ""}
			${this.options.with_kinds ? this.kinds_html() : ""}
			<div class="meja-rows"></div>
			<div class="meja-chosen" role="region" aria-label="${__("Chosen people")}" hidden></div>
		</div>`);
		this.chosen.clear();
		this.$place
			.on("click", "[data-act]", (event) => this.act(event.currentTarget.dataset))
			.on("click", "[data-page]", (event) => this.turn(Number(event.currentTarget.dataset.page)))
			.on("click", "[data-kind]", (event) => this.choose_kind(event.currentTarget.dataset.kind))
			.on("change", "[data-choose]", (event) => this.choose(event.currentTarget))
			.on("change", ".meja-state-filter", () => this.turn(0))
			.on("input", ".meja-search", frappe.utils.debounce(() => this.turn(0), 300));
		this.load();
	}

	filters_html() {
		const options = Object.keys(STATES).map((state) => `<option value="${esc(state)}" ${
			state === this.state ? "selected" : ""}>${esc(STATE_WORDS[state]())}</option>`);
		return `<div class="meja-filters">
			<label>${__("Name")} <input type="search" class="form-control input-sm meja-search" value="${esc(this.search || "")}"></label>
			<label>${__("State")} <select class="form-control input-sm meja-state-filter"><option value="">${__("All")}</option>${options.join("")}</select></label>
		</div>`;
	}

	kinds_html() {
		const { totals, limit } = this.desk.found;
		const words = { exceptions: () => __("Waiting for you"), ...KIND_WORDS };
		const buttons = Object.keys(words).map((kind) => `<button type="button" class="btn btn-default btn-sm" data-kind="${kind}"
			aria-pressed="${kind === this.show_kind}">${esc(words[kind]())} (${number(totals[kind])})</button>`);
		const base = limit ? __("Many unexcused days: {0} or more in the year.", [number(limit)]) : "";
		return `<div class="meja-filters">${buttons.join("")}<small class="meja-quiet">${base}</small></div>`;
	}

	choose_kind(kind) {
		this.show_kind = kind;
		this.start = 0;
		this.show(this.$outer);
		this.$place.find(`[data-kind="${kind}"]`).trigger("focus");
	}

	turn(start) {
		this.start = start;
		this.chosen.clear();
		this.load();
	}

	async load() {
		this.search = this.$place.find(".meja-search").val() ?? this.search;
		this.state = this.$place.find(".meja-state-filter").val() ?? this.state;
		const asked = (this.asked = {});
		const { opd } = this.options;
		const args = { round: this.desk.round, opd, show: this.show_kind, state: this.state, search: this.search };
		let found;
		try {
			found = await kupang_hr.request("kupang_hr.api.mayor.people", { ...args, start: this.start, limit: PAGE });
		} catch (problem) {
			if (asked === this.asked) this.desk.show_problem(problem);
			return;
		}
		if (asked !== this.asked) return;
		if (!found.rows.length && this.start) return this.turn(0); // the last page has emptied
		this.found = found;
		this.render();
	}

	render() {
		const { rows, total } = this.found;
		const $rows = this.$place.find(".meja-rows");
		if (!rows.length) {
			$rows.html(`<p class="meja-quiet">${this.show_kind === "exceptions"
				? __("No exception waits for you.") : __("Nobody to show here.")}</p>`);
		} else {
			$rows.html(`<ul class="meja-persons">${this.choose_all_html()}${rows.map((row) => this.row_html(row)).join("")}</ul>
				${this.pager_html(total)}`);
		}
		this.render_chosen();
	}

	choose_all_html() {
		if (!this.desk.found.decides) return "";
		return `<li class="meja-all"><label><input type="checkbox" data-choose="*"> ${__("Choose all on this page")}</label></li>`;
	}

	row_html(row) {
		const { name, full_name, workflow_state, kinds } = row;
		const href = esc(frappe.utils.get_form_link("Contract Renewal", name));
		const box = this.desk.found.decides
			? `<input type="checkbox" data-choose="${esc(name)}" aria-label="${esc(__("Choose {0}", [full_name]))}">` : "";
		const score = row.rating
			? `<b>${one_decimal(row.total_score)}</b> ${esc(row.rating)}` : `<span class="meja-quiet">${__("No score")}</span>`;
		return `<li class="meja-person" data-name="${esc(name)}">
			<span class="meja-box">${box}</span>
			<span class="meja-who"><a href="${href}">${esc(full_name)}</a><small>${esc(row.position || "")}${
				this.options.opd ? "" : ` · ${esc(row.opd)}`}</small></span>
			<span class="meja-score ${kinds.includes("low") ? "meja-low" : ""}">${score}</span>
			<span class="meja-why">${kinds.map((kind) => this.kind_html(kind, row)).join(" ")}${
				row.rater_reason ? `<small>${__("Rater: {0}", [esc(row.rater_reason)])}</small>` : ""}${
				row.reason ? `<small>${__("Decision: {0}", [esc(row.reason)])}</small>` : ""}</span>
			<span class="meja-now">${state_chip(workflow_state)}</span>
			<span class="meja-do">${this.buttons_html(row)}</span>
		</li>`;
	}

	kind_html(kind, { days_unexcused, exit_date }) {
		const more = {
			unexcused: () => ` ${number(days_unexcused)}`,
			exit: () => ` ${esc(frappe.datetime.str_to_user(exit_date))}`,
		}[kind];
		return `<span class="meja-chip meja-warn"><span aria-hidden="true">!</span> ${esc(KIND_WORDS[kind]())}${more ? more() : ""}</span>`;
	}

	buttons_html(row) {
		const { name, full_name } = row;
		if (!this.desk.found.decides) return "";
		return Object.entries(ACTIONS)
			.filter(([action]) => fits(action, row))
			.map(([action, { label }]) => `<button type="button" class="btn btn-default btn-xs" data-act="${action}"
				data-name="${esc(name)}" aria-label="${esc(label())}: ${esc(full_name)}">${label()}</button>`)
			.join(" ");
	}

	pager_html(total) {
		if (total <= PAGE) return "";
		const last = Math.min(this.start + PAGE, total);
		const button = (to, text, off) => `<button type="button" class="btn btn-default btn-sm" data-page="${to}" ${off ? "disabled" : ""}>${text}</button>`;
		return `<nav class="meja-pager" aria-label="${__("Pages")}">
			${button(this.start - PAGE, __("Previous"), !this.start)}
			<span>${__("{0} to {1} of {2}", [number(this.start + 1), number(last), number(total)])}</span>
			${button(this.start + PAGE, __("Next"), last >= total)}</nav>`;
	}

	choose(box) {
		const { choose } = box.dataset;
		const rows = choose === "*" ? this.found.rows : this.found.rows.filter((row) => row.name === choose);
		for (const row of rows) {
			if (box.checked) this.chosen.set(row.name, row);
			else this.chosen.delete(row.name);
		}
		this.$place.find("[data-choose]").each((_, each) => {
			const { choose: name } = each.dataset;
			each.checked = name === "*" ? this.chosen.size === this.found.rows.length : this.chosen.has(name);
		});
		this.render_chosen();
	}

	// What may be done with those chosen: what fits at least one of them; the dialog says who is left out and why.
	render_chosen() {
		const chosen = [...this.chosen.values()];
		const fitting = Object.keys(ACTIONS).filter((action) =>
			chosen.some((row) => fits(action, row)));
		const button = (act, text, first) => `<button type="button" class="btn btn-sm ${first ? "btn-primary" : "btn-default"}"
			data-act="${act}">${text}</button>`;
		const buttons = fitting.map((action) => button(action, ACTIONS[action].label()));
		if (fitting.includes("recommend")) buttons.push(button("rest", this.options.opd
			? __("Recommend the rest of this OPD") : __("Recommend everybody else"), true));
		this.$place.find(".meja-chosen").prop("hidden", !chosen.length)
			.html(`<b>${__("{0} chosen", [number(chosen.length)])}</b> ${buttons.join(" ")}`);
	}

	act({ act, name }) {
		const names = name ? [name] : [...this.chosen.keys()];
		const { opd } = this.options;
		const args = act === "rest" ? { leave_out: names, ...(opd ? { opd } : {}) } : { names: this.fitting(act, names) };
		this.desk.decide(act === "rest" ? "recommend" : act, args);
	}

	fitting(act, names) {
		return this.found.rows.filter((row) => names.includes(row.name) && fits(act, row)).map((row) => row.name);
	}
}
