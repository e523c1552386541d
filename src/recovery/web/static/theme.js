// Light or dark as the reader chose, kept in this browser; before the page is drawn, so that it does not flash.
"use strict";
const root = document.documentElement;
const chosen = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
if (["light", "dark"].includes(chosen())) root.dataset.theme = chosen();
document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not kept */ }
  });
});
