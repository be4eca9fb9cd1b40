// The filters beside the search box: outcomes, time, what a row is, columns that differ.

import { make, byId } from "../dom.js";
import { glyph, OUTCOMES, outcomeClass } from "../outcome.js";

/** @typedef {import("../data.js").Run} Run */
/** @typedef {import("./view-state.js").ViewState} ViewState */

/**
 * Connect the filters with the state.
 * @param {Run[]} runs
 * @param {(change: Partial<ViewState>) => void} onChange
 * @returns {(state: ViewState) => void} shows a state
 */
export function connectFilters(runs, onChange) {
  const outcomes = makeOutcomes(byId("outcomes", HTMLElement), runs, onChange);
  const showTime = connectTime(onChange);
  const differ = byId("differ", HTMLInputElement);
  differ.addEventListener("change", () => onChange({ differ: differ.checked }));
  const per = [...byId("per", HTMLElement).querySelectorAll("input")];
  for (const radio of per) {
    radio.addEventListener("change", () =>
      onChange({ per: radio.value === "variants" ? "variants" : "runs" }),
    );
  }
  return (state) => {
    for (const box of outcomes) box.checked = state.outcomes.includes(box.value);
    for (const radio of per) radio.checked = radio.value === state.per;
    differ.checked = state.differ;
    showTime(state);
  };
}

/** @param {(change: Partial<ViewState>) => void} onChange @returns {(state: ViewState) => void} */
function connectTime(onChange) {
  const time = byId("time", HTMLSelectElement);
  const [from, to] = [byId("from", HTMLInputElement), byId("to", HTMLInputElement)];
  let isBetween = false; // chosen, though no day may be written yet
  time.addEventListener("change", () => {
    isBetween = time.value === "between";
    onChange({ since: isBetween ? "" : time.value, from: "", to: "" });
  });
  from.addEventListener("change", () => onChange({ from: from.value }));
  to.addEventListener("change", () => onChange({ to: to.value }));
  return (state) => {
    isBetween &&= !state.since;
    time.value = state.from || state.to || isBetween ? "between" : state.since;
    byId("days", HTMLElement).hidden = time.value !== "between";
    [from.value, to.value] = [state.from, state.to];
  };
}

/** @param {HTMLElement} fieldset @param {Run[]} runs @param {(change: Partial<ViewState>) => void} onChange */
function makeOutcomes(fieldset, runs, onChange) {
  const there = OUTCOMES.filter((outcome) => runs.some((run) => run.outcome === outcome));
  const boxes = there.map((value) => make("input", { type: "checkbox", value }));
  const chosen = () => boxes.filter(({ checked }) => checked).map(({ value }) => value);
  for (const box of boxes) box.addEventListener("change", () => onChange({ outcomes: chosen() }));
  fieldset.append(
    ...boxes.map((box) => chip(box, runs.filter(({ outcome }) => outcome === box.value).length)),
  );
  return boxes;
}

/** @param {HTMLInputElement} box @param {number} count */
function chip(box, count) {
  const mark = make("span", { class: "glyph", "aria-hidden": "true" }, glyph(box.value));
  const text = make("span", {}, `${box.value} `, make("span", { class: "count" }, String(count)));
  return make("label", { class: `chip ${outcomeClass(box.value)}` }, box, mark, text);
}
