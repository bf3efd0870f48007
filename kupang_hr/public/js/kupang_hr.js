// What the pages and forms of Kupang HR share: asking the server, and one dialog for every mass action.
//
// A mass action says whom it would take (numbers of the server's own rehearsal), starts, follows the run by asking
// for its progress (there need be no socket server), and ends with what was not done and why. Starting twice starts
// nothing twice, so whatever is lost on the way is simply sent again. A run that somebody was following is kept in
// the browser and shown again after a new login.
frappe.provide("kupang_hr");

(() => {
	"use strict";

	const POLL = 1000; // ms between two questions for progress
	const AGAIN = 4000; // ms after which what found no server is sent again
	const KEPT = "kupang_hr.run";
	const CYCLE = "kupang_hr.api.cycle";

	const esc = (text) => frappe.utils.escape_html(String(text ?? ""));
	const number = (value) => format_number(value || 0, null, 0);
	const count = (value, one, many) => (value === 1 ? one : many(number(value)));
	const people = (value) => count(value, __("1 person"), (some) => __("{0} people", [some]));
	const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

	class Problem extends Error {
		// kind: "offline" (nobody knows what happened), "session" (log in again), "refused" (the server said no)
		constructor(kind, message) {
			super(message);
			this.kind = kind;
		}
	}

	// Ask the server; frappe.call would leave the page when a session has ended, and lose what was begun.
	async function request(method, args = {}, type = "GET") {
		const { status, body } = await send(method, args, type);
		if (status >= 200 && status < 300) return body.message;
		if (status >= 502 && status <= 504) throw unreachable();
		const ended = body.session_expired || body.exc_type === "CSRFTokenError";
		if (ended || ([401, 403].includes(status) && (await is_logged_out()))) {
			throw new Problem("session", __("Your session has ended. Log in again."));
		}
		throw new Problem("refused", said(body) || __("The server refused this ({0}).", [status]));
	}

	async function send(method, args, type) {
		const form = new URLSearchParams();
		for (const [key, value] of Object.entries(args)) {
			if (value === undefined || value === null || value === "") continue;
			form.append(key, typeof value === "object" ? JSON.stringify(value) : value);
		}
		const path = `/api/method/${method}`;
		const options = {
			method: type,
			cache: "no-store",
			credentials: "same-origin",
			headers: { Accept: "application/json", "X-Frappe-CSRF-Token": frappe.csrf_token },
		};
		if (type === "POST") options.body = form;
		try {
			const answer = await fetch(type === "GET" ? `${path}?${form}` : path, options);
			return { status: answer.status, body: (await answer.json().catch(() => null)) || {} };
		} catch {
			throw unreachable();
		}
	}

	const unreachable = () => new Problem("offline", __("The server cannot be reached."));

	async function is_logged_out() {
		const { status } = await send("frappe.auth.get_logged_user", {}, "GET");
		return status === 401 || status === 403;
	}

	// The server's messages as text, whatever HTML is in them.
	function said(body) {
		try {
			return JSON.parse(body._server_messages || "[]")
				.map((message) => as_text(JSON.parse(message).message))
				.join(" ");
		} catch {
			return "";
		}
	}

	const as_text = (html) => new DOMParser().parseFromString(String(html ?? ""), "text/html").body.textContent;

	// The run that this browser follows, so that a new login or a reload finds it again.
	const kept = {
		read() {
			try {
				const run = JSON.parse(localStorage.getItem(KEPT));
				return run && run.user === frappe.session.user ? run : null;
			} catch {
				return null;
			}
		},
		write(run) {
			try {
				localStorage.setItem(KEPT, JSON.stringify({ ...run, user: frappe.session.user }));
			} catch {
				// a browser that keeps nothing loses only this convenience
			}
		},
		forget() {
			try {
				localStorage.removeItem(KEPT);
			} catch {
				// as above
			}
		},
	};

	let open_action = null;

	// One mass action, from the question to the result. Options:
	//   title, label       of the dialog and of the button that starts it
	//   action, args       the step and its arguments, `method` its endpoint (by default of the same name)
	//   look, start        instead of these: functions that answer a preview, and a run or { text }
	//   ahead              arguments of the preview alone
	//   intro              a sentence that says what this does
	//   tally              words for what the step itself counts, by its name
	//   documents          { label, doctype, filters } to look at afterwards
	//   quiet              a result without failures closes the dialog
	//   done               called with the run once it has ended, or as far as it was when the dialog was closed
	class MassAction {
		constructor(options) {
			this.options = options;
			this.phase = "counting";
			this.over = false;
			this.make();
		}

		make() {
			this.dialog = new frappe.ui.Dialog({
				title: esc(this.options.title),
				fields: [
					{ fieldname: "ahead", fieldtype: "HTML" },
					{ fieldname: "state", fieldtype: "HTML" },
				],
				primary_action_label: esc(this.options.label || this.options.title),
				primary_action: () => this.primary(),
				secondary_action_label: __("Cancel"),
				secondary_action: () => this.hide(),
			});
			this.dialog.onhide = () => this.close();
			// Frappe's dialogs have no name, nor has the cross that closes them
			this.dialog.$wrapper.addClass("kupang-dialog").attr("aria-label", this.options.title);
			this.dialog.$wrapper.find(".btn-modal-close").attr("aria-label", __("Close"));
			// a dialog that is still coming in cannot be hidden, and takes the focus when it is there
			this.shown = new Promise((resolve) => this.dialog.$wrapper.one("shown.bs.modal", () => setTimeout(resolve)));
			this.shown.then(() => this.$focus?.trigger("focus"));
			this.dialog.$wrapper.on("keydown", "input", (event) => {
				if (event.key === "Enter") this.primary();
			});
			this.$ahead = this.dialog.fields_dict.ahead.$wrapper.addClass("kupang-mass");
			this.$state = this.dialog.fields_dict.state.$wrapper.addClass("kupang-mass").attr({
				role: "status",
				"aria-live": "polite",
			});
			this.dialog.show();
		}

		primary() {
			if (this.phase === "ask") this.start();
			else if (this.phase === "result") this.hide();
		}

		close() {
			this.over = true;
			if (open_action === this) open_action = null;
			if (this.phase === "result") kept.forget();
			if (this.ended) this.options.done?.(this.ended);
		}

		hide() {
			this.shown.then(() => this.dialog.hide());
		}

		$reason() {
			return this.$ahead.find("#kupang-reason");
		}

		focus($element) {
			this.$focus = $element;
			$element.trigger("focus");
		}

		say(html, buttons = []) {
			this.$state.html(html).attr("data-phase", this.phase);
			for (const { label, act, href } of buttons) {
				const $button = href ? $("<a>").attr("href", href) : $("<button type='button'>").on("click", act);
				$button.addClass("btn btn-default btn-sm").text(label).appendTo(this.$state);
			}
		}

		set_buttons(primary, secondary) {
			this.dialog.get_primary_btn().toggleClass("hide", !primary).prop("disabled", false);
			if (primary) this.dialog.set_primary_action(primary, () => this.primary());
			this.dialog.get_secondary_btn().toggleClass("hide", !secondary);
			if (secondary) this.dialog.set_secondary_action_label(secondary);
		}

		// What it would do

		async look() {
			this.set_buttons(null, __("Cancel"));
			this.say(`<p>${__("Counting…")}</p>`);
			const preview = await this.insist(() => this.preview());
			await this.shown; // a question that is asked earlier loses the first keys of its answer
			if (!preview) return;
			if (preview.run) {
				this.follow(preview.run, __("This has been started already."));
				return;
			}
			this.ask(preview);
		}

		preview() {
			const { look, action, args, ahead } = this.options;
			if (look) return look();
			return request(`${CYCLE}.preview`, { action, criterion: { ...args, ...ahead } }, "POST");
		}

		ask(preview) {
			this.asks_reason = (preview.asks || []).includes("reason");
			this.$ahead.html(ahead_html(preview, this.options) + (this.asks_reason ? reason_html() : ""));
			this.say("");
			if (!preview.text && preview.total <= preview.refused) {
				this.set_buttons(null, __("Close"));
				this.focus(this.dialog.get_secondary_btn());
				return;
			}
			this.phase = "ask";
			this.set_buttons(esc(this.options.label || this.options.title), __("Cancel"));
			this.focus(this.asks_reason ? this.$reason() : this.dialog.get_primary_btn());
		}

		// Doing it

		async start() {
			const reason = (this.$reason().val() || "").trim();
			if (this.asks_reason && !reason) {
				this.say(`<p class="kupang-bad">${__("Write a reason.")}</p>`);
				this.focus(this.$reason());
				return;
			}
			this.phase = "starting";
			this.set_buttons(null, __("Close"));
			this.say(`<p>${__("Starting…")}</p>`);
			const run = await this.insist(() => this.send(reason));
			if (!run) return;
			if (this.over) this.leave(run);
			else if (run.text) this.show_text(run);
			else if (run.name) this.follow(run);
			else this.show_text({ text: __("There is nobody left to do this for.") });
		}

		// The dialog was closed before the server had answered: whoever opened it hears of the run all the same.
		leave(run) {
			const { title, documents, done } = this.options;
			if (run.name && !is_over(run)) kept.write({ name: run.name, title, documents });
			done?.(run);
		}

		send(reason) {
			const { start, action, method, args } = this.options;
			if (start) return start();
			const given = this.asks_reason ? { ...args, reason } : args;
			return request(`${CYCLE}.${method || action}`, given, "POST");
		}

		// Ask until there is an answer; only what the server says itself ends it.
		async insist(ask) {
			while (!this.over) {
				try {
					return await ask();
				} catch (problem) {
					if (problem.kind !== "offline") {
						this.stop(problem);
						return null;
					}
					this.say(`<p>${__("No connection. Trying again…")}</p>`);
					await pause(AGAIN);
				}
			}
			return null;
		}

		stop(problem) {
			this.phase = "stopped";
			this.set_buttons(null, __("Close"));
			this.say(`<p class="kupang-bad">${esc(problem.message)}</p>`, problem.kind === "session" ? [log_in()] : []);
		}

		// Following the run

		async follow(run, note) {
			this.phase = "following";
			this.$ahead.empty();
			this.note = note;
			const { title, documents } = this.options;
			kept.write({ name: run.name, title, documents });
			this.set_buttons(null, __("Close, it goes on"));
			this.ended = run;
			while (!this.over && !is_over(this.ended)) {
				this.show_progress(this.ended);
				await pause(POLL);
				this.ended = await this.ask_progress(this.ended);
			}
			if (is_over(this.ended)) await this.finish(this.ended);
		}

		async ask_progress(before) {
			try {
				return await request(`${CYCLE}.progress`, { name: before.name });
			} catch (problem) {
				if (this.over) return before;
				const session = problem.kind === "session";
				const text = session
					? __("Your session has ended; the work goes on. Log in again to see it.")
					: __("No connection; the work goes on. Trying again…");
				this.say(`<p class="kupang-bad">${text}</p>`, session ? [log_in()] : []);
				await pause(AGAIN);
				return before;
			}
		}

		show_progress(run) {
			const over = run.done + run.failed;
			const percent = run.total ? Math.floor((100 * over) / run.total) : 0;
			this.say(`
				${this.note ? `<p>${esc(this.note)}</p>` : ""}
				<div class="progress" role="progressbar" aria-valuemin="0" aria-valuemax="100"
					aria-valuenow="${percent}" aria-label="${esc(this.options.title)}">
					<div class="progress-bar" style="width: ${percent}%"></div>
				</div>
				<p>${__("{0} of {1}", [number(over), people(run.total)])}</p>`);
		}

		// What came of it

		async finish(run) {
			this.phase = "result";
			if (this.over) return;
			if (this.options.quiet && !run.failed && run.status === "Completed") {
				this.hide();
				return;
			}
			const failures = run.failed ? await this.failures(run) : [];
			this.say(result_html(run, failures), this.result_buttons(run));
			this.set_buttons(__("Close"), null);
			this.focus(this.dialog.get_primary_btn());
		}

		async failures(run) {
			try {
				return await request(`${CYCLE}.failures`, { name: run.name });
			} catch {
				return []; // the list is a button away
			}
		}

		result_buttons(run) {
			const { documents } = this.options;
			const go = (...route) => () => {
				this.hide();
				frappe.set_route(...route);
			};
			return [
				run.failed && {
					label: __("Everybody who was not done"),
					act: go("List", "Bulk Run Failure", { bulk_run: run.name }),
				},
				documents && {
					label: documents.label,
					act: go("List", documents.doctype, documents.filters || {}),
				},
				{ label: __("The record of this run"), act: go("Form", "Bulk Run", run.name) },
			].filter(Boolean);
		}

		show_text({ text }) {
			this.phase = "result";
			this.ended = { text };
			this.$ahead.empty();
			this.say(`<p>${esc(text)}</p>`);
			this.set_buttons(__("Close"), null);
			this.focus(this.dialog.get_primary_btn());
		}
	}

	const is_over = (run) => ["Completed", "Failed"].includes(run.status);

	const log_in = () => ({
		label: __("Log in again"),
		href: `/login?redirect-to=${encodeURIComponent(location.pathname + location.search)}`,
	});

	function ahead_html(preview, options) {
		const intro = options.intro ? `<p>${esc(options.intro)}</p>` : "";
		if (preview.text) return `${intro}<p class="kupang-sum">${esc(preview.text)}</p>`;
		const take = preview.total - preview.refused;
		const sum = take
			? `${people(take)} · ${count(preview.opds.length, __("1 OPD"), (some) => __("{0} OPDs", [some]))}`
			: __("There is nobody to do this for.");
		return `${intro}<p class="kupang-sum">${sum}</p>
			${tally_html(preview.tally || {}, options.tally || {})}
			${whom_html(preview)}${refused_html(preview)}`;
	}

	const reason_html = () => `<p><label for="kupang-reason">${__("Reason")}</label>
		<input type="text" id="kupang-reason" class="form-control" maxlength="1000" autocomplete="off" required></p>`;

	function tally_html(tally, words) {
		const items = Object.entries(tally).map(
			([name, some]) => `<li>${esc(words[name] || __(name))}: <b>${number(some)}</b></li>`
		);
		return items.length ? `<ul>${items.join("")}</ul>` : "";
	}

	function whom_html({ total, people: some, opds }) {
		const named = some.length === total && some.length;
		const items = named
			? some.map((person) => `<li>${esc(person.full_name)} <span>${esc(person.opd)}</span></li>`)
			: opds.map((row) => `<li>${esc(row.opd_name || row.opd)} <span>${number(row.people)}</span></li>`);
		if (!items.length) return "";
		const list = `<ul class="kupang-whom">${items.join("")}</ul>`;
		if (named) return list;
		return `<details ${items.length <= 8 ? "open" : ""}><summary>${__("By OPD")}</summary>${list}</details>`;
	}

	function refused_html({ refused, reasons }) {
		if (!refused) return "";
		const items = reasons.map(({ reason, people: some, first }) => {
			const names = first.map((person) => esc(person.full_name || person.name)).join(", ");
			const more = some > first.length ? ` ${__("and {0} more", [number(some - first.length)])}` : "";
			return `<li><b>${number(some)}</b> ${esc(reason)}<br><span>${names}${more}</span></li>`;
		});
		return `<div class="kupang-refused">
			<p>${__("Refused: {0}. Nobody else is held up by that.", [people(refused)])}</p>
			<ul>${items.join("")}</ul></div>`;
	}

	function result_html(run, failures) {
		const words = run.status === "Failed" ? __("It broke off.") : __("It is done.");
		const link = ({ reference_doctype, reference_name, title, reason }) => {
			const href = esc(frappe.utils.get_form_link(reference_doctype, reference_name));
			return `<li><a href="${href}">${esc(title || reference_name)}</a><br><span>${esc(reason)}</span></li>`;
		};
		return `<p class="kupang-sum">${words} ${__("Done: {0}. Not done: {1}.", [people(run.done), people(run.failed)])}</p>
			${run.message ? `<p>${esc(as_text(run.message))}</p>` : ""}
			${failures.length ? `<ul class="kupang-failures">${failures.map(link).join("")}</ul>` : ""}`;
	}

	// The city's date, whatever zone the browser is in; the day that a demonstration stands on.
	kupang_hr.today = () => frappe.boot.kupang_hr_today || frappe.datetime.get_today();

	// A page of ours; what `make` puts on it is shown each time that the page is. A browser keeps the page that a colleague
	// has opened, so that whom it is not for may come as far as here.
	kupang_hr.page = (name, title, make) => {
		let made;
		frappe.pages[name].on_page_load = (wrapper) => {
			const page = frappe.ui.make_app_page({ parent: wrapper, title, single_column: true });
			if (name in frappe.boot.page_info) made = make(page);
			else $(page.main).html(`<p class="kupang-shut">${__("None of your roles opens this page. If your work needs it, ask BKPPD.")}</p>`);
		};
		frappe.pages[name].on_page_show = () => made?.show();
	};

	// A button of a list that asks for a step's arguments and then opens its dialog. Options: `label`, `action`, `method`
	// (the endpoint that starts it) and the `fields` to ask for.
	kupang_hr.list_action = (listview, { label, action, method, fields }) =>
		listview.page.add_inner_button(label, () => {
			const ask = (args) =>
				kupang_hr.mass_action({
					title: label,
					action,
					args,
					start: () => kupang_hr.request(method, args, "POST"),
					done: () => {
						listview.last_args = null; // by which Frappe asks the same but once in three seconds
						listview.refresh();
					},
				});
			frappe.prompt(fields(), ask, label, __("Next"));
		});

	// Opens the dialog, once however often it is clicked; answers the action.
	kupang_hr.mass_action = (options) => {
		if (!open_action) {
			open_action = new MassAction(options);
			open_action.look();
		}
		return open_action;
	};

	// Shows a run that has been started elsewhere, or before a login.
	kupang_hr.follow_run = (run, options) => {
		if (open_action) return open_action;
		open_action = new MassAction(options);
		open_action.follow(run);
		return open_action;
	};

	async function resume() {
		const run = kept.read();
		if (!run) return;
		try {
			const now = await request(`${CYCLE}.progress`, { name: run.name });
			kupang_hr.follow_run(now, { title: run.title, documents: run.documents });
		} catch (problem) {
			if (problem.kind === "refused") kept.forget();
		}
	}

	Object.assign(kupang_hr, { request, number, count, people, esc, as_text, is_over, Problem });
	$(document).on("app_ready", resume);
})();
