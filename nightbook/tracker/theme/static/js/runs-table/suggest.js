// What could be typed next in the search box: names, comparisons, values, and, or.

import { ExpressionError, parse, tokenize } from "./expression.js";
import { resolve, written } from "./fields.js";

/** @typedef {import("../data.js").Run} Run */
/** @typedef {import("./expression.js").Token} Token */
/** @typedef {import("./fields.js").Field} Field */

/** @typedef {{text: string, hint: string}} Option */
/** @typedef {{start: number, end: number, options: Option[]}} Suggestions to stand from start to end */

const MAX_OPTIONS = 12;
const HINTS = { metrics: "metric", params: "parameter", attributes: "" };

/**
 * The suggestions for what stands before the caret.
 * @param {string} text
 * @param {number} caret
 * @param {Map<string, Field>} fields
 * @param {Run[]} runs
 * @returns {Suggestions}
 */
export function suggest(text, caret, fields, runs) {
  const start = startOfWord(tokenize(text.slice(0, caret)), caret);
  const typed = text.slice(start, caret);
  const options = expectedAfter(text.slice(0, start), fields, runs).filter((option) =>
    contains(option.text, typed),
  );
  const ranked = options.toSorted(
    (a, b) => Number(startsWith(b.text, typed)) - Number(startsWith(a.text, typed)),
  );
  const done = ranked.length === 1 && ranked[0]?.text === typed;
  return {
    start,
    end: caret,
    options: done ? [] : ranked.slice(0, MAX_OPTIONS),
  };
}

/** @param {Token[]} tokens @param {number} caret where the word begins that is being typed */
function startOfWord(tokens, caret) {
  const last = tokens.at(-2); // the very last one is the end
  if (!last || last.end < caret || (last.type === "symbol" && /[(),]/.test(last.text))) return caret;
  const before = tokens.at(-3);
  const quotedName =
    last.type !== "word" && before?.type === "word" && before.text.endsWith(".") && before.end === last.start;
  return quotedName ? before.start : last.start;
}

/** @param {string} before @param {Map<string, Field>} fields @param {Run[]} runs @returns {Option[]} */
function expectedAfter(before, fields, runs) {
  const error = errorAtEnd(before);
  if (error === "name")
    return [...fields.values()].map((field) => ({
      text: written(field),
      hint: HINTS[field.scope],
    }));
  if (error === "connective") return ["and", "or"].map((text) => ({ text, hint: "" }));
  const field = error?.subject && fieldOf(error.subject, fields);
  if (!field) return [];
  return error.expected === "operator"
    ? operators(field)
    : error.expected === "value"
      ? values(field, runs)
      : [];
}

/** @param {string} before */
function errorAtEnd(before) {
  try {
    return parse(before) ? "connective" : "name";
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    if (error.start < before.trimEnd().length && error.expected !== "connective") return null; // wrong before
    return error.expected === "name" || error.expected === "connective" ? error.expected : error;
  }
}

/** @param {import("./expression.js").Name} name @param {Map<string, Field>} fields */
function fieldOf(name, fields) {
  try {
    return resolve(name, fields);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return null;
  }
}

/** @param {Field} field @returns {Option[]} */
function operators({ kind }) {
  const inOrder = kind === "number" ? [">", ">=", "<", "<=", "=", "!="] : ["=", "!=", "like", "in"];
  return (kind === "time" ? [">=", "<=", "=", ">", "<"] : inOrder).map((text) => ({ text, hint: "" }));
}

/** @param {Field} field @param {Run[]} runs @returns {Option[]} */
function values(field, runs) {
  if (field.scope === "metrics" || ["start", "duration_s", "run_id", "commit"].includes(field.id)) return [];
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const run of runs) {
    const found = [null, ...run.variants].map((variant) => field.read({ run, variant }));
    for (const text of new Set(found.flatMap(literal))) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([text]) => ({ text, hint: "" }));
}

/** @param {import("../data.js").Value | undefined} value as it is written; none of a list */
function literal(value) {
  if (value == null || typeof value === "object") return [];
  return typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : String(value);
}

/** @param {string} option @param {string} typed */
function contains(option, typed) {
  return option.toLowerCase().includes(typed.toLowerCase().replace(/^['"]/, ""));
}

/** @param {string} option @param {string} typed */
function startsWith(option, typed) {
  return option.toLowerCase().startsWith(typed.toLowerCase());
}
