// Light or dark: as the system has it, until the reader chooses. Runs before anything is drawn, and tells
// the style sheets that scripts run at all.
"use strict";
(() => {
  const key = "nightbook-theme";
  const page = document.documentElement;
  page.dataset.scripts = "";
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function stored() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // the reader allows no storage
    }
  }

  /** @param {string} theme */
  function store(theme) {
    try {
      localStorage.setItem(key, theme);
    } catch {
      // it holds for this page then
    }
  }

  function isDark() {
    return (page.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
  }

  // They are in the style sheet, and are unpacked when they are first asked for: now, not after a first look.
  for (const font of document.fonts) font.load();

  const chosen = stored();
  if (chosen === "light" || chosen === "dark") page.dataset.theme = chosen;

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".theme-toggle");
    if (!(button instanceof HTMLElement)) return;
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.hidden = false;
    button.addEventListener("click", () => {
      page.dataset.theme = isDark() ? "light" : "dark";
      store(page.dataset.theme);
      show();
    });
    dark.addEventListener("change", show);
    show();
  });
})();
