// The panel in which columns are chosen.

import { make } from "../dom.js";
import { RUN_COLUMN } from "./columns.js";

/** @typedef {import("./columns.js").Column} Column */

const LEGENDS = { attributes: "Run", metrics: "Metrics", params: "Parameters" };
const NR_WITHOUT_FILTER = 12;

/**
 * Let the panel be filled when it opens first, and call back with the chosen ids, or null for the default ones.
 * @param {HTMLElement} panel
 * @param {Map<string, Column>} columns
 * @param {(ids: string[] | null) => void} onChoose
 * @returns {(ids: string[]) => void} shows what is chosen
 */
export function makeColumnPicker(panel, columns, onChoose) {
  /** @type {HTMLInputElement[]} */
  let boxes = [];
  /** @type {Set<string>} */
  let shown = new Set();
  const check = () => {
    for (const box of boxes) box.checked = shown.has(box.value);
  };
  panel.addEventListener(
    "beforetoggle",
    () => {
      boxes = fillPanel(
        panel,
        [...columns.values()].filter(({ id }) => id !== RUN_COLUMN),
        onChoose,
      );
      check();
    },
    { once: true },
  );
  return (ids) => {
    shown = new Set(ids);
    check();
  };
}

/** @param {HTMLElement} panel @param {Column[]} columns @param {(ids: string[] | null) => void} onChoose */
function fillPanel(panel, columns, onChoose) {
  const boxes = columns.map(({ id }) => make("input", { type: "checkbox", value: id }));
  const chosen = () => boxes.filter(({ checked }) => checked).map(({ value }) => value);
  for (const box of boxes) box.addEventListener("change", () => onChoose(chosen()));
  const labels = columns.map(({ label }, index) => make("label", {}, boxes[index], make("span", {}, label)));
  const actions = [
    columns.length > NR_WITHOUT_FILTER && makeFilter(panel),
    action("Default", () => onChoose(null)),
    action("All", () => onChoose(columns.map(({ id }) => id))),
    action("None", () => onChoose([])),
  ];
  const groups = /** @type {const} */ (["attributes", "metrics", "params"]).map((scope) =>
    group(
      LEGENDS[scope],
      labels.filter((_, index) => columns[index]?.scope === scope),
    ),
  );
  panel.replaceChildren(make("div", { class: "actions" }, ...actions), ...groups);
  return boxes;
}

/** @param {string} legend @param {HTMLElement[]} labels */
function group(legend, labels) {
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
