// The service worker of /absen: the page opens without a connection, as it was when last seen with one. It stands at
// the root because a worker may only answer for what lies below it. Calls of the API are not its business.
const CACHE = "absen";
const PAGE = "/absen";
const PATIENCE = 4000; // milliseconds that the network has before the kept page is shown

self.addEventListener("install", (event) => event.waitUntil(keep(PAGE).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
	const { mode, url } = event.request;
	if (mode === "navigate" && new URL(url).pathname === PAGE) event.respondWith(page(event));
});

async function keep(request) {
	const answer = await fetch(request);
	// a redirect to the login is passed on, never kept
	if (answer.ok && !answer.redirected) await (await caches.open(CACHE)).put(PAGE, answer.clone());
	return answer;
}

async function page(event) {
	const fresh = keep(event.request);
	event.waitUntil(fresh.catch(() => null));
	const kept = await caches.match(PAGE);
	if (!kept) return fresh;
	const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept));
	return Promise.race([fresh, late]).catch(() => kept);
}
