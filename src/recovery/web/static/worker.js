// Offline entry: where the server is not reached, what was written down is kept on this device and sent later, once.
// Pages of anybody are never kept, only an empty form and its style.
"use strict";
importScripts("/static/kept.js");
const SHELL = "recovery-2";
const FILES = ["/offline", "/static/tokens.css", "/static/components.css", "/static/live.css", "/static/kept.js", "/static/offline.js"];
const LOGGED = /^(\/people\/[^/]+)\/(day|massage)$/;
const SHARED = /^(\/people\/[^/]+)\/shared$/;
const PAGE = /^\/people\/[^/]+$/;
const NOT_REACHED = [502, 503, 504]; // a proxy before the server that answers for it
const NO_SUCH_PERSON = 404;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener("message", (event) => { if (event.data === "send") event.waitUntil(send()); });

self.addEventListener("fetch", (event) => {
  const { request } = event, path = new URL(request.url).pathname;
  if (request.method === "POST" && LOGGED.test(path) && isOwn(request)) event.respondWith(written(request, path));
  else if (request.method === "POST" && SHARED.test(path)) event.respondWith(shared(request, SHARED.exec(path)[1]));
  else if (request.method === "GET" && request.mode === "navigate") event.respondWith(seen(request, path));
  else if (request.method === "GET" && FILES.includes(path)) event.respondWith(ours(request));
});

// A form of one of our pages: a page of another site can post here too, but cannot tell our address as its own. What it
// posts goes to the server, which refuses it; kept here it would be sent later, with a token.
function isOwn(request) {
  return request.referrer.startsWith(`${self.location.origin}/`);
}

// What the server answers; where a proxy says that it is not reached, as where nobody answers.
async function reached(...asked) {
  const answer = await fetch(...asked);
  if (NOT_REACHED.includes(answer.status) && !answer.headers.has("content-security-policy")) throw new TypeError("not reached");
  return answer;
}

// A page of the server; without it the empty form. Whose page is gone or closed is no more known here.
async function seen(request, path) {
  let answer;
  try {
    answer = await reached(request);
  } catch {
    return caches.match("/offline");
  }
  try {
    if (PAGE.test(path) && answer.ok) await kept.put("people", { base: path });
    else if (PAGE.test(path) && answer.status === NO_SUCH_PERSON) await kept.remove("people", path);
  } catch { /* a browser that keeps nothing: the page is shown all the same */ }
  return answer;
}

async function ours(request) {
  try { return await fetch(request); } catch { return caches.match(request); }
}

// What was written down, sent with a name of its own; where nobody answers it is kept under that name.
async function written(request, path) {
  const fields = Object.fromEntries((await request.formData()).entries());
  fields.entry = crypto.randomUUID();
  try {
    const answer = await post(path, fields);
    return answer.type === "opaqueredirect" ? Response.redirect(LOGGED.exec(path)[1], 303) : answer;
  } catch {
    delete fields.token; // of a session that may be over then
    await kept.put("entries", { id: fields.entry, path, fields, made: new Date().toISOString() });
    return Response.redirect("/offline", 303);
  }
}

// Files that another app shares: they stand in the form of the page, and the person sends them. Nothing tells the other
// app from a page of another site that posts here, so nothing is sent by itself.
async function shared(request, base) {
  const files = (await request.formData()).getAll("files").filter((file) => file instanceof File);
  await kept.put("shared", { base, files });
  return Response.redirect(`${base}/files`, 303);
}

// What the forms of a page carry, and the status with which the page came.
async function tokenOf(base) {
  const page = await reached(base);
  const found = /name="token" value="(\w+)"/.exec(await page.text());
  return { token: page.ok && found ? found[1] : null, status: page.status };
}

function post(path, fields) {
  return reached(path, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
}

// One at a time, oldest first; what is refused stays, with the reason.
async function send() {
  await navigator.locks.request("recovery-entries", async () => {
    for (const entry of await kept.all("entries")) {
      try {
        const { token, status } = await tokenOf(LOGGED.exec(entry.path)[1]);
        if (status === NO_SUCH_PERSON) await kept.put("entries", { ...entry, refused: status }); // the others still go
        if (status === NO_SUCH_PERSON) continue;
        if (!token) return;
        const answer = await post(entry.path, { ...entry.fields, token });
        if (answer.type === "opaqueredirect" || answer.ok) await kept.remove("entries", entry.id);
        else if (answer.status !== 429) await kept.put("entries", { ...entry, refused: answer.status });
      } catch {
        return;
      }
    }
  });
  for (const page of await self.clients.matchAll()) page.postMessage("sent");
}
