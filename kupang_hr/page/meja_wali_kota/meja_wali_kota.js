// The mayor decides OPD by OPD: what waits, its ratings and quota, and who needs a second look first.
//
// Numbers and pages of people come from kupang_hr.api.mayor; everything is written through the dialog of mass
// actions (kupang_hr.mass_action), which says beforehand how many it would take.
(() => {
"use strict";

{% include "kupang_hr/page/meja_wali_kota/words.js" %}
{% include "kupang_hr/page/meja_wali_kota/people.js" %}
{% include "kupang_hr/page/meja_wali_kota/opds.js" %}

const TABS = ["opds", "exceptions", "people"];

kupang_hr.page("meja-wali-kota", __("Meja Wali Kota"), (page) => new Desk(page));

class Desk {
	constructor(page) {
		this.page = page;
		this.round = null;
		this.tab = "opds";
		this.$body = $(`<div class="meja"></div>`).appendTo(page.main);
		this.$said = $(`<div class="sr-only" role="status" aria-live="polite"></div>`).appendTo(page.main);
		this.$body.html(`<p class="meja-quiet">${__("Loading…")}</p>`);
		page.set_secondary_action(__("Refresh"), () => this.load());
		this.opds = new OpdList(this);
		this.people = new People(this, { show: "all", with_filters: true });
		this.exceptions = new People(this, { show: "exceptions", with_kinds: true });
		this.$body.on("click", "[data-do]", (event) => this.act(event.currentTarget));
		this.$body.on("keydown", "[role=tab]", (event) => this.arrow(event));
		this.$body.on("change", ".meja-round", (event) => this.load(event.currentTarget.value));
	}

	show() {
		this.load();
	}

	async load(round = this.round) {
		const asked = (this.asked = {});
		let found;
		try {
			found = await kupang_hr.request("kupang_hr.api.mayor.overview", { round });
		} catch (problem) {
			if (asked === this.asked) this.show_problem(problem);
			return;
		}
		if (asked !== this.asked) return; // another question was asked meanwhile
		this.found = found;
		this.round = found.round?.name || null;
		this.render();
	}

	show_problem(problem) {
		const path = encodeURIComponent(location.pathname);
		const login = `<a class="btn btn-default btn-sm" href="/login?redirect-to=${path}">${__("Log in again")}</a>`;
		const again = `<button type="button" class="btn btn-default btn-sm" data-do="again">${__("Try again")}</button>`;
		this.$body.find(".meja-problem").remove();
		this.$body.prepend(`<div class="meja-problem" role="alert"><p>${esc(problem.message)}</p>
			${problem.kind === "session" ? login : again}</div>`);
	}

	render() {
		if (!this.round) {
			this.$body.html(empty(__("There is no round yet."), __("BKPPD opens the round of a year; then its people are listed here.")));
			return;
		}
		if (!this.found.totals.people) {
			this.$body.html(this.head_html() + empty(__("Nobody is in this round yet."), __("BKPPD opens it, and the heads of the OPDs give their scores.")));
			return;
		}
		this.$body.html(`${this.head_html()}<div class="meja-result"></div>${this.tabs_html()}`);
		this.show_result();
		this.show_tab(this.tab);
	}

	head_html() {
		const { rounds, round, totals, decides } = this.found;
		const options = rounds.map((row) =>
			`<option value="${esc(row.name)}" ${row.name === round.name ? "selected" : ""}>${esc(row.year)} · ${esc(__(row.status))}</option>`);
		const waits = totals.states["Rated"] || 0;
		const exceptions = totals.exceptions
			? `<button type="button" class="btn btn-default" data-do="tab" data-tab="exceptions">${
				count(totals.exceptions, __("Look at 1 exception first"), (some) => __("Look at {0} exceptions first", [some]))}</button>` : "";
		const all = waits && decides
			? `<button type="button" class="btn btn-primary" data-do="recommend-all">${__("Recommend all {0}", [number(waits)])}</button>` : "";
		return `<header class="meja-head">
			<div class="meja-ask">
				<label>${__("Renewal Round")} <select class="form-control input-xs meja-round">${options.join("")}</select></label>
				<h2>${this.sentence(waits, totals)}</h2>
				${round.recommendation_deadline && waits
					? `<p>${__("Recommendations are due on {0}.", [esc(frappe.datetime.str_to_user(round.recommendation_deadline))])}</p>` : ""}
				<p class="meja-buttons">${exceptions}${all}</p>
				${decides ? "" : `<p class="meja-quiet">${__("Only the Wali Kota decides; you are reading.")}</p>`}
			</div>
			<div class="meja-states">${states_bar(totals)}</div>
		</header>`;
	}

	sentence(waits, { people, states }) {
		if (waits) return __("{0} of {1} wait for your recommendation", [number(waits), in_people(people)]);
		if (states["Draft"]) return __("Nobody waits for you; without a score: {0}", [in_people(states["Draft"])]);
		return __("Everybody has been decided on");
	}

	tabs_html() {
		const { totals, opds } = this.found;
		const labels = {
			opds: __("By OPD ({0})", [number(opds.length)]),
			exceptions: __("Exceptions ({0})", [number(totals.exceptions)]),
			people: __("Everybody ({0})", [number(totals.people)]),
		};
		const tabs = TABS.map((tab) => `<button type="button" role="tab" id="meja-tab-${tab}" aria-controls="meja-panel"
			data-do="tab" data-tab="${tab}">${labels[tab]}</button>`);
		return `<div class="meja-tabs" role="tablist" aria-label="${__("What to look at")}">${tabs.join("")}</div>
			<div class="meja-panel" role="tabpanel" id="meja-panel"></div>`;
	}

	show_tab(tab) {
		this.tab = tab;
		this.$body.find("[role=tab]").each((_, button) => {
			const chosen = button.dataset.tab === tab;
			button.setAttribute("aria-selected", chosen);
			button.tabIndex = chosen ? 0 : -1;
		});
		const $panel = this.$body.find(".meja-panel").empty().attr("aria-labelledby", `meja-tab-${tab}`);
		this[tab].show($panel);
	}

	arrow(event) {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
		if (!step) return;
		const tab = TABS[(TABS.indexOf(this.tab) + step + TABS.length) % TABS.length];
		this.show_tab(tab);
		this.$body.find(`#meja-tab-${tab}`).trigger("focus");
	}

	act(button) {
		const { tab, opd } = button.dataset;
		({
			again: () => this.load(),
			tab: () => this.show_tab(tab),
			"recommend-all": () => this.decide("recommend", {}),
			"recommend-opd": () => this.decide("recommend", { opd }),
			"return-opd": () => this.decide("return", { opd, state: "Mayor Recommended" }),
			undo: () => this.decide(...this.undo),
		})[button.dataset.do]?.();
	}

	// Every decision goes through the one dialog; `args` narrows it to an OPD, to people, or to all but some.
	decide(action, args, after) {
		const { title, label, method } = ACTIONS[action];
		const narrowed = { round: this.round, ...args };
		kupang_hr.mass_action({
			action,
			method: method || action,
			title: title(),
			label: label(),
			intro: action === "recommend" && !args.names && !args.leave_out ? this.exceptions_among(args.opd) : "",
			args: narrowed,
			quiet: true,
			documents: {
				label: __("The renewals of this round"),
				doctype: "Contract Renewal",
				filters: { round: this.round },
			},
			done: (run) => {
				this.remember(action, run);
				after?.(run);
				this.load();
			},
		});
	}

	exceptions_among(opd) {
		const { opds, totals } = this.found;
		const { exceptions } = opd ? opds.find((row) => row.opd === opd) : totals;
		return exceptions && count(
			exceptions,
			__("1 exception is among them that you have not decided on."),
			(some) => __("{0} exceptions are among them that you have not decided on.", [some])
		);
	}

	// What was done last, and how it is taken back: exactly the people of that run, nobody of an earlier one.
	remember(action, run) {
		const back = ACTIONS[action].back;
		this.undo = back && run.done && kupang_hr.is_over(run) ? [back, { run: run.name }] : null;
		this.result = kupang_hr.is_over(run)
			? ACTIONS[action].said(run)
			: __("The work goes on; refresh to see where it stands.");
	}

	show_result() {
		if (!this.result) return;
		const undo = this.undo
			? `<button type="button" class="btn btn-default btn-sm" data-do="undo">${__("Take it back")}</button>` : "";
		this.$body.find(".meja-result").html(`<p>${esc(this.result)}</p>${undo}`);
		this.$said.text(this.result);
	}
}
})();
