// The empty form: whose it is, what day it is here, and what waits to be sent.
"use strict";
const two = (number) => String(number).padStart(2, "0");
const now = new Date();
const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
for (const field of document.querySelectorAll("[type=date]")) field.value = field.max = today;
document.getElementById("start").value = `${two(now.getHours())}:${two(now.getMinutes())}`;
const when = document.getElementById("when");
when.value = now.getHours() < 12 ? "pain_morning" : now.getHours() >= 14 && now.getHours() < 19 ? "pain_afternoon" : "pain";
const pad = document.querySelectorAll("fieldset.pad button");
const named = () => { for (const button of pad) button.name = when.value; };
when.addEventListener("change", named);
named();

const people = document.getElementById("person");
const forms = document.querySelectorAll("form[data-entry]");
const aimed = () => { for (const form of forms) form.action = `${people.value}/${form.dataset.entry}`; };
people.addEventListener("change", aimed);

const shown = async () => {
  const entries = await kept.all("entries");
  const list = document.getElementById("kept");
  list.replaceChildren(...entries.map((entry) => {
    const line = document.createElement("li");
    const { entry: _, ...told } = entry.fields;
    line.textContent = Object.entries(told).filter(([, text]) => text)
      .map(([name, text]) => `${list.dataset[name] ?? name}: ${text}`).join(", ");
    if (entry.refused) {
      const reason = document.createElement("strong");
      reason.textContent = ` ${list.dataset.refused} `;
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "plain";
      drop.textContent = list.dataset.drop;
      drop.addEventListener("click", () => kept.remove("entries", entry.id).then(shown));
      line.append(reason, drop);
    }
    return line;
  }));
  document.getElementById("waits").hidden = !entries.length;
};
kept.all("people").then((found) => {
  people.replaceChildren(...found.map(({ base }) => {
    const one = document.createElement("option");
    one.value = base;
    one.textContent = decodeURIComponent(base.slice("/people/".length));
    return one;
  }));
  document.getElementById("whose").hidden = found.length < 2;
  for (const form of forms) form.hidden = !found.length;
  aimed();
});
navigator.serviceWorker?.addEventListener("message", shown);
shown();
