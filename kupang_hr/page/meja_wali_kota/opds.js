// The OPDs of a round, each with its ratings, quota and exceptions; one opens to its people.
class OpdList {
	constructor(desk) {
		this.desk = desk;
		this.open = new Map(); // by OPD: the list of its people
		desk.$body.on("click", "[data-open]", (event) => this.toggle(event.currentTarget.dataset.open));
	}

	show($panel) {
		const { opds } = this.desk.found;
		this.$panel = $panel;
		$panel.html(`<ol class="meja-opds">${opds.map((row) => this.row_html(row)).join("")}</ol>`);
		for (const opd of [...this.open.keys()]) {
			if (this.place(opd).length) this.show_people(opd);
			else this.open.delete(opd);
		}
	}

	row_html(row) {
		const { opd, opd_name, depth, exceptions } = row;
		const shown = this.open.has(opd);
		return `<li class="meja-opd" style="--depth:${Math.max(depth - 1, 0)}">
			<div class="meja-opd-row">
				<button type="button" class="meja-name" data-open="${esc(opd)}" aria-expanded="${shown}">
					<span class="meja-arrow" aria-hidden="true"></span><span>${esc(opd_name)}
					<small>${esc(opd)}</small></span></button>
				<div class="meja-people">${this.people_html(row)}</div>
				<div class="meja-ratings">${ratings_bar(this.desk.found.ratings, row.ratings)}${this.mean_html(row)}</div>
				<div class="meja-exceptions">${exceptions
					? `<span class="meja-chip meja-warn"><span aria-hidden="true">!</span> ${
						count(exceptions, __("1 exception"), (some) => __("{0} exceptions", [some]))}</span>` : ""}
					${row.unscored ? `<span class="meja-chip"><span aria-hidden="true">○</span> ${__("{0} without a score", [number(row.unscored)])}</span>` : ""}
					${row.rater || !row.unscored ? "" : `<span class="meja-chip meja-warn"><span aria-hidden="true">!</span> ${__("No head who rates")}</span>`}
				</div>
				<div class="meja-do">${this.buttons_html(row)}</div>
			</div>
			<div class="meja-inside" data-inside="${esc(opd)}" ${shown ? "" : "hidden"}></div>
		</li>`;
	}

	people_html({ people, quota }) {
		const text = quota ? __("{0} of {1} posts", [number(people), number(quota)]) : in_people(people);
		const over = quota && people > quota ? `<span class="meja-low">${__("{0} over quota", [number(people - quota)])}</span>` : "";
		return `<b>${text}</b>${over}${quota ? "" : `<small>${__("no quota set")}</small>`}`;
	}

	mean_html({ mean, scored, people }) {
		if (mean === null) return "";
		return `<small>${__("Mean {0} of {1} rated among {2}", [one_decimal(mean), number(scored), number(people)])}</small>`;
	}

	buttons_html({ opd, opd_name, states }) {
		const { decides } = this.desk.found;
		const waits = states["Rated"] || 0;
		const recommended = states["Mayor Recommended"] || 0;
		const button = (what, text) => `<button type="button" class="btn btn-default btn-sm" data-do="${what}"
			data-opd="${esc(opd)}" aria-label="${esc(text)}: ${esc(opd_name)}">${text}</button>`;
		if (decides && waits) return button("recommend-opd", __("Recommend {0}", [number(waits)]));
		if (decides && recommended) {
			return `${state_chip("Mayor Recommended")} ${button("return-opd", __("Take back {0}", [number(recommended)]))}`;
		}
		return states_words(states);
	}

	place(opd) {
		return this.$panel.find("[data-inside]").filter((_, element) => element.dataset.inside === opd);
	}

	toggle(opd) {
		const shown = !this.open.has(opd);
		this.$panel.find("[data-open]").filter((_, element) => element.dataset.open === opd).attr("aria-expanded", shown);
		this.place(opd).prop("hidden", !shown);
		if (shown) {
			this.open.set(opd, new People(this.desk, { opd, show: "all" }));
			this.show_people(opd);
		} else {
			this.open.delete(opd);
			this.place(opd).empty();
		}
	}

	show_people(opd) {
		this.open.get(opd).show(this.place(opd).empty());
	}
}

function states_words(states) {
	return Object.keys(STATES).filter((state) => states[state]).map((state) => state_chip(state)).join(" ");
}
