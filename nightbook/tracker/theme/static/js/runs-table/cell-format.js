// The text of table cells: short, and alike in a whole column.

import { duration, figures, fullTime, minute, plain, triggerName } from "../format.js";
import { cellOf } from "./rows.js";

/** @typedef {import("../data.js").Value} Value */
/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./rows.js").Row} Row */

/**
 * @typedef {object} Writer
 * @property {(row: Row) => string} text
 * @property {(row: Row) => string} title says more than the text, or is empty; only for rows in sight: it is slow
 */
/** @typedef {(value: Value, row: Row) => string} Write */

const NR_COMMIT_DIGITS = 7;
const MAX_LENGTH = 80; // of what a cell can show; the title has more
const MAX_TITLE_LENGTH = 500;
const LONG = 20; // such a text may be cut off by its cell

/**
 * The writer of a column's cells.
 * @param {Column} column
 * @param {Row[]} rows all that will be written: figures get the same decimals
 * @returns {Writer}
 */
export function makeWriter(column, rows) {
  const short = shortWrite(column, rows);
  const full = fullWrite(column);
  const text = (/** @type {Row} */ row) => {
    const { values, note } = cellOf(row, column);
    return clip(values.map((value) => short(value, row)).join(note ? " … " : ", "), MAX_LENGTH);
  };
  const title = (/** @type {Row} */ row) => {
    const { values, note } = cellOf(row, column);
    const all = values.map((value) => full(value, row)).join(", ");
    const isTold = all === text(row) && all.length <= LONG;
    return clip([isTold ? "" : all, note].filter(Boolean).join("\n"), MAX_TITLE_LENGTH);
  };
  return { text, title };
}

/** @param {Column} column @param {Row[]} rows @returns {Write} */
function shortWrite(column, rows) {
  switch (column.id) {
    case "start":
      return (value) => minute(plain(value));
    case "duration_s":
      return (value) => duration(Number(value));
    case "trigger":
      return (_, { run }) => triggerName(run);
    case "commit":
      return (value) => plain(value).slice(0, NR_COMMIT_DIGITS);
    case "pr":
      return plain;
  }
  if (!column.numeric) return plain;
  const format = figures(rows.flatMap((row) => cellOf(row, column).values.map(Number)));
  return (value) => (typeof value === "bigint" ? plain(value) : format(Number(value)));
}

/** @param {Column} column @returns {Write} */
function fullWrite({ id }) {
  if (id === "start") return (value) => fullTime(plain(value));
  return id === "duration_s" ? (value) => `${value} s` : plain;
}

/** @param {string} text @param {number} length */
function clip(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
