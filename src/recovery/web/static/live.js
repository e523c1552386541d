// The pages work without this: it shows how far a file or a run is, and takes files that are dropped.
"use strict";
const form = document.getElementById("send");
if (form) {
  const said = document.getElementById("sending");
  const bar = document.getElementById("sent");
  const send = (files) => {
    if (!files.length) return;
    const body = new FormData();
    body.append("token", form.elements.token.value); // before the files: else they are refused
    for (const file of files) body.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) { bar.max = event.total; bar.value = event.loaded; }
    };
    request.onload = () => {
      if (request.status < 400) location.reload();
      else {
        bar.hidden = true;
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        const alert = page.querySelector("[role=alert]");
        said.textContent = alert ? alert.textContent : said.dataset.failed;
      }
    };
    request.onerror = () => { bar.hidden = true; said.textContent = said.dataset.failed; };
    bar.hidden = false;
    said.textContent = said.dataset.sending;
    request.send(body);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form.elements.files.files); });
  const zone = document.getElementById("drop");
  zone.addEventListener("dragover", (event) => event.preventDefault());
  // What another app shared stands in the form, once; the person sends it.
  const address = location.pathname.replace(/\/files$/, "");
  kept.get("shared", address).then(async (found) => {
    if (!found) return;
    await kept.remove("shared", address);
    const files = new DataTransfer();
    for (const file of found.files) files.items.add(file);
    form.elements.files.files = files.files;
    form.querySelector("button").focus();
  }).catch(() => {}); // a browser that keeps nothing
  zone.addEventListener("drop", (event) => { event.preventDefault(); send(event.dataTransfer.files); });
}
const run = document.getElementById("run");
if (run && run.dataset.events) {
  const events = new EventSource(run.dataset.events);
  const bar = document.getElementById("read");
  events.addEventListener("progress", (event) => {
    const told = JSON.parse(event.data);
    if (!told.running) { events.close(); location.reload(); return; }
    if (told.step) document.getElementById("step").textContent = told.step;
    document.getElementById("left").textContent = told.left;
    if (told.total) { bar.max = told.total; bar.value = told.done; }
  });
}
if (navigator.serviceWorker) { // only with TLS, or on the computer itself
  navigator.serviceWorker.register("/worker.js");
  const send = () => navigator.serviceWorker.ready.then((worker) => worker.active.postMessage("send"));
  window.addEventListener("online", send);
  send();
}
