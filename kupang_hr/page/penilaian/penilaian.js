// A head scores everybody of their OPDs in one grid, by keyboard; what is typed is saved row by row.
//
// Requests are the page's own (fetch), not frappe.call: that leaves the page for the login form when a session
// has ended. What is not saved yet is kept in this browser until the server has it.
(() => {
"use strict";

kupang_hr.page("penilaian", __("Penilaian Kinerja"), (page) => new Scoring(page));

const API = "kupang_hr.api.scoring";
const PAUSE = 600; // ms without a key before a row is saved
const AGAIN = 5000; // ms before what found no server is sent again
const PAGE = 100;
const EXPECTATIONS = ["Above", "As Expected", "Below"];
const CHOICES = {
	results_expectation: EXPECTATIONS,
	behaviour_expectation: EXPECTATIONS,
	recommendation: ["Renew", "Do Not Renew"],
};
const esc = (text) => frappe.utils.escape_html(String(text ?? ""));

class Scoring {
	constructor(page) {
		this.page = page;
		this.rows = new Map();
		this.start = 0;
		this.kept = new Kept(frappe.session.user);
		this.make_fields();
		this.make_body();
		this.make_menu();
		window.addEventListener("online", () => this.save_all());
	}

	make_fields() {
		const change = (field) => this.page.fields_dict[field] && this.filter();
		this.page.add_field({
			fieldname: "round",
			label: __("Renewal Round"),
			fieldtype: "Select",
			change: () => change("round"),
		});
		this.page.add_field({ fieldname: "name", label: __("Name"), fieldtype: "Data" });
		this.page.add_field({
			fieldname: "unfinished",
			label: __("Only unfinished"),
			fieldtype: "Check",
			change: () => change("unfinished"),
		});
		this.page.fields_dict.name.$input.on("input", frappe.utils.debounce(() => this.filter(), 300));
	}

	make_body() {
		this.$body = $(`<div class="kupang-scoring">
			<p class="kupang-counts text-muted"></p>
			<p class="kupang-elsewhere" role="status"></p>
			<div class="kupang-grid"></div>
			<nav class="kupang-pages" aria-label="${__("Pages")}"></nav>
			<div class="sr-only kupang-said" role="status" aria-live="polite"></div>
		</div>`).appendTo(this.page.main);
		this.$grid = this.$body.find(".kupang-grid");
		this.$grid.on("input change", "[data-key]", (event) => this.typed(event.currentTarget));
		this.$grid.on("keydown", "[data-key]", (event) => this.key(event));
		this.$grid.on("focus", "input[data-key]", (event) => event.currentTarget.select());
		this.$grid.on("focusout", "tr", (event) => {
			if (!event.currentTarget.contains(event.relatedTarget)) this.save(this.row_of(event.target));
		});
	}

	make_menu() {
		for (const kind of ["XLSX", "CSV"]) {
			this.page.add_menu_item(__("Download as {0}", [kind]), () => this.download(kind));
		}
		this.page.add_menu_item(__("Upload a Sheet"), () => this.upload());
	}

	show() {
		this.load();
	}

	filter() {
		this.start = 0;
		this.load();
	}

	filters() {
		const values = Object.entries(this.page.fields_dict).map(([name, field]) => [name, field.get_value()]);
		return Object.fromEntries(values.filter(([, value]) => value));
	}

	async load(focus) {
		await this.save_all();
		const asked = (this.asked = {});
		let found;
		try {
			found = await ask("grid", { ...this.filters(), start: this.start, limit: PAGE });
		} catch (problem) {
			// the rows that are there stay: something may be typed in them
			this.$body.find(".kupang-elsewhere").text(problem.message);
			return;
		}
		if (asked !== this.asked) return; // another question was asked meanwhile
		this.found = found;
		this.set_rounds(found);
		this.rows = new Map((found.rows || []).map((row) => [row.name, { ...row, dirty: {}, state: "" }]));
		this.render();
		for (const row of this.rows.values()) this.restore(row);
		this.show_elsewhere();
		if (focus) this.cell(focus.index, focus.key)?.focus();
		else if (document.activeElement === document.body) this.$grid.find("[data-key]:enabled").first().trigger("focus");
	}

	set_rounds({ rounds, round }) {
		const field = this.page.fields_dict.round;
		const names = rounds.map(({ name }) => name);
		if (String(field.df.options) !== String(names)) {
			field.df.options = names;
			field.refresh();
			field.set_options && field.set_options();
		}
		field.$input && field.$input.val(round);
		field.value = field.last_value = round;
		$(field.wrapper).toggle(names.length > 1);
	}

	// What the grid looks like

	columns() {
		const { method, components } = this.found.scheme;
		const computed = components.find((part) => part.computed);
		const scores = components.filter((part) => !part.computed);
		const choices = method === "Matrix" ? ["results_expectation", "behaviour_expectation"] : [];
		return {
			attendance: computed ? `${__(computed.name)} (${computed.weight} %)` : __("Attendance"),
			typed: [
				...scores.map(({ name, weight }) => ({
					key: `scores.${name}`,
					label: `${__(name)} (${weight} %)`,
				})),
				...choices.map((key) => ({ key, label: this.label(key) })),
			],
			said: [
				{ key: "recommendation", label: __("Recommendation") },
				{ key: "reason", label: __("Reason") },
			],
		};
	}

	label(key) {
		return key === "results_expectation" ? __("Results") : __("Behaviour");
	}

	render() {
		const { people = 0, rated = 0, complete = 0, fitting = 0 } = this.found;
		this.$body
			.find(".kupang-counts")
			.text(people ? __("{0} people: {1} rated, {2} ready to be rated", [people, rated, complete].map(kupang_hr.number)) : "");
		this.page.set_primary_action(__("Rate my People ({0})", [kupang_hr.number(complete)]), () => this.rate());
		this.page.btn_primary.prop("disabled", !complete);
		this.$grid.html(fitting ? this.table() : this.nobody());
		this.$body.find(".kupang-pages").html(fitting > PAGE ? this.pages(fitting) : "");
		this.$body.find(".kupang-pages button").on("click", (event) => {
			this.start += Number(event.currentTarget.dataset.step);
			this.load();
		});
	}

	nobody() {
		let text = __("No renewal round is open. BKPPD opens it once the year's contracts are known.");
		if (this.found.people) text = __("Nobody fits the filters.");
		else if (this.found.round) text = __("In this round there is nobody whom you rate.");
		return `<p class="kupang-nobody text-muted">${text}</p>`;
	}

	table() {
		const { attendance, typed, said } = this.columns();
		const heading = (text) => `<th scope="col">${esc(text)}</th>`;
		const headings = [
			heading(__("Name")),
			heading(attendance),
			...typed.map(({ label }) => heading(label)),
			heading(__("Total")),
			heading(__("Rating")),
			...said.map(({ label }) => heading(label)),
			heading(__("Status")),
		];
		const rows = [...this.rows.values()].map((row) => this.table_row(row, typed, said));
		return `<table class="table table-bordered">
			<caption class="sr-only">${__("Scores of your people; arrows and Enter move, digits type.")}</caption>
			<thead><tr>${headings.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
	}

	table_row(row, typed, said) {
		const cell = ({ key, label }) =>
			`<td class="${key.startsWith("scores.") ? "kupang-number" : ""}">${this.input(row, key, label)}</td>`;
		return `<tr data-name="${esc(row.name)}" class="${row.docstatus ? "kupang-rated" : ""}">
			<th scope="row"><span class="kupang-name">${esc(row.personnel_name)}</span>
				<span class="text-muted small">${esc(row.opd)}</span></th>
			<td class="kupang-number" data-show="attendance"></td>${typed.map(cell).join("")}
			<td class="kupang-number" data-show="total"></td><td data-show="rating"></td>
			${said.map(cell).join("")}<td data-show="status"></td></tr>`;
	}

	input(row, key, label) {
		const about = `data-key="${esc(key)}" aria-label="${esc(`${label}, ${row.personnel_name}`)}"
			${row.docstatus ? "disabled" : ""} class="form-control input-xs"`;
		const choices = CHOICES[key];
		if (!choices) {
			const number = key.startsWith("scores.");
			return `<input type="text" autocomplete="off" ${number ? 'inputmode="decimal"' : ""} ${about}>`;
		}
		const options = ["", ...choices].map((choice) => `<option value="${choice}">${__(choice)}</option>`);
		return `<select ${about}>${options.join("")}</select>`;
	}

	pages(fitting) {
		const last = Math.min(this.start + PAGE, fitting);
		const button = (step, label, off) =>
			`<button class="btn btn-default btn-sm" data-step="${step}" ${off ? "disabled" : ""}>${label}</button>`;
		return `${button(-PAGE, __("Previous"), !this.start)}
			<span>${__("{0}–{1} of {2}", [this.start + 1, last, fitting].map(kupang_hr.number))}</span>
			${button(PAGE, __("Next"), last >= fitting)}`;
	}

	// What a row shows

	tr(row) {
		return this.$grid.find("tr").filter((_i, tr) => tr.dataset.name === row.name);
	}

	row_of(element) {
		return this.rows.get(element.closest("tr")?.dataset.name);
	}

	refresh(row) {
		const $tr = this.tr(row);
		$tr.find("[data-key]").each((_i, input) => {
			const key = input.dataset.key;
			const value = key in row.dirty ? row.dirty[key] : saved_value(row, key);
			if (input.value !== value) input.value = value;
		});
		const needs_reason = is_low(row.rating) && !saved_value(row, "reason");
		$tr.find("[data-key=reason]").attr("aria-required", is_low(row.rating)).toggleClass("kupang-needed", needs_reason);
		const shown = { rating: row.rating ? __(row.rating) : "–" };
		shown.attendance = row.attendance == null ? "–" : format_total(row.attendance);
		shown.total = row.rating && row.total ? format_total(row.total) : "–";
		for (const [name, text] of Object.entries(shown)) $tr.find(`[data-show=${name}]`).text(text);
		const [colour, text] = this.status(row);
		$tr.find("[data-show=status]").html(`<span class="indicator ${colour}"></span>${text}`);
		$tr.attr("data-state", row.state || (row.docstatus ? "rated" : "saved"));
	}

	status(row) {
		const told = esc(row.told || "");
		if (row.docstatus) return ["blue", __("Rated")];
		if (row.state === "typing") return ["gray", __("Not saved yet")];
		if (row.state === "saving") return ["gray", __("Saving…")];
		if (row.state === "ended") return ["red", `${told} <a href="/login" target="_blank">${__("Log in")}</a>`];
		if (row.state) return ["red", told];
		if (!row.problems.length) return ["green", __("Saved, complete")];
		const missing = row.missing.length ? [__("Missing: {0}", [row.missing.map((name) => __(name)).join(", ")])] : [];
		return [row.other_problems.length ? "orange" : "gray", [...row.other_problems, ...missing].map(esc).join("<br>")];
	}

	set_state(row, state, told = "") {
		Object.assign(row, { state, told });
		this.refresh(row);
		if (["typing", "saving"].includes(state)) return;
		const rating = row.rating ? `${format_total(row.total)} ${__(row.rating)}` : "";
		const text = told || [__("Saved"), rating].filter(Boolean).join(", ");
		this.$body.find(".kupang-said").text(`${row.personnel_name}: ${text}`);
	}

	show_elsewhere() {
		const names = this.kept.names().filter((name) => !this.rows.has(name));
		const text = names.length ? __("Typed but not saved yet, on other pages: {0}", [names.map((name) => this.kept.get(name).who).join(", ")]) : "";
		this.$body.find(".kupang-elsewhere").text(text);
	}

	// Typing and moving

	typed(input) {
		const row = this.row_of(input);
		const { key } = input.dataset;
		if (!row || row.docstatus) return;
		if (input.value === saved_value(row, key) && !row.sent) delete row.dirty[key];
		else row.dirty[key] = input.value;
		this.kept.put(row);
		clearTimeout(row.timer);
		if (row.theirs) return; // what somebody else has saved stays in sight until Enter
		this.set_state(row, is_empty(row.dirty) ? "" : "typing");
		row.timer = setTimeout(() => this.save(row), PAUSE);
	}

	key(event) {
		const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
		let step = steps[event.key];
		if (event.key === "Enter") {
			this.insist(this.row_of(event.target));
			step = event.shiftKey ? [-1, 0] : [1, 0];
		}
		if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
		if (step[1] && !is_at_edge(event.target, step[1])) return;
		event.preventDefault();
		this.move(event.target, ...step);
	}

	move(input, down, right) {
		const tr = input.closest("tr");
		const cells = [...tr.querySelectorAll("[data-key]")];
		if (right) return cells[cells.indexOf(input) + right]?.focus();
		let next = tr;
		do next = down > 0 ? next.nextElementSibling : next.previousElementSibling;
		while (next?.classList.contains("kupang-rated"));
		if (next) return next.querySelector(`[data-key="${CSS.escape(input.dataset.key)}"]`).focus();
		this.turn(down, input.dataset.key);
	}

	turn(down, key) {
		const start = this.start + down * PAGE;
		if (start < 0 || start >= this.found.fitting) return;
		this.start = start;
		this.load({ index: down > 0 ? 0 : -1, key });
	}

	cell(index, key) {
		return this.$grid.find(`tbody tr:not(.kupang-rated) [data-key="${CSS.escape(key)}"]`).get(index);
	}

	// Saving

	restore(row) {
		const kept = row.docstatus ? null : this.kept.get(row.name);
		if (!kept) return this.refresh(row);
		const differs = ([key, value]) => value !== saved_value(row, key);
		row.dirty = Object.fromEntries(Object.entries(kept.dirty).filter(differs));
		row.modified = kept.modified;
		this.kept.put(row);
		this.refresh(row);
		this.save(row);
	}

	unsaved() {
		return [...this.rows.values()].filter((row) => !is_empty(row.dirty));
	}

	save_all() {
		return Promise.all(this.unsaved().map((row) => this.save(row)));
	}

	// Enter sends again what was refused, and saves over what somebody else has saved meanwhile.
	insist(row) {
		row.modified = row.theirs || row.modified;
		row.theirs = row.refused = null;
		this.save(row);
	}

	save(row) {
		const has_nothing_new = !row || is_empty(row.dirty) || row.theirs || row.refused === as_sent(row.dirty);
		if (has_nothing_new) return row?.at_work || Promise.resolve();
		clearTimeout(row.timer);
		// one request a row at a time: the next one needs to know what this one has saved
		row.at_work = (row.at_work || Promise.resolve()).then(() => this.send(row));
		return row.at_work;
	}

	async send(row) {
		if (is_empty(row.dirty)) return;
		row.sent = { ...row.dirty };
		this.set_state(row, "saving");
		try {
			const answer = await ask("save", { name: row.name, typed: as_sent(row.sent), modified: row.modified }, true);
			const sent = row.sent;
			row.sent = null;
			this.accept(row, answer, sent);
		} catch (problem) {
			row.sent = null;
			if (!problem.kind) row.refused = as_sent(row.dirty);
			this.set_state(row, problem.kind || "refused", problem.message);
			if (problem.kind) row.timer = setTimeout(() => this.save(row), AGAIN);
		}
	}

	accept(row, { status, row: now, by }, sent) {
		const theirs = status === "changed" ? changed_by_others(row, now, sent) : [];
		const [was, base] = [this.is_complete(row), row.modified];
		Object.assign(row, now);
		if (status === "changed") Object.assign(row, { theirs: now.modified, modified: base });
		if (status === "saved") {
			for (const key in sent) if (row.dirty[key] === sent[key]) delete row.dirty[key];
		}
		this.kept.put(row);
		this.count(this.is_complete(row) - was);
		if (status === "changed") {
			const text = __("{0} has saved this row meanwhile ({1}). Yours is kept; Enter saves it.", [by, theirs.join(", ")]);
			return this.set_state(row, "changed", text);
		}
		this.set_state(row, is_empty(row.dirty) ? "" : "typing");
	}

	is_complete(row) {
		return Number(!row.docstatus && !row.problems.length);
	}

	count(more) {
		if (!more) return;
		this.found.complete += more;
		const { people, rated, complete } = this.found;
		this.$body.find(".kupang-counts").text(__("{0} people: {1} rated, {2} ready to be rated", [people, rated, complete].map(kupang_hr.number)));
		this.page.btn_primary.text(__("Rate my People ({0})", [kupang_hr.number(complete)])).prop("disabled", !complete);
	}

	// Rating, and the sheet

	async rate() {
		await this.save_all();
		if (this.unsaved().length) {
			frappe.msgprint(__("{0} rows are not saved yet. Mend them first.", [kupang_hr.number(this.unsaved().length)]));
			return;
		}
		const args = { round: this.found.round };
		kupang_hr.mass_action({
			title: __("Rate my People"),
			intro: __("Submitted appraisals cannot be changed."),
			action: "rate",
			args,
			look: async () => {
				args.names = await kupang_hr.request(`${API}.complete`, { round: args.round });
				return kupang_hr.request("kupang_hr.api.cycle.preview", { action: "rate", criterion: args }, "POST");
			},
			...this.afterwards(),
		});
	}

	// The sheet has shown what it would do, and asked.
	async score(scores) {
		const method = "kupang_hr.api.cycle.score";
		try {
			const run = await ask_app(method, { round: this.found.round, scores }, true);
			kupang_hr.follow_run(run, { title: __("Upload a Sheet"), ...this.afterwards() });
		} catch (problem) {
			frappe.msgprint({ message: esc(problem.message), indicator: "red" });
		}
	}

	afterwards() {
		return { quiet: true, done: () => this.load() };
	}

	async download(kind) {
		await this.save_all();
		const query = new URLSearchParams({ round: this.found.round, file_type: kind });
		window.open(`/api/method/${API}.sheet?${query}`);
	}

	async upload() {
		await this.save_all();
		frappe.require("/assets/kupang_hr/js/score_sheet.js", () => new kupang_hr.ScoreSheet(this, ask));
	}
}

// What was typed and is not saved, in this browser, of one user; where the browser keeps nothing, on this page
class Kept {
	constructor(user) {
		this.key = `kupang_hr:scoring:${user}`;
		this.here = null; // what the browser has refused to keep
	}

	all() {
		if (this.here) return this.here;
		try {
			return JSON.parse(localStorage.getItem(this.key)) || {};
		} catch {
			return {};
		}
	}

	get(name) {
		return this.all()[name];
	}

	names() {
		return Object.keys(this.all());
	}

	put({ name, dirty, modified, personnel_name }) {
		const all = this.all();
		if (is_empty(dirty)) delete all[name];
		else all[name] = { dirty, modified, who: personnel_name };
		this.here = null;
		try {
			localStorage.setItem(this.key, JSON.stringify(all));
		} catch {
			this.here = all; // full or blocked: saving to the server goes on
		}
	}
}

const is_empty = (object) => !Object.keys(object).length;
const is_low = (rating) => ["Kurang", "Buruk", "Sangat Kurang"].includes(rating);
const format_total = (total) => format_number(total, null, 2);

function saved_value(row, key) {
	return (key.startsWith("scores.") ? row.scores[key.slice(7)] : row[key]) || "";
}

function as_sent(dirty) {
	const typed = {};
	for (const [key, value] of Object.entries(dirty)) {
		if (key.startsWith("scores.")) (typed.scores ||= {})[key.slice(7)] = value;
		else typed[key] = value;
	}
	return JSON.stringify(typed);
}

function changed_by_others(row, now, sent) {
	const keys = [...Object.keys(now.scores).map((name) => `scores.${name}`), ...Object.keys(CHOICES), "reason"];
	const differ = keys.filter((key) => saved_value(row, key) !== saved_value(now, key));
	return differ.map((key) => `${__(key.replace("scores.", ""))} ${saved_value(now, key) || "–"}`);
}

function is_at_edge(input, direction) {
	if (input.tagName === "SELECT" || input.inputMode === "decimal") return true;
	const { selectionStart, selectionEnd, value } = input;
	if (selectionStart === 0 && selectionEnd === value.length) return true; // nothing was typed since it was entered
	return selectionStart === selectionEnd && selectionEnd === (direction < 0 ? 0 : value.length);
}

const ask = (method, args, post) => ask_app(`${API}.${method}`, args, post);

// One request; raises {message, kind}, kind being "offline", "ended", or nothing for what the server refuses.
async function ask_app(method, args, post, is_second) {
	let response, body;
	if (post && user_of_session() !== frappe.session.user) throw ended();
	try {
		response = await fetch(...request(method, args, post));
		body = await response.json();
	} catch (error) {
		throw { kind: "offline", message: __("No connection. What you typed is kept and sent again.") };
	}
	if (response.ok) return body.message;
	if (body.exc_type === "CSRFTokenError" && !is_second) {
		// after a login in another tab this page's token is of yesterday
		frappe.csrf_token = (await ask("token", {})).csrf_token;
		return ask_app(method, args, post, true);
	}
	throw refusal(response, body);
}

function request(method, args, post) {
	const headers = { Accept: "application/json", "X-Frappe-CSRF-Token": frappe.csrf_token };
	const form = args instanceof FormData ? args : new URLSearchParams();
	if (form !== args) {
		for (const [key, value] of Object.entries(args)) {
			form.set(key, typeof value === "object" ? JSON.stringify(value) : value);
		}
	}
	const url = `/api/method/${method}`;
	return post ? [url, { method: "POST", headers, body: form }] : [`${url}?${form}`, { headers }];
}

function refusal(response, body) {
	if (response.status === 401 || user_of_session() !== frappe.session.user) return ended();
	return { message: messages_of(body) || __("The server refused this ({0}).", [response.status]) };
}

function ended() {
	return { kind: "ended", message: __("Your session has ended. What you typed is kept.") };
}

function user_of_session() {
	const cookie = document.cookie.split("; ").find((text) => text.startsWith("user_id="));
	return cookie ? decodeURIComponent(cookie.slice(8)) : frappe.session.user;
}

function messages_of(body) {
	const texts = JSON.parse(body._server_messages || "[]").map((text) => JSON.parse(text).message);
	// parsed, not inserted: a text may quote what somebody typed
	const plain = (text) => new DOMParser().parseFromString(text.replace(/<br>/g, " "), "text/html").body.textContent;
	return texts.map(plain).join(" ");
}
})();
