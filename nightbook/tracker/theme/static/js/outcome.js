// An outcome as a mark, a word and a colour: never by the colour alone.

import { make } from "./dom.js";

const GLYPHS = new Map([
  ["success", "✓"],
  ["failure", "✗"],
  ["timeout", "◷"],
  ["interrupted", "ϟ"],
  ["not run", "○"],
  ["no longer in the pipeline", "–"],
  ["running", "▸"],
  ["unreadable", "?"],
]);

const OF_TASKS = ["not run", "no longer in the pipeline"];

/** What a run can be: some outcomes are of tasks only. */
export const OUTCOMES = [...GLYPHS.keys()].filter((outcome) => !OF_TASKS.includes(outcome));

/**
 * The mark of an outcome.
 * @param {string} outcome
 */
export function glyph(outcome) {
  return GLYPHS.get(outcome) ?? "?";
}

/**
 * The class of an outcome in the style sheets.
 * @param {string} outcome
 */
export function outcomeClass(outcome) {
  return `outcome-${outcome.replaceAll(" ", "-")}`;
}

/**
 * Mark and word.
 * @param {string} outcome
 */
export function outcomeMark(outcome) {
  return make(
    "span",
    { class: `outcome ${outcomeClass(outcome)}` },
    make("span", { class: "glyph", "aria-hidden": "true" }, glyph(outcome)),
    make("span", { class: "word" }, outcome),
  );
}
