"use strict";
// What the page knows lives in IndexedDB: the phone's key, the punches still to be sent, the server's last answer.
// Moments are "2021-02-03T07:25:00", the wall clock of the city; they are reckoned with as if they were UTC.

const { lang, messages } = JSON.parse(document.getElementById("texts").textContent);
const API = "/api/method/kupang_hr.api.attendance.";
const RETRY = 30000, PATIENCE = 20000; // milliseconds
const id = (name) => document.getElementById(name);
const DIRECTIONS = { In: __("Check In"), Out: __("Check Out") };
const PLACES = { Office: __("At the office"), Home: __("At home"), Off: __("Off by shift") };
const MODES = { Office: "WFO", Home: "WFH" };
const CODES = {
	H: __("Present"), S: __("Sick"), I: __("Permitted"), C: __("Leave"), DL: __("Official Duty"), TB: __("Study Duty"),
	TK: __("Unexcused"), DR: __("Stood Down"), L: __("Public Holiday"), CB: __("Joint Holiday"), LS: __("Off by shift"),
};
const KINDS = {
	Sick: CODES.S, Permitted: CODES.I, Leave: CODES.C, "Official Duty": CODES.DL, "Study Duty": CODES.TB,
	"Out of Region": __("Out of Region"), Times: __("Correction"), Code: __("Correction"), "Claimed Time": __("Claimed Time"),
};
const DUTY = { "Stood Down": CODES.DR, Left: __("Left") };
const STATES = [__("waiting for your OPD"), __("granted"), __("cancelled")];
const FLAGS = {
	"Outside Office": __("You are outside the circle of your office."),
	"Inaccurate": __("The position was too inaccurate."),
	"Mock Location": __("The position came from a mock location app."),
	"Impossible Speed": __("You cannot have come so far so quickly."),
	"Repeated Position": __("The position is exactly the same as several times before."),
	"Outside Region": __("You are outside the city."),
	"Late Received": __("It arrived late. It counts at the time it arrived until your OPD accepts the time you pressed."),
	"No Position": __("It came without a position."),
};
let me = null, token = "", login = false, chosen = false, retry = 0, refreshing = 0;

function __(text, values = []) {
	return values.reduce((said, value, place) => said.replace(`{${place}}`, value), messages[text] || text);
}

// What is kept

const opened = new Promise((resolve, reject) => {
	const request = indexedDB.open("absen", 1);
	request.onupgradeneeded = () => {
		request.result.createObjectStore("kept");
		request.result.createObjectStore("queue", { keyPath: "source_id" });
	};
	request.onsuccess = () => resolve(request.result);
	request.onerror = () => reject(request.error);
});

async function store(name, act) {
	const transaction = (await opened).transaction(name, "readwrite");
	const request = act(transaction.objectStore(name));
	return new Promise((resolve, reject) => {
		transaction.oncomplete = () => resolve(request.result);
		transaction.onabort = () => reject(transaction.error);
	});
}

const kept = (name) => store("kept", (all) => all.get(name));
const keep = (name, value) => store("kept", (all) => all.put(value, name));

/** The punches of whoever is logged in, oldest first. */
async function queue() {
	const all = await store("queue", (punches) => punches.getAll());
	return all.filter((punch) => punch.user === me?.user).sort((a, b) => a.pressed - b.pressed);
}

// The server

class Unreachable extends Error {}

class Refusal extends Error {
	constructor(status, body) {
		super(words(body) || __("The server could not do it (error {0}).", [status]));
		this.kind = body.exc_type;
		login = Boolean(body.session_expired) || /(^|; )user_id=Guest/.test(document.cookie);
		this.later = login || status === 429 || status >= 500; // what may go well another time
	}
}

function words(body) {
	const last = JSON.parse(body._server_messages || "[]").pop();
	const html = last ? JSON.parse(last).message : "";
	return new DOMParser().parseFromString(html, "text/html").body.textContent;
}

/** What an endpoint answers. Throws Refusal when the server says no, Unreachable when it was not the server. */
async function call(method, values, verb = "POST") {
	const given = { ...values, _lang: lang };
	const patience = new AbortController();
	const timer = setTimeout(() => patience.abort(), PATIENCE);
	const how = { method: verb, cache: "no-store", signal: patience.signal, headers: { Accept: "application/json" } };
	if (verb === "POST") {
		Object.assign(how.headers, { "Content-Type": "application/json", "X-Frappe-CSRF-Token": token });
		how.body = JSON.stringify(given);
	}
	const query = verb === "GET" ? `?${new URLSearchParams(given)}` : "";
	let answer, body;
	try {
		answer = await fetch(API + method + query, how);
		body = await answer.json();
	} catch {
		if (!answer || answer.ok) throw new Unreachable(__("No connection."));
	} finally {
		clearTimeout(timer);
	}
	if (!answer.ok) throw new Refusal(answer.status, body || {});
	if (!body || !("message" in body)) throw new Unreachable(__("No connection.")); // a hotspot's own page
	return body.message;
}

/** A call that changes something; the token of a page that was kept is an old one, so a fresh one is fetched. */
async function change(method, values) {
	try {
		if (token) return await call(method, values);
	} catch (trouble) {
		if (trouble.kind !== "CSRFTokenError") throw trouble;
	}
	await ask();
	return call(method, values);
}

// Time

const parsed = (moment) => Date.parse(`${moment.slice(0, 19).replace(" ", "T")}Z`);
const format = (moment, how) =>
	new Intl.DateTimeFormat(lang, { timeZone: "UTC", ...how }).format(typeof moment === "string" ? parsed(moment) : moment);
const hour = (moment) => (moment ? format(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) : "–");
const now = () => Date.now() + (me?.ahead || 0);

/** How far the phone's clock is from the server's, in words; the server's decides. */
function difference() {
	const minutes = Math.round((Date.now() + me.utc_offset_minutes * 60000 - now()) / 60000);
	if (!minutes) return "";
	if (Math.abs(minutes) > 1440) return __("The clock of this phone is wrong. The server's clock decides.");
	return minutes > 0
		? __("The clock of this phone is {0} min fast. The server's clock decides.", [minutes])
		: __("The clock of this phone is {0} min slow. The server's clock decides.", [-minutes]);
}

// The phone's key

const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
const base64url = (bytes) => base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function newKey() {
	const algorithm = { name: "ECDSA", namedCurve: "P-256" };
	const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
	const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
	const jwk = JSON.stringify({ crv, kty, x, y }); // in the order of RFC 7638, which its hash is taken of
	const thumbprint = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(jwk)));
	const key = { privateKey, jwk, thumbprint };
	await keep("key", key);
	return key;
}

// what the phone signs, in the order in which the server writes it again
const SIGNED = ["accuracy", "claimed_at", "device", "direction", "latitude", "longitude", "mock", "mode", "source_id"];

async function signed(punch) {
	const key = await kept("key");
	const text = JSON.stringify(Object.fromEntries(SIGNED.map((field) => [field, punch[field] ?? ""])));
	const algorithm = { name: "ECDSA", hash: "SHA-256" };
	const signature = await crypto.subtle.sign(algorithm, key.privateKey, new TextEncoder().encode(text));
	return { ...punch, signature: base64url(signature) };
}

async function register() {
	if (!globalThis.crypto?.subtle) throw new Error(__("This browser cannot keep a key. Open the page over https, or update the browser."));
	navigator.storage?.persist?.();
	const key = (await kept("key")) || (await newKey());
	const label = navigator.userAgent.replace(/^.*?\(|\).*$/g, "").slice(0, 140);
	await change("register_device", { public_key: key.jwk, label });
	await refresh();
}

// The punch

/** Where the phone is, as texts, and what to say when it does not know. */
function position() {
	const none = { latitude: "", longitude: "", accuracy: "" };
	const problems = ["", __("You have not allowed the position."), __("The phone does not know its position."), __("The phone found no position in time.")];
	return new Promise((resolve) => {
		if (!navigator.geolocation) return resolve([none, problems[2]]);
		navigator.geolocation.getCurrentPosition(
			({ coords }) =>
				resolve([
					{ latitude: coords.latitude.toFixed(6), longitude: coords.longitude.toFixed(6), accuracy: coords.accuracy.toFixed(0) },
					"",
				]),
			({ code }) => resolve([none, problems[code]]),
			{ enableHighAccuracy: true, timeout: 15000, maximumAge: 0 },
		);
	});
}

async function punch(direction) {
	const key = await kept("key");
	if (!key) {
		id("register").focus();
		throw new Error(__("This phone is not registered. Press “Register this phone” first."));
	}
	const claimed_at = new Date(now()).toISOString().slice(0, 19);
	say(__("Looking for your position…"));
	const [where, problem] = await position();
	const source_id = base64url(crypto.getRandomValues(new Uint8Array(16)));
	const mode = new FormData(id("punch")).get("mode");
	const fresh = await signed({ source_id, direction, mode, claimed_at, device: key.thumbprint, ...where });
	await store("queue", (all) => all.put({ ...fresh, user: me.user, pressed: Date.now() }));
	say(`${__("Sending…")} ${problem}`);
	await send();
}

let sending = null;
const send = () => (sending ??= sendAll().finally(() => (sending = null)));

/** Send what waits, oldest first. What the server refuses stays to be read; what it never got is tried again. */
async function sendAll() {
	for (const waiting of await queue()) {
		if (waiting.refused) continue;
		const { user, pressed, ...values } = waiting;
		try {
			const result = await change("punch", values);
			await store("queue", (all) => all.delete(waiting.source_id));
			tell(result);
		} catch (trouble) {
			if (trouble instanceof Unreachable || trouble.later) {
				say(`${trouble.message} ${__("The punch is kept on this phone and is sent as soon as possible.")}`, "note");
				break;
			}
			if (!(trouble instanceof Refusal)) throw trouble;
			await store("queue", (all) => all.put({ ...waiting, refused: trouble.message }));
			say(trouble.message, "bad");
		}
	}
}

function tell(result) {
	const flags = result.flags.map((flag, place) => FLAGS[flag] || result.flag_words[place]);
	const said = __("{0} recorded at {1}.", [DIRECTIONS[result.direction], hour(result.counted_at)]);
	const long = { weekday: "long", day: "numeric", month: "long" };
	const day = result.day === me.day.day ? "" : __("It counts for {0}.", [format(result.day, long)]);
	say([said, day, ...flags].filter(Boolean).join(" "), flags.length ? "note" : "good");
}

// What is shown

function say(text, kind = "", where = id("said")) {
	where.textContent = text;
	where.className = where.className.replace(/ ?(good|bad|note)/, "") + (kind && ` ${kind}`);
}

function fill(list, rows, make) {
	list.replaceChildren(...rows.map(make));
}

function element(tag, ...content) {
	const made = document.createElement(tag);
	made.append(...content);
	return made;
}

function paint() {
	const { person, day } = me;
	id("who").textContent = person ? person.personnel_name : me.user;
	id("where").textContent = person ? [person.position, person.opd_name].filter(Boolean).join(" · ") : __("You are not in the list of personnel.");
	id("today").textContent = format(me.day.day, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
	const hours = day.start ? `${hour(day.start)}–${hour(day.end)}` : __("No working hours");
	id("hours").textContent = [DUTY[person?.duty_status], day.holiday || hours, PLACES[day.place], KINDS[day.permit]].filter(Boolean).join(" · ");
	id("recorded").textContent = `${DIRECTIONS.In} ${hour(day.first_in)} · ${DIRECTIONS.Out} ${hour(day.last_out)}`;
	paintPunch();
	paintPhone();
	paintDays(me.days || []);
	paintRequests(me.requests);
	tick();
}

function paintPunch() {
	const [next, other] = me.day.next === "Out" ? ["Out", "In"] : ["In", "Out"];
	for (const [button, direction] of [[id("next"), next], [id("other"), other]]) {
		button.value = direction;
		button.textContent = DIRECTIONS[direction];
		button.disabled = !me.person;
	}
	if (!chosen && MODES[me.day.place]) id("punch").elements.mode.value = MODES[me.day.place];
}

function paintPhone() {
	const said = {
		Approved: "",
		Requested: __("Waiting for your OPD to approve this phone. Until then nothing can be recorded with it."),
		Refused: __("Your OPD refused this phone. Ask there why."),
		Revoked: __("This phone is no longer approved. Ask your OPD."),
	}[me.device?.status];
	id("phone-words").textContent = said ?? __("Attendance is recorded only with a phone that your OPD has approved.");
	id("phone").hidden = said === "" || !me.person;
	id("register").hidden = Boolean(me.device);
}

async function paintQueue() {
	const punches = await queue();
	id("waiting").hidden = !punches.length;
	fill(id("queue"), punches, (punch) => {
		const line = element("li", `${DIRECTIONS[punch.direction]} ${hour(punch.claimed_at)}. ${punch.refused || ""} `);
		if (punch.refused) {
			const button = element("button", __("Remove"));
			button.onclick = () => store("queue", (all) => all.delete(punch.source_id)).then(paintQueue);
			line.append(button);
		}
		return line;
	});
}

function paintDays(days) {
	fill(id("days"), days, (day) => {
		const name = element("th", format(day.day, { weekday: "short", day: "numeric", month: "short" }));
		name.scope = "row";
		const late = [[day.minutes_late, __("late {0} min")], [day.minutes_early, __("early {0} min")], [day.missing_entries, __("missing {0}")]]
			.filter(([count]) => count)
			.map(([count, text]) => text.replace("{0}", count));
		const status = [CODES[day.code] || "–", ...late].join(", ");
		return element("tr", name, element("td", hour(day.first_in)), element("td", hour(day.last_out)), element("td", status));
	});
}

function paintRequests(requests) {
	fill(id("requests"), requests, ({ kind, from_date, to_date, docstatus }) => {
		const days = [...new Set([from_date, to_date])].map((day) => format(day, { day: "numeric", month: "short" }));
		return element("li", `${KINDS[kind] || kind} ${days.join("–")}: ${STATES[docstatus]}`);
	});
}

function tick() {
	id("clock").textContent = `${__("The server's clock: {0}.", [hour(new Date(now()).toISOString())])} ${difference()}`;
}

function connection(there) {
	id("line").textContent = there ? "" : __("Offline");
}

// Coming and going

async function ask() {
	const key = await kept("key");
	const before = Date.now();
	const answer = await call("my_day", key ? { thumbprint: key.thumbprint } : {}, "GET");
	token = answer.csrf_token;
	delete answer.csrf_token;
	const days = me?.user === answer.user ? me.days : [];
	me = { ...answer, days, ahead: parsed(answer.now) - (before + Date.now()) / 2 };
	await keep("day", me);
	connection(true);
	paint();
}

async function refresh() {
	busy(1);
	try {
		await ask();
		if (me.person) {
			await send();
			me.days = await call("my_days", { count: 10 }, "GET");
			await keep("day", me);
			paintDays(me.days);
		}
	} catch (trouble) {
		failed(trouble);
	}
	await paintQueue();
	clearTimeout(retry);
	if ((await queue()).some((punch) => !punch.refused)) retry = setTimeout(refresh, RETRY);
	busy(-1);
}

function busy(more) {
	refreshing += more;
	document.querySelector("main").ariaBusy = String(refreshing > 0);
}

function failed(trouble) {
	if (login) {
		const link = element("a", __("Log in again."));
		link.href = "/login?redirect-to=/absen";
		say(`${__("You are logged out.")} `, "bad");
		id("said").append(link);
	} else if (trouble instanceof Refusal) say(trouble.message, "bad");
	else connection(false);
}

/** Do something that a button began: once at a time, with what went wrong said where the person looks. */
function handle(form, act, where) {
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		if (form.ariaBusy === "true") return;
		form.ariaBusy = "true";
		try {
			await act(event.submitter);
		} catch (trouble) {
			const again = trouble instanceof Unreachable ? ` ${__("Try again later.")}` : "";
			say(trouble.message + again, "bad", where);
		}
		form.ariaBusy = "false";
	});
}

function request(name, method, values) {
	const form = id(name);
	const answer = form.querySelector(".answer");
	handle(form, async () => {
		await change(method, await values(Object.fromEntries(new FormData(form))));
		form.reset();
		say(__("Sent. Your OPD decides."), "good", answer);
		await refresh();
	}, answer);
}

/** A photo no larger than a letter needs to be read; anything else as it is. And its name. */
async function shrunk(file) {
	if (!file.type.startsWith("image/") || file.size < 5e5) return [file, file.name];
	const photo = await createImageBitmap(file);
	const scale = Math.min(1, 1600 / Math.max(photo.width, photo.height));
	const canvas = document.createElement("canvas");
	Object.assign(canvas, { width: photo.width * scale, height: photo.height * scale });
	canvas.getContext("2d").drawImage(photo, 0, 0, canvas.width, canvas.height);
	const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
	return [small, file.name.replace(/\.\w+$/, ".jpg")];
}

id("punch").addEventListener("change", () => (chosen = true));
handle(id("punch"), async (button) => {
	await punch(button.value);
	await refresh();
}, id("said"));
request("correction", "request_correction", async (values) => values);
request("permit", "request_permit", async ({ attachment, ...values }) => {
	if (!attachment.size) return values;
	const [file, name] = await shrunk(attachment);
	if (file.size > 2e6) throw new Error(__("The file is larger than 2 MB."));
	return { ...values, attachment_name: name, attachment_base64: base64(await file.arrayBuffer()) };
});
id("register").onclick = () => register().catch((trouble) => say(trouble.message, "bad"));
id("again").onclick = refresh;
addEventListener("online", refresh);
addEventListener("offline", () => connection(false));
document.addEventListener("visibilitychange", () => document.hidden || refresh());
setInterval(() => me && tick(), 10000);

(async () => {
	if ("serviceWorker" in navigator) navigator.serviceWorker.register("/absen-sw.js", { scope: "/absen" }).catch(console.warn);
	me = (await kept("day")) || null;
	if (me) paint();
	await refresh();
})();
