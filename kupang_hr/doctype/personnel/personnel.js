frappe.ui.form.on("Personnel", {
	refresh(frm) {
		if (frm.is_new()) return;
		show_contract(frm);
		if (frappe.user.has_role("BKPPD Clerk")) add_login_buttons(frm);
	},
});

// The last contract and the renewal of it say what must happen next.
async function show_contract(frm) {
	if (frm.doc.employment_type !== "PTT" || !frappe.model.can_read("PTT Contract")) return;
	const { name } = frm.doc;
	const contract = await newest("PTT Contract", { personnel: name, docstatus: 1 }, "end_date", ["status", "end_date"]);
	const renewal = frappe.model.can_read("Contract Renewal")
		? await newest("Contract Renewal", { personnel: name }, "creation", ["name", "workflow_state", "round"])
		: null;
	if (frm.doc.name !== name) return; // another person is shown by now
	frm.dashboard.set_headline_alert(...next_of(frm.doc, contract, renewal));
}

async function newest(doctype, filters, field, fields) {
	const rows = await frappe.db.get_list(doctype, { filters, fields, order_by: `${field} desc`, limit: 1 });
	return rows[0];
}

function next_of({ duty_status }, contract, renewal) {
	if (duty_status === "Left") return [__("Has left."), "gray"];
	if (!contract) return [__("Has no contract in force: enter and submit one."), "red"];
	const day = frappe.datetime.str_to_user(contract.end_date);
	const open = renewal && ["Draft", "Rated", "Held", "Mayor Recommended"].includes(renewal.workflow_state);
	if (open) {
		const link = frappe.utils.get_form_link("Contract Renewal", renewal.name, true, renewal.round);
		return [__("Renewal {0} is {1}.", [`<span class="kupang-link">${link}</span>`, __(renewal.workflow_state)]), "blue"];
	}
	if (contract.status === "Active") return [__("Contract in force until {0}.", [day]), "green"];
	if (contract.status === "Upcoming") return [__("The next contract is signed and ends on {0}.", [day]), "green"];
	return [__("The last contract ended on {0}; nothing has been decided about a new one.", [day]), "orange"];
}

function add_login_buttons(frm) {
	const group = __("Login");
	if (frm.doc.user) return frm.add_custom_button(__("Reset Login"), () => reset_login(frm), group);
	if (frm.doc.duty_status !== "Left") {
		frm.add_custom_button(__("Make Login"), () => make_login(frm), group);
	}
}

function make_login(frm) {
	const text = __("Make a login for this person? The first password is downloaded once.");
	frappe.confirm(text, async () => {
		const run = await frappe.xcall("kupang_hr.api.accounts.make_logins", { names: [frm.doc.name] });
		if (run.failed || !run.name) return frappe.set_route("Form", "Bulk Run", run.name);
		open_url_post("/api/method/kupang_hr.api.accounts.print_logins", { name: run.name });
		frm.reload_doc();
	});
}

function reset_login(frm) {
	frappe.confirm(__("Give this person a new first password? The present one ends."), async () => {
		const made = await frappe.xcall("kupang_hr.api.accounts.reset_login", { personnel: frm.doc.name });
		const [login, password] = [made.login, made.password].map(frappe.utils.escape_html);
		frappe.msgprint({
			title: __("New login, shown once"),
			message: `${__("Login")}: <code>${login}</code><br>${__("Password")}: <code>${password}</code>`,
		});
	});
}
