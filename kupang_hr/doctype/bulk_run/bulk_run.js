frappe.ui.form.on("Bulk Run", {
	refresh(frm) {
		frm.disable_save();
		show_state(frm);
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
		if (frm.doc.action === "bundle-petikan" && frm.doc.status === "Completed") offer_file(frm);
		if (["Queued", "Running"].includes(frm.doc.status)) poll(frm);
	},
});

function show_state(frm) {
	const { status, total, done, failed } = frm.doc;
	const { number, people } = kupang_hr;
	const words = {
		Queued: [__("Waiting to begin, for {0}.", [people(total)]), "blue"],
		Running: [__("At work: {0} of {1}.", [number(done + failed), people(total)]), "orange"],
		Completed: [__("Done: {0}. Not done: {1}.", [people(done), people(failed)]), failed ? "orange" : "green"],
		Failed: [__("It broke off. Done: {0}. Starting it again goes on where it stopped.", [people(done)]), "red"],
	}[status];
	if (words) frm.dashboard.set_headline_alert(...words);
}

// What the run has made lies on its decree; whoever waited here takes it from here.
async function offer_file(frm) {
	const { decree, form } = JSON.parse(frm.doc.criterion);
	const files = await kupang_hr.request("kupang_hr.api.letters.bundles", { decree });
	const file = files.find((one) => one.form === form);
	if (file) frm.add_custom_button(__("Open the Petikan"), () => window.open(file.file_url)).addClass("btn-primary");
}

// Without a socket server there is no push, so the form asks.
function poll(frm) {
	clearTimeout(frm.kupang_poll);
	frm.kupang_poll = setTimeout(() => {
		if (frappe.get_route_str() === `Form/Bulk Run/${frm.doc.name}`) frm.reload_doc();
	}, 2000);
}
