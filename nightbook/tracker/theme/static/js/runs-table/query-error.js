// What is wrong with an expression: in words, and under its place in the text.

import { make } from "../dom.js";

/** @typedef {import("./expression.js").ExpressionError} ExpressionError */

/**
 * @param {string} text the expression
 * @param {ExpressionError} error
 * @returns {HTMLElement[]}
 */
export function errorNodes(text, { message, start, end }) {
  const wrong = text.slice(start, end);
  const mark = make("mark", { class: wrong ? null : "caret" }, wrong);
  const sentence = `At character ${start + 1}: ${message}${message.endsWith("?") ? "" : "."}`;
  return [
    make("p", {}, ...withCode(sentence)),
    make("code", { "aria-hidden": "true" }, text.slice(0, start), mark, text.slice(end)),
  ];
}

/** @param {string} text in which code stands between backticks */
function withCode(text) {
  return text.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));
}
