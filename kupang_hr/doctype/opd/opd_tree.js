(() => {
// Newer Frappe has a root of its own above the city and leaves the city closed below it.
const is_city = ({ parent_node, is_root, data }) => !is_root && data.value && parent_node && !parent_node.data.value;

frappe.treeview_settings["OPD"] = {
	title: __("OPDs of the City"),
	breadcrumb: "Kupang HR",
	get_tree_nodes: "kupang_hr.api.opds.children",
	// Frappe's own label would put a name into the page as HTML.
	get_label(node) {
		const esc = frappe.utils.escape_html;
		const abbreviation = `<span class="text-muted">(${esc(node.label)})</span>`;
		return node.title ? `${esc(node.title)} ${abbreviation}` : esc(node.label);
	},
	onrender(node) {
		if (is_city(node) && !cur_tree.city_is_open) {
			cur_tree.city_is_open = true;
			cur_tree.expand_node(node, false);
		}
		const { PTT, ASN, crucial_basis, own_crucial } = node.data || {};
		if (PTT === undefined) return;
		const $marks = $(`<span class="ml-2 small"></span>`);
		if (PTT || ASN) {
			$marks.append($(`<span class="text-muted"></span>`).text(__("{0} PTT, {1} ASN", [PTT, ASN].map(kupang_hr.number))));
		}
		if (crucial_basis !== null) {
			const text = own_crucial ? __("Crucial") : __("Crucial, inherited");
			$marks.append(
				$(`<span class="indicator-pill orange ml-2"></span>`).text(text).attr("title", crucial_basis)
			);
		}
		node.$tree_link.append($marks);
	},
};
})();
