// How the values of a column are written: short, and alike in the whole column.

import { duration, figures, fullTime, minute, plain, triggerName } from "../format.js";
import { cellOf } from "./rows.js";

/** @typedef {import("../data.js").Value} Value */
/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./rows.js").Row} Row */

/** @typedef {{text: string, title: string}} Written `title` says more than the text, or is empty */
/** @typedef {(row: Row) => Written} Writer */

const NR_COMMIT_DIGITS = 7;
const MAX_LENGTH = 80; // of what a cell can show; the title has more
const MAX_TITLE_LENGTH = 500;

/**
 * The writer of a column's cells.
 * @param {Column} column
 * @param {Row[]} rows all that will be written: figures get the same decimals
 * @returns {Writer}
 */
export function makeWriter(column, rows) {
  const write = valueWriter(column, rows);
  return (row) => {
    const { values, note } = cellOf(row, column);
    const written = values.map((value) => write(value, row));
    const text = written.map((each) => each.text).join(note ? " … " : ", ");
    return {
      text: clip(text, MAX_LENGTH),
      title: clip(titleOf(text, written, note), MAX_TITLE_LENGTH),
    };
  };
}

/** @param {string} text @param {Written[]} written @param {string} note */
function titleOf(text, written, note) {
  const title = written.map((each) => each.title).join(", ");
  const full = title === text && text.length <= MAX_LENGTH / 4 ? "" : title;
  return [full, note].filter(Boolean).join("\n");
}

/** @param {Column} column @param {Row[]} rows @returns {(value: Value, row: Row) => Written} */
function valueWriter(column, rows) {
  switch (column.id) {
    case "start":
      return (value) => ({
        text: minute(plain(value)),
        title: fullTime(plain(value)),
      });
    case "duration_s":
      return (value) => ({
        text: duration(Number(value)),
        title: `${value} s`,
      });
    case "trigger":
      return (_, { run }) => ({ text: triggerName(run), title: run.trigger });
    case "pr":
      return (value) => ({ text: plain(value), title: "" });
    case "commit":
      return (value) => ({
        text: plain(value).slice(0, NR_COMMIT_DIGITS),
        title: plain(value),
      });
    default:
      return column.numeric
        ? numberWriter(column, rows)
        : (value) => ({ text: plain(value), title: plain(value) });
  }
}

/** @param {Column} column @param {Row[]} rows @returns {(value: Value) => Written} */
function numberWriter(column, rows) {
  const format = figures(rows.flatMap((row) => cellOf(row, column).values.map(Number)));
  return (value) => {
    const text = format(Number(value));
    return {
      text,
      title: Number(text) === value || Number.isNaN(value) ? text : plain(value),
    };
  };
}

/** @param {string} text @param {number} length */
function clip(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
