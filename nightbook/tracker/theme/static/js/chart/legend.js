// The legend's names as buttons: pointed at, focused or pressed, one makes its line stand out.

import { make } from "../dom.js";

/** @param {HTMLElement} figure @param {SVGSVGElement} svg */
export function connectLegend(figure, svg) {
  const items = [...figure.querySelectorAll(".legend [data-series]")];
  const buttons = items.map((item) => {
    const button = make("button", { type: "button", "aria-pressed": "false" }, ...item.childNodes);
    item.replaceChildren(button);
    return button;
  });
  const show = () => {
    const chosen = buttons.findIndex((button) => button.matches(":hover, :focus-visible"));
    const index =
      chosen >= 0 ? chosen : buttons.findIndex((button) => button.getAttribute("aria-pressed") === "true");
    highlight(svg, items[index]?.getAttribute("data-series") ?? null);
  };
  for (const button of buttons) {
    for (const event of ["pointerenter", "pointerleave", "focus", "blur"])
      button.addEventListener(event, show);
    button.addEventListener("click", () => {
      const isPressed = button.getAttribute("aria-pressed") === "true";
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button && !isPressed));
      show();
    });
  }
}

/** @param {SVGSVGElement} svg @param {string | null} series */
function highlight(svg, series) {
  for (const part of svg.querySelectorAll("[data-series]")) {
    part.classList.toggle("faint", series !== null && part.getAttribute("data-series") !== series);
  }
}
