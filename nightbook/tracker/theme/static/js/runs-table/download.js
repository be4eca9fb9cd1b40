// The rows that are shown, as files for other programs.

import { plain } from "../format.js";
import { cellOf } from "./rows.js";

/** @typedef {import("../data.js").Value} Value */
/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./rows.js").Row} Row */

/**
 * The rows as CSV, https://www.rfc-editor.org/rfc/rfc4180, with the columns' ids as header.
 * @param {Row[]} rows
 * @param {Column[]} columns
 */
export function toCsv(rows, columns) {
  const shown = withoutRunId(columns);
  const header = ["run_id", ...shown.map(({ id }) => id)];
  const lines = rows.map((row) => [
    row.run.run_id,
    ...shown.map((column) => single(cellOf(row, column).values)),
  ]);
  return [header, ...lines].map((line) => `${line.map(csvField).join(",")}\r\n`).join("");
}

/**
 * The rows as a JSON list of objects; not finite numbers are text, as in the site's own data.
 * @param {Row[]} rows
 * @param {Column[]} columns
 */
export function toJson(rows, columns) {
  const shown = withoutRunId(columns);
  const objects = rows.map((row) =>
    Object.fromEntries([
      ["run_id", row.run.run_id],
      ...shown.map((column) => [column.id, jsonValue(cellOf(row, column).values)]),
    ]),
  );
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/**
 * Let the browser save a text as a file.
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
export function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers read it later
}

/** @param {Column[]} columns */
function withoutRunId(columns) {
  return columns.filter(({ id }) => id !== "run_id"); // every row begins with it
}

/** @param {Value[]} values @returns {Value} several values of a run's variants are one text */
function single(values) {
  return values.length > 1 ? values.map(plain).join(" … ") : (values[0] ?? "");
}

/** @param {Value[]} values */
function jsonValue(values) {
  const safe = values.map((value) =>
    typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))
      ? String(value)
      : value,
  );
  return safe.length > 1 ? safe : (safe[0] ?? null);
}

/**
 * A field, in quotes where it must be. Text that a spreadsheet would take for a formula gets an
 * apostrophe, https://owasp.org/www-community/attacks/CSV_Injection; numbers are left alone.
 * @param {Value} value
 */
function csvField(value) {
  const text = plain(value);
  const guarded = typeof value !== "number" && /^[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
