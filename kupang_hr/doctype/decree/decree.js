frappe.ui.form.on("Decree", {
	setup(frm) {
		frm.savesubmit = () => sign(frm); // in place of Frappe's question, which names nobody
	},

	refresh(frm) {
		if (frm.is_new()) return;
		show_next(frm);
		if (frm.doc.docstatus === 0) add_draft_buttons(frm);
		if (frm.doc.docstatus === 1) add_signed_buttons(frm);
		if (frm.doc.line_count) show_lines(frm, 0);
	},
});

const PAGE = 10;
const STEPS = { Reappointment: "issue", Termination: "terminate", Revocation: "revoke" };

const next_paraf = (frm) => (frm.doc.paraf || []).find((row) => !row.given_at);

function show_next(frm) {
	const { docstatus, paraf = [], line_count, applied } = frm.doc;
	const people = kupang_hr.people(line_count);
	const next = next_paraf(frm);
	const given = paraf.filter((row) => row.given_at).length;
	if (docstatus === 2) return;
	if (docstatus === 1) {
		const text = __("Signed. In force for {0} of {1}.", [kupang_hr.number(applied), people]);
		frm.dashboard.set_headline_alert(text, applied >= line_count ? "green" : "orange");
	} else if (!line_count) {
		frm.dashboard.set_headline_alert(__("Nobody is named yet: BKPPD gathers the people."), "orange");
	} else if (next) {
		const who = next.user ? frappe.user.full_name(next.user) : __("nobody, see the settings");
		const words = [kupang_hr.esc(next.title), kupang_hr.esc(who), given, paraf.length, people];
		frm.dashboard.set_headline_alert(__("The paraf of {0} ({1}) is next; {2} of {3} given, for {4}.", words), "blue");
	} else {
		frm.dashboard.set_headline_alert(__("Every paraf is given, for {0}: the head of BKPPD signs by submitting.", [people]), "blue");
	}
}

function add_draft_buttons(frm) {
	if (frappe.user.has_role(["BKPPD Clerk", "BKPPD Head"])) {
		frm.add_custom_button(__("Gather People"), () => gather(frm));
	}
	const next = next_paraf(frm);
	if (next && next.user === frappe.session.user && frm.doc.line_count) {
		frm.add_custom_button(__("Give Paraf"), () => give_paraf(frm, next)).addClass("btn-primary");
	}
}

function add_signed_buttons(frm) {
	const { applied, line_count } = frm.doc;
	if (applied < line_count && frappe.user.has_role("BKPPD Head")) {
		frm.add_custom_button(__("Start Again"), () => act(frm, {
			title: __("Start Again"),
			intro: __("Once more for those whom this decree has not taken effect for."),
			action: STEPS[frm.doc.kind],
			method: "start_again",
		}));
	}
}

function sign(frm) {
	const { name, kind, tmt, modified } = frm.doc;
	act(frm, {
		title: __("Sign the Decree"),
		label: __("Sign"),
		intro: [
			__("{0}, TMT {1}.", [__(kind), frappe.datetime.str_to_user(tmt)]),
			number_of(frm.doc),
			__("It takes effect for those whom it names; only another decree takes it back."),
		].join(" "),
		look: () => kupang_hr.request("kupang_hr.api.cycle.signing", { decree: name }),
		start: () => kupang_hr.request("kupang_hr.api.cycle.sign", { decree: name, modified }, "POST"),
	});
}

function number_of({ classification, series_letter, date_signed, insert_after_serial }) {
	const year = (date_signed || kupang_hr.today()).slice(0, 4);
	const series = [classification, series_letter, year].filter(Boolean).join("/");
	if (insert_after_serial) return __("Its number is put in after {0} of the series {1}.", [insert_after_serial, series]);
	return __("Its number is the next one of the series {0}.", [series]);
}

function act(frm, options) {
	const decree = frm.doc.name;
	kupang_hr.mass_action({
		args: { decree },
		documents: { label: __("The people of this decree"), doctype: "Decree Line", filters: { decree } },
		done: () => frm.reload_doc(),
		...options,
	});
}

function gather(frm) {
	const given = (frm.doc.paraf || []).filter((row) => row.given_at).length;
	const again = __("The draft is emptied and its people are named anew.");
	act(frm, {
		title: __("Gather People"),
		label: __("Gather"),
		action: "gather",
		ahead: { anew: 1 },
		intro: given ? `${again} ${__("The paraf are to be given again.")}` : frm.doc.line_count ? again : "",
	});
}

function give_paraf(frm, { title }) {
	act(frm, {
		title: __("Give Paraf"),
		look: async () => ({
			text: __("Your paraf as {0} on {1}, which names {2}.", [title, frm.doc.name, kupang_hr.people(frm.doc.line_count)]),
		}),
		start: async () => {
			await kupang_hr.request("kupang_hr.api.cycle.paraf", { decree: frm.doc.name }, "POST");
			return { text: __("Your paraf is given.") };
		},
	});
}

// Whom it names, a page at a time

async function show_lines(frm, start) {
	const decree = frm.doc.name;
	const rows = await kupang_hr.request("kupang_hr.api.cycle.named", { decree, start });
	if (frm.doc.name !== decree || !rows.length) return;
	frm.dashboard.parent.find(".kupang-states").closest(".form-dashboard-section").remove();
	const $body = frm.dashboard.add_section(`<div class="kupang-states">${lines_html(frm, rows, start)}</div>`, __("People"));
	frm.dashboard.show();
	$body.find("[data-turn]").on("click", (event) => show_lines(frm, Number(event.currentTarget.dataset.turn)));
}

function lines_html(frm, rows, start) {
	const { esc, number } = kupang_hr;
	const all = frm.doc.line_count;
	const name = (row) => // who only gives a paraf reads the names here and nowhere else
		frappe.model.can_read("Decree Line")
			? `<a href="${esc(frappe.utils.get_form_link("Decree Line", row.name))}">${esc(row.full_name)}</a>`
			: esc(row.full_name);
	const line = (row) => `<tr><td class="number">${number(row.line_number)}</td><td>${name(row)}</td>
		<td>${esc(row.opd_name)}</td><td>${esc(row.position)}</td></tr>`;
	const button = (to, label, off) =>
		`<button type="button" class="btn btn-default btn-xs" data-turn="${to}" ${off ? "disabled" : ""}>${label}</button>`;
	const last = Math.min(start + PAGE, all);
	return `<table class="table table-sm"><thead><tr><th scope="col" class="number">${__("No.")}</th><th scope="col">${__("Name")}</th>
		<th scope="col">${__("OPD")}</th><th scope="col">${__("Position")}</th></tr></thead><tbody>${rows.map(line).join("")}</tbody></table>
		<nav class="kupang-pager" aria-label="${__("Pages")}">${button(start - PAGE, __("Previous"), !start)}
		<span>${__("{0} to {1} of {2}", [number(start + 1), number(last), number(all)])}</span>
		${button(start + PAGE, __("Next"), last >= all)}</nav>`;
}
