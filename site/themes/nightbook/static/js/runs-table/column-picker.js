// The panel in which columns are chosen.

import { make } from "../dom.js";
import { RUN_COLUMN } from "./columns.js";

/** @typedef {import("./columns.js").Column} Column */

const LEGENDS = { attributes: "Run", metrics: "Metrics", params: "Parameters" };
const NR_WITHOUT_FILTER = 12;

/**
 * Fill the panel, and call back with the chosen ids, or null for the default ones.
 * @param {HTMLElement} panel
 * @param {Map<string, Column>} columns
 * @param {(ids: string[] | null) => void} onChoose
 * @returns {(ids: string[]) => void} shows what is chosen
 */
export function makeColumnPicker(panel, columns, onChoose) {
  const all = [...columns.values()].filter(({ id }) => id !== RUN_COLUMN);
  const boxes = all.map((column) => ({
    column,
    box: make("input", { type: "checkbox", value: column.id }),
  }));
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ column }) => column.id);
  for (const { box } of boxes) box.addEventListener("change", () => onChoose(chosen()));
  const lists = /** @type {const} */ (["attributes", "metrics", "params"]).map((scope) =>
    group(
      LEGENDS[scope],
      boxes.filter(({ column }) => column.scope === scope),
    ),
  );
  panel.replaceChildren(
    make(
      "div",
      { class: "actions" },
      all.length > NR_WITHOUT_FILTER && makeFilter(panel),
      action("Default", () => onChoose(null)),
      action("All", () => onChoose(all.map(({ id }) => id))),
      action("None", () => onChoose([])),
    ),
    ...lists,
  );
  return (ids) => {
    const wanted = new Set(ids);
    for (const { column, box } of boxes) box.checked = wanted.has(column.id);
  };
}

/** @param {string} legend @param {{column: Column, box: HTMLInputElement}[]} boxes */
function group(legend, boxes) {
  const labels = boxes.map(({ column, box }) => make("label", {}, box, make("span", {}, column.label)));
  return make("fieldset", { hidden: labels.length === 0 }, make("legend", {}, legend), ...labels);
}

/** @param {HTMLElement} panel */
function makeFilter(panel) {
  const filter = make("input", {
    type: "search",
    placeholder: "Filter names",
    "aria-label": "Filter the names of columns",
  });
  filter.addEventListener("input", () => {
    const typed = filter.value.trim().toLowerCase();
    for (const label of panel.querySelectorAll("label")) {
      label.hidden = !label.textContent.toLowerCase().includes(typed);
    }
  });
  return filter;
}

/** @param {string} text @param {() => void} onClick */
function action(text, onClick) {
  const button = make("button", { type: "button" }, text);
  button.addEventListener("click", onClick);
  return button;
}
