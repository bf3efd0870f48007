// Words, marks and figures of the mayor's page.
const { esc, number, count } = kupang_hr;
const in_people = kupang_hr.people;

// "2,173 people: recommended. Not done: 1 person."
const done = (word) => ({ done, failed }) =>
	`${in_people(done)}: ${word()}.${failed ? ` ${__("Not done: {0}.", [in_people(failed)])}` : ""}`;

// What can be decided; `from`: the states it starts from, `back`: the step that takes it back.
const ACTIONS = {
	recommend: {
		title: () => __("Recommend for Renewal"),
		label: () => __("Recommend"),
		from: ["Rated"],
		back: "return",
		said: done(() => __("recommended")),
	},
	decline: {
		title: () => __("Do not renew"),
		label: () => __("Decline"),
		from: ["Rated"],
		back: "return",
		said: done(() => __("declined")),
	},
	hold: {
		title: () => __("Hold back for now"),
		label: () => __("Hold"),
		from: ["Rated", "Mayor Recommended"],
		back: "release",
		said: done(() => __("held")),
	},
	return: {
		title: () => __("Take back the decision"),
		label: () => __("Take back"),
		method: "return_to_rated",
		from: ["Mayor Recommended", "Not Renewed"],
		said: done(() => __("taken back")),
	},
	release: {
		title: () => __("Release what is held"),
		label: () => __("Release"),
		from: ["Held"],
		said: done(() => __("released")),
	},
};

// Whether an action fits a person: a refusal that a signed Termination decree has followed is not taken back.
function fits(action, { workflow_state, terminated }) {
	return ACTIONS[action].from.includes(workflow_state) && !(terminated && workflow_state === "Not Renewed");
}

// A state is told by its word and its mark, never by colour alone.
const STATES = {
	Rated: "◔",
	"Mayor Recommended": "✓",
	"SK Issued": "✔",
	"Not Renewed": "✕",
	Held: "‖",
	Draft: "○",
	Withdrawn: "→",
};
const STATE_WORDS = {
	Rated: () => __("Waits for you"),
	"Mayor Recommended": () => __("Recommended"),
	"SK Issued": () => __("SK Issued"),
	"Not Renewed": () => __("Declined"),
	Held: () => __("Held"),
	Draft: () => __("No score yet"),
	Withdrawn: () => __("Leaves"),
};
const KIND_WORDS = {
	low: () => __("Low rating"),
	unexcused: () => __("Many unexcused days"),
	unscored: () => __("No score"),
	exit: () => __("Exit recorded"),
};

// without a backslash: Frappe would take one in an included file for its own
const key = (state) => state.toLowerCase().split(" ").join("-");

function state_chip(state) {
	const word = (STATE_WORDS[state] || (() => __(state)))();
	return `<span class="meja-chip meja-state-${key(state)}"><span aria-hidden="true">${STATES[state] || "·"}</span> ${esc(word)}</span>`;
}

// The states of some people as one bar with its legend in figures.
function states_bar({ states, people }) {
	const found = Object.keys(STATES).filter((state) => states[state]);
	const parts = found.map((state) => `<span class="meja-state-${key(state)}" style="flex-grow:${states[state]}"></span>`);
	const words = found.map((state) => `<li>${state_chip(state)} <b>${number(states[state])}</b></li>`);
	return `<div class="meja-bar" aria-hidden="true">${parts.join("")}</div>
		<ul class="meja-legend">${words.join("")}<li>${__("of {0}", [in_people(people)])}</li></ul>`;
}

// How the ratings are spread, best first; low ones are striped.
function ratings_bar(ratings, of) {
	const found = ratings.filter(({ rating }) => of[rating]);
	if (!found.length) return `<span class="meja-quiet">${__("No ratings yet")}</span>`;
	const place = ({ rating, low }) => (low ? "low" : Math.min(ratings.findIndex((row) => row.rating === rating), 3));
	const parts = found.map((row) => `<span class="meja-rating-${place(row)}" style="flex-grow:${of[row.rating]}"></span>`);
	const words = found.map(({ rating, low }) => `<span class="${low ? "meja-low" : ""}">${esc(rating)} <b>${number(of[rating])}</b></span>`);
	return `<div class="meja-bar" aria-hidden="true">${parts.join("")}</div><div class="meja-spread">${words.join(" ")}</div>`;
}

function empty(title, text) {
	return `<div class="meja-empty"><h3>${title}</h3><p>${text}</p></div>`;
}

const one_decimal = (value) => format_number(value, null, 1);
