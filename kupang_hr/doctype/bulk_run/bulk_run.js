frappe.ui.form.on("Bulk Run", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.failed) {
			frm.add_custom_button(__("What was not done"), () => {
				frappe.set_route("List", "Bulk Run Failure", { bulk_run: frm.doc.name });
			});
		}
		const mine = frm.doc.action === "make-logins" && frm.doc.requester === frappe.session.user;
		if (mine && frm.doc.status === "Completed") {
			frm.add_custom_button(__("Print first Passwords"), () => {
				open_url_post("/api/method/kupang_hr.api.accounts.print_logins", { name: frm.doc.name });
			});
		}
		if (["Queued", "Running"].includes(frm.doc.status)) poll(frm);
	},
});

// Without a socket server there is no push, so the form asks.
function poll(frm) {
	clearTimeout(frm.kupang_poll);
	frm.kupang_poll = setTimeout(() => {
		if (frappe.get_route_str() === `Form/Bulk Run/${frm.doc.name}`) frm.reload_doc();
	}, 2000);
}
