// Where the punches of a day were made. Drawn from the server's own data; pictures of a map are optional.
(() => {
"use strict";

kupang_hr.page("punch-map", __("Punch Map"), (page) => new PunchMap(page));

const LEAFLET = ["/assets/frappe/js/lib/leaflet/leaflet.css", "/assets/frappe/js/lib/leaflet/leaflet.js"];
const KUPANG = [-10.17, 123.607];
const NEAR = 44; // pixels within which points are one
const ROWS = 50;
const NAMES = 12; // in a popup
const call = (name, args, type) =>
	frappe.call({ method: `kupang_hr.api.punch_map.${name}`, args, type }).then(({ message }) => message);

// An element with text in it: what people are called is never read as HTML.
const element = (tag, text, attributes = {}) => {
	const made = document.createElement(tag);
	made.textContent = text ?? "";
	for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
	return made;
};

class PunchMap {
	constructor(page) {
		this.page = page;
		this.asked = 0;
		this.day = this.field("day", __("Day"), "Date");
		this.opd = this.field("opd", __("OPD with those below it"), "Link", "OPD");
		this.flagged = this.field("flagged", __("Only flagged"), "Check");
		this.page.set_secondary_action(__("Refresh"), () => this.refresh());
		this.$body = $(`<div class="kupang-map-page">
			<p class="kupang-map-said text-muted" role="status" aria-live="polite"></p>
			<div class="kupang-map" role="region" tabindex="-1"></div>
			<button type="button" class="btn btn-default btn-sm kupang-map-more" hidden></button>
			<div class="kupang-map-table" tabindex="0" role="region"><table class="table table-sm">
				<thead><tr></tr></thead><tbody></tbody></table></div>
			<button type="button" class="btn btn-default btn-sm kupang-map-rows" hidden></button>
		</div>`).appendTo(this.page.main);
		this.$body.find(".kupang-map").attr("aria-label", __("Map of the punches"));
		this.$body.find(".kupang-map-table").attr("aria-label", __("Punches in a list"));
		this.$body.find(".kupang-map-more").on("click", () => this.more());
		this.$body.find(".kupang-map-rows").on("click", () => this.list(this.listed + ROWS));
		this.$body.on("click", ".kupang-map-find", (event) => this.find(Number(event.currentTarget.value)));
		const titles = [__("Time"), __("Name"), __("OPD"), __("Direction"), __("Mode"), __("Flags"), __("Map")];
		this.$body.find("thead tr").append(titles.map((title) => element("th", title, { scope: "col" })));
	}

	field(fieldname, label, fieldtype, options) {
		const change = () => (fieldname === "flagged" ? this.draw() : this.changed());
		return this.page.add_field({ fieldname, label, fieldtype, options, change });
	}

	async show() {
		await frappe.require(LEAFLET);
		if (!this.map) this.make_map();
		if (!this.day.get_value()) {
			const { message } = await frappe.call({ method: "kupang_hr.api.board.beginning", type: "GET" });
			await this.day.set_value(message.today);
		}
		this.map.invalidateSize();
		this.changed();
	}

	make_map() {
		this.map = L.map(this.$body.find(".kupang-map")[0], { maxZoom: 19, zoomSnap: 0.5 });
		this.map.setView(KUPANG, 12);
		this.around = L.layerGroup().addTo(this.map);
		this.marks = L.layerGroup().addTo(this.map);
		this.map.on("zoomend", () => this.mark());
	}

	wanted() {
		return { day: this.day.get_value(), opd: this.opd.get_value() || undefined };
	}

	changed() {
		if (this.map && this.day.get_value() && JSON.stringify(this.wanted()) !== this.shown) this.refresh();
	}

	async refresh() {
		const wanted = this.wanted();
		this.shown = JSON.stringify(wanted);
		const question = ++this.asked;
		const [around, found] = await Promise.all([
			call("surroundings", { opd: wanted.opd }, "GET"),
			call("day", wanted, "POST"),
		]);
		if (question !== this.asked) return; // another day was asked for meanwhile
		this.found = found;
		this.draw_around(around);
		this.draw();
		this.fit();
	}

	async more() {
		const question = this.asked;
		const found = await call("day", { ...this.wanted(), start: this.found.points.length }, "POST");
		if (question !== this.asked) return;
		this.found.points.push(...found.points);
		this.draw();
	}

	draw_around({ offices, boundary, tiles }) {
		this.around.clearLayers();
		if (tiles) {
			const attribution = frappe.utils.escape_html(tiles.attribution);
			L.tileLayer(tiles.url, { attribution, maxZoom: 19 }).addTo(this.around);
		}
		if (boundary) {
			const style = { color: "#6b7280", weight: 2, dashArray: "6 4", fillOpacity: 0.04, interactive: false };
			L.geoJSON(boundary, { style }).addTo(this.around);
		}
		for (const office of offices) {
			const options = { radius: office.radius_m || 1, color: "#2563eb", weight: 1.5, fillOpacity: 0.08 };
			L.circle([office.latitude, office.longitude], options)
				.bindTooltip(element("span", `${office.name} · ${office.opd_name}`))
				.addTo(this.around);
		}
	}

	draw() {
		if (!this.found) return;
		const only = this.flagged.get_value();
		this.points = this.found.points.filter((point) => !only || point.flags.length);
		this.mark();
		this.list(ROWS);
		this.say();
	}

	say() {
		const { total, located, without_position, points } = this.found;
		const counts = __("{0} punches, {1} without a position.", [kupang_hr.number(total), kupang_hr.number(without_position)]);
		const cut = points.length < located ? " " + __("{0} of {1} are shown.", [points.length, located].map(kupang_hr.number)) : "";
		this.$body.find(".kupang-map-said").text(total ? counts + cut : __("Nobody whom you see recorded on this day."));
		this.$body
			.find(".kupang-map-more")
			.prop("hidden", points.length >= located)
			.text(__("Show more, {0} left", [kupang_hr.number(located - points.length)]));
	}

	fit() {
		const bounds = L.latLngBounds(this.points.map((point) => [point.latitude, point.longitude]));
		this.around.eachLayer((layer) => layer.getBounds && bounds.extend(layer.getBounds()));
		if (bounds.isValid()) this.map.fitBounds(bounds, { maxZoom: 16, padding: [20, 20], animate: false });
	}

	// Points that lie close together at this zoom are one mark with their number.
	mark() {
		this.marks.clearLayers();
		const cells = new Map();
		for (const point of this.points || []) {
			const at = this.map.project([point.latitude, point.longitude]);
			const cell = `${Math.floor(at.x / NEAR)}/${Math.floor(at.y / NEAR)}`;
			if (!cells.has(cell)) cells.set(cell, []);
			cells.get(cell).push(point);
		}
		for (const points of cells.values()) this.marks.addLayer(this.mark_of(points));
	}

	mark_of(points) {
		const middle = (key) => points.reduce((sum, point) => sum + point[key], 0) / points.length;
		const flagged = points.filter((point) => point.flags.length).length;
		const label = points.length > 1 ? String(points.length) : flagged ? "!" : "";
		const size = points.length > 1 ? 30 : 18;
		const text = points.length > 1 ? __("{0} punches, {1} flagged", [points.length, flagged].map(kupang_hr.number)) : points[0].personnel_name;
		const icon = L.divIcon({
			className: `kupang-map-mark${flagged ? " kupang-map-flagged" : ""}`,
			html: label, // a number or a sign, never a name
			iconSize: [size, size],
		});
		const mark = L.marker([middle("latitude"), middle("longitude")], { icon, keyboard: true });
		mark.on("add", () => {
			mark.getElement().setAttribute("role", "button");
			mark.getElement().setAttribute("aria-label", text);
		});
		return mark.bindPopup(() => this.popup(points), { maxWidth: 320, autoPan: true });
	}

	popup(points) {
		const box = element("div", "", { class: "kupang-map-popup" });
		const list = box.appendChild(element("ul", "", { class: "list-unstyled" }));
		for (const point of points.slice(0, NAMES)) {
			const item = list.appendChild(element("li", ""));
			item.append(element("strong", point.personnel_name), ` ${point.opd}`);
			item.append(element("span", this.in_words(point)));
		}
		if (points.length > NAMES) box.append(element("p", __("and {0} more", [kupang_hr.number(points.length - NAMES)])));
		if (points.length > 1 && this.map.getZoom() < this.map.getMaxZoom()) box.append(this.closer(points));
		return box;
	}

	closer(points) {
		const button = element("button", __("Zoom in"), { type: "button", class: "btn btn-default btn-xs" });
		const bounds = L.latLngBounds(points.map((point) => [point.latitude, point.longitude]));
		button.onclick = () => this.map.fitBounds(bounds.pad(0.2), { maxZoom: this.map.getZoom() + 3 });
		return button;
	}

	in_words(point) {
		const words = [point.at, point.direction && __(point.direction), point.mode && __(point.mode)];
		if (point.accuracy) words.push(__("± {0} m", [kupang_hr.number(Math.round(point.accuracy))]));
		return [...words, ...point.flags.map((flag) => __(flag))].filter(Boolean).join(" · ");
	}

	// The same punches as text, for whoever does not see the map.
	list(count) {
		this.listed = count;
		const rows = this.points.slice(0, count).map((point, number) => this.row(point, number));
		this.$body.find("tbody").empty().append(rows);
		const left = this.points.length - rows.length;
		this.$body.find(".kupang-map-rows").prop("hidden", left <= 0).text(__("Show more, {0} left", [kupang_hr.number(left)]));
	}

	row(point, number) {
		const row = document.createElement("tr");
		const name = row.appendChild(element("td", point.at)) && row.appendChild(element("td", ""));
		const href = frappe.utils.get_form_link("Attendance Punch", point.name);
		name.append(element("a", point.personnel_name, { href }));
		const flags = point.flags.map((flag) => __(flag)).join(", ");
		for (const text of [point.opd, __(point.direction || ""), __(point.mode || ""), flags]) {
			row.append(element("td", text));
		}
		const find = element("button", __("Find"), {
			type: "button",
			class: "btn btn-default btn-xs kupang-map-find",
			value: number,
			"aria-label": __("Find {0} on the map", [point.personnel_name]),
		});
		row.appendChild(element("td", "")).append(find);
		return row;
	}

	find(number) {
		const point = this.points[number];
		this.map.setView([point.latitude, point.longitude], 18, { animate: false });
		const content = this.popup([point]);
		L.popup({ maxWidth: 320 }).setLatLng([point.latitude, point.longitude]).setContent(content).openOn(this.map);
		this.$body.find(".kupang-map").trigger("focus")[0].scrollIntoView({ block: "nearest" });
	}
}
})();
