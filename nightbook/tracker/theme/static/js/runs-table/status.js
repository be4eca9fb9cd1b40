// The table's contents in words, and the link to compare the selected runs.

import { siteUrl } from "../data.js";
import { make, byId } from "../dom.js";
import { counted } from "../format.js";

/** @typedef {import("./view-state.js").ViewState} ViewState */
/** @typedef {import("./view.js").View} View */

const MAX_COMPARED = 12;

/**
 * @param {View} view
 * @param {ViewState} state
 * @param {number} nrAll all runs there are
 */
export function showStatus(view, state, nrAll) {
  byId("count", HTMLElement).textContent = statusText(view, state, nrAll);
  byId("none", HTMLElement).hidden = view.rows.length > 0;
  byId("compare", HTMLElement).replaceChildren(...compareLink(state.selected));
}

/** @param {View} view @param {ViewState} state @param {number} nrAll */
function statusText({ rows, nrRuns, nrHidden, columns, shown, error }, { per }, nrAll) {
  const all = counted(nrAll, "run");
  const parts = [nrRuns === nrAll ? all : `${nrRuns.toLocaleString("en")} of ${all}`];
  if (per === "variants") parts.push(counted(rows.length, "row"));
  if (nrHidden) parts.push(`${counted(nrHidden, "column")} without a difference hidden`);
  if (shown.length < columns.length)
    parts.push(`the first ${shown.length} of ${counted(columns.length, "column")}`);
  if (error) parts.push("the mistake in the search left aside");
  return parts.join(", ");
}

/** @param {string[]} selected */
function compareLink(selected) {
  if (selected.length === 0) return [];
  if (selected.length === 1) return ["1 run selected: choose another to compare"];
  if (selected.length > MAX_COMPARED)
    return [`${selected.length} runs selected: at most ${MAX_COMPARED} can be compared`];
  const href = `${siteUrl("compare/")}?${new URLSearchParams({ runs: selected.join(",") })}`;
  return [make("a", { class: "button primary", href }, `Compare ${selected.length} runs`)];
}
