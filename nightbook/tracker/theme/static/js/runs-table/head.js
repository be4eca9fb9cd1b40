// The table's head: groups of columns, and a button to sort by each.

import { make } from "../dom.js";

/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./view-state.js").ViewState} ViewState */

const GROUPS = { attributes: "Run", metrics: "Metrics", params: "Parameters" };

/**
 * The rows of the head.
 * @param {Column[]} columns
 * @param {ViewState["sort"]} sort
 * @param {(column: Column) => void} onSort
 * @returns {HTMLTableRowElement[]}
 */
export function headOf(columns, sort, onSort) {
  const select = make("td", { class: "select" });
  const titles = columns.map((column) => title(column, sort, onSort));
  const scopes = [...new Set(columns.map(({ scope }) => scope))];
  const groups = scopes.map((scope) =>
    group(scope, columns.filter((column) => column.scope === scope).length),
  );
  return [
    make("tr", { class: "groups", "aria-rowindex": 1 }, ...groups),
    make("tr", { "aria-rowindex": 2 }, select, ...titles),
  ];
}

/** @param {keyof typeof GROUPS} scope @param {number} span */
function group(scope, span) {
  const withSelect = scope === "attributes" ? 1 : 0;
  return make("th", { scope: "colgroup", colspan: span + withSelect }, make("span", {}, GROUPS[scope]));
}

/** @param {Column} column @param {ViewState["sort"]} sort @param {(column: Column) => void} onSort */
function title(column, sort, onSort) {
  const sorted = sort.column === column.id ? (sort.descending ? "descending" : "ascending") : null;
  const goal = column.goal ? `, ${column.goal.better} is better` : "";
  const button = make(
    "button",
    {
      type: "button",
      title: column.id + goal,
      "data-focus": `sort ${column.id}`,
    },
    make("span", { class: "label" }, column.label),
    column.goal &&
      make("span", { class: "goal", "aria-hidden": "true" }, column.goal.better === "higher" ? "↑" : "↓"),
    column.goal && make("span", { class: "visually-hidden" }, goal),
    make("span", { class: "arrow", "aria-hidden": "true" }, sorted ? (sort.descending ? "▼" : "▲") : ""),
  );
  button.addEventListener("click", () => onSort(column));
  const kind =
    column.id === "outcome"
      ? "outcome-cell"
      : column.id === "start"
        ? "run"
        : column.numeric
          ? "number"
          : "text";
  return make("th", { scope: "col", class: kind, "aria-sort": sorted }, button);
}
