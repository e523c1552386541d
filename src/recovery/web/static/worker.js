// Offline entry: where the server is not reached, what was written down is kept on this device and sent later, once.
// Pages of anybody are never kept, only an empty form and its style.
"use strict";
importScripts("/static/kept.js");
const SHELL = "recovery-1";
const FILES = ["/offline", "/static/tokens.css", "/static/components.css", "/static/live.css", "/static/kept.js", "/static/offline.js"];
const LOGGED = /^(\/people\/[^/]+)\/(day|massage)$/;
const SHARED = /^(\/people\/[^/]+)\/shared$/;
const PAGE = /^\/people\/[^/]+$/;

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
  if (request.method === "POST" && LOGGED.test(path)) event.respondWith(written(request, path));
  else if (request.method === "POST" && SHARED.test(path)) event.respondWith(shared(request, SHARED.exec(path)[1]));
  else if (request.method === "GET" && request.mode === "navigate") event.respondWith(seen(request, path));
  else if (request.method === "GET" && FILES.includes(path)) event.respondWith(ours(request));
});

// A page of the server; without it the empty form.
async function seen(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.ok && PAGE.test(path)) await kept.put("people", { base: path });
    return answer;
  } catch {
    return caches.match("/offline");
  }
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

// Files that another app shares: sent as the form of the page would send them.
async function shared(request, base) {
  const files = (await request.formData()).getAll("files");
  try {
    const token = await tokenOf(base);
    const body = new FormData();
    body.append("token", token ?? ""); // before the files: else they are refused
    for (const file of files) body.append("files", file, file.name);
    const answer = await fetch(`${base}/files`, { method: "POST", body, redirect: "manual" });
    return answer.type === "opaqueredirect" ? Response.redirect(`${base}/files`, 303) : answer;
  } catch {
    return Response.redirect("/offline", 303); // the other app still has them
  }
}

// What the forms of a page carry; null where the page does not open.
async function tokenOf(base) {
  const page = await fetch(base);
  const found = /name="token" value="(\w+)"/.exec(await page.text());
  return page.ok && found ? found[1] : null;
}

function post(path, fields) {
  return fetch(path, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
}

// One at a time, oldest first; what is refused stays, with the reason.
async function send() {
  await navigator.locks.request("recovery-entries", async () => {
    for (const entry of await kept.all("entries")) {
      try {
        const token = await tokenOf(LOGGED.exec(entry.path)[1]);
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
