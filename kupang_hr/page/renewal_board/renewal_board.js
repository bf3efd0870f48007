// The renewals of a round by state, to look at: counts first, then cards, a page of a state at a time.
(() => {
"use strict";

kupang_hr.page("renewal-board", __("Renewal Board"), (page) => new RenewalBoard(page));

const PAGE = 20;
const COLOURS = {
	Draft: "gray",
	Rated: "blue",
	"Mayor Recommended": "purple",
	"SK Issued": "green",
	"Not Renewed": "red",
	Held: "orange",
	Withdrawn: "darkgrey",
};
const esc = (text) => frappe.utils.escape_html(String(text ?? ""));
const ask = (name, args) =>
	frappe.call({ method: `kupang_hr.api.board.${name}`, args, type: "GET" }).then(({ message }) => message);

class RenewalBoard {
	constructor(page) {
		this.page = page;
		this.asked = 0; // the newest question; answers to older ones are dropped
		this.make_filters();
		this.page.set_secondary_action(__("Refresh"), () => this.refresh());
		this.$said = $('<p class="kupang-board-said text-muted" role="status" aria-live="polite"></p>');
		this.$board = $('<div class="kupang-board"></div>').attr("aria-label", __("Renewals by state"));
		this.$board.on("keydown", "a", (event) => this.move(event));
		this.$board.on("click", ".kupang-board-more", (event) => this.more($(event.currentTarget)));
		$('<div class="kupang-board-page"></div>').append(this.$said, this.$board).appendTo(this.page.main);
	}

	make_filters() {
		const field = (fieldname, label, fieldtype, options) =>
			this.page.add_field({ fieldname, label, fieldtype, options, change: () => this.changed() });
		this.round = field("round", __("Renewal Round"), "Link", "Renewal Round");
		this.opd = field("opd", __("OPD with those below it"), "Link", "OPD");
		this.alone = field("alone", __("Without those below it"), "Check");
	}

	// Shown again, the board is read anew; a link may say which round and OPD, and the state to begin with.
	async show() {
		const given = frappe.route_options || {};
		frappe.route_options = null;
		if (given.opd) {
			await this.alone.set_value(given.alone ? 1 : 0);
			await this.opd.set_value(given.opd);
		}
		if (given.round || !this.round.get_value()) {
			await this.round.set_value(given.round || (await ask("beginning")).round);
		}
		await this.refresh();
		if (given.state) this.$board.find("section").filter((_, one) => one.dataset.state === given.state).find("a").eq(0).trigger("focus");
	}

	wanted() {
		const opd = this.opd.get_value() || undefined;
		return { round: this.round.get_value(), opd, alone: (opd && this.alone.get_value()) || undefined };
	}

	changed() {
		if (this.shown && JSON.stringify(this.wanted()) !== this.shown) this.refresh();
	}

	async refresh() {
		const wanted = this.wanted();
		this.shown = JSON.stringify(wanted);
		const question = ++this.asked;
		if (!wanted.round) return this.say(__("There is no renewal round yet. A BKPPD clerk makes one."));
		this.$board.attr("aria-busy", "true");
		const { states, total } = await ask("counts", wanted);
		if (question !== this.asked) return;
		this.$board.html(states.map((state) => this.column(state)).join(""));
		this.say(total ? __("{0} renewals", [kupang_hr.number(total)]) : this.nobody());
		await Promise.all(states.filter(({ count }) => count).map(({ state }) => this.fill(state)));
		if (question === this.asked) this.$board.attr("aria-busy", "false");
	}

	say(text) {
		this.$said.text(text);
		this.$board.attr("aria-busy", "false");
		if (!this.round.get_value()) this.$board.empty();
	}

	nobody() {
		return frappe.user.has_role("BKPPD Clerk")
			? __("Nobody yet: open the round, and its renewals appear here.")
			: __("Nobody whom you see is in this round.");
	}

	column({ state, count }) {
		const id = `kupang-board-${state.toLowerCase().replaceAll(" ", "-")}`;
		const empty = count ? "" : `<p class="kupang-board-empty text-muted">${__("Nobody")}</p>`;
		return `<section class="kupang-board-column" aria-labelledby="${id}" data-state="${esc(state)}">
			<h2 id="${id}"><span class="indicator-pill ${COLOURS[state] || "gray"}">${esc(__(state))}</span>
				<span class="kupang-board-count">${kupang_hr.number(count)}</span></h2>
			<ul class="list-unstyled" data-count="${count}"></ul>${empty}
			<button type="button" class="btn btn-default btn-sm kupang-board-more" hidden></button>
		</section>`;
	}

	// The next page of a state, below what is there.
	async fill(state) {
		const $column = this.$board.find(".kupang-board-column").filter((_, one) => one.dataset.state === state);
		const $list = $column.find("ul");
		const start = $list.children().length;
		const cards = await ask("cards", { ...this.wanted(), state, start, limit: PAGE });
		$list.append(cards.map((card) => this.card(card)).join(""));
		const left = cards.length < PAGE ? 0 : Number($list.attr("data-count")) - start - cards.length;
		$column
			.find(".kupang-board-more")
			.prop("hidden", left <= 0)
			.prop("disabled", false)
			.text(__("Show more, {0} left", [kupang_hr.number(left)]));
		return start;
	}

	async more($button) {
		$button.prop("disabled", true);
		const $column = $button.closest(".kupang-board-column");
		const start = await this.fill($column.attr("data-state"));
		$column.find("ul a").eq(start).trigger("focus");
	}

	card(row) {
		const score = row.rating ? `${format_number(row.total_score, null, 2)} · ${__(row.rating)}` : __("Not rated");
		const wave = row.wave > 1 ? ` · ${__("Wave {0}", [row.wave])}` : "";
		const reason = row.reason ? `<span class="kupang-board-reason">${esc(row.reason)}</span>` : "";
		return `<li><a href="${esc(frappe.utils.get_form_link("Contract Renewal", row.name))}">
			<strong>${esc(row.personnel_name)}</strong>
			<span>${esc(row.opd)} · ${esc(row.position)}</span>
			<span>${esc(score + wave)}</span>${reason}</a></li>`;
	}

	// Arrows go up and down a state, and to the state beside it.
	move(event) {
		const $card = $(event.currentTarget);
		const $row = $card.parent();
		const $column = $card.closest(".kupang-board-column");
		const beside = ($columns) => $columns.find("a").eq(0);
		const target = {
			ArrowDown: () => $row.next().children("a"),
			ArrowUp: () => $row.prev().children("a"),
			ArrowRight: () => beside($column.nextAll().filter((_, one) => one.querySelector("a")).first()),
			ArrowLeft: () => beside($column.prevAll().filter((_, one) => one.querySelector("a")).first()),
		}[event.key];
		if (!target) return;
		event.preventDefault();
		target().trigger("focus");
	}
}
})();
