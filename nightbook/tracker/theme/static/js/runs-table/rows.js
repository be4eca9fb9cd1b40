// Runs as rows: one per run, or one per variant; and what stands in their cells.

import { plain } from "../format.js";

/** @typedef {import("../data.js").Goal} Goal */
/** @typedef {import("../data.js").Run} Run */
/** @typedef {import("../data.js").Value} Value */
/** @typedef {import("../data.js").Variant} Variant */
/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./evaluate.js").Test} Test */

/**
 * @typedef {object} Row
 * @property {string} key
 * @property {Run} run
 * @property {Variant | null} variant of rows per variant
 * @property {Map<string, Cell>} cells those that were asked for, by the column's id
 */

/**
 * @typedef {object} Cell
 * @property {Value[]} values none if not known; several, in order, if the variants of a run differ
 * @property {string} note where the value comes from, if that needs saying
 */

/** @type {Cell} */
const UNKNOWN = { values: [], note: "" };

/** @typedef {Map<Run | Variant, Row>} MadeRows rows that are there already, with the cells they were asked for */

/**
 * The rows of the runs that pass. A run passes if its own values do or those of one of its variants.
 * @param {Run[]} runs
 * @param {"runs" | "variants"} per
 * @param {Test} test
 * @param {MadeRows} made
 * @returns {Row[]}
 */
export function makeRows(runs, per, test, made) {
  return runs.flatMap((run) => {
    const passing = run.variants.filter((variant) => test({ run, variant }));
    if (per === "variants" && run.variants.length) return passing.map((variant) => rowOf(made, run, variant));
    return passing.length || test({ run, variant: null }) ? [rowOf(made, run, null)] : [];
  });
}

/**
 * What stands in a row's cell.
 * @param {Row} row
 * @param {Column} column
 * @returns {Cell}
 */
export function cellOf(row, column) {
  let cell = row.cells.get(column.id);
  if (!cell) {
    cell = findCell(row, column);
    row.cells.set(column.id, cell);
  }
  return cell;
}

/**
 * A variant in words: nr_train_images = 600.
 * @param {Variant} variant
 */
export function variantName({ params }) {
  return [...params].map(([name, value]) => `${name} = ${plain(value)}`).join(", ");
}

/** @param {MadeRows} made @param {Run} run @param {Variant | null} variant @returns {Row} */
function rowOf(made, run, variant) {
  const owner = variant ?? run;
  let row = made.get(owner);
  if (!row) {
    const key = variant ? `${run.run_id} ${run.variants.indexOf(variant)}` : run.run_id;
    row = { key, run, variant, cells: new Map() };
    made.set(owner, row);
  }
  return row;
}

/** @param {Row} row @param {Column} column @returns {Cell} */
function findCell({ run, variant }, { read, scope, goal }) {
  const own = read({ run, variant });
  if (own !== undefined) return { values: [own], note: "" };
  if (variant || scope === "attributes") return UNKNOWN;
  const found = run.variants.flatMap((each) => {
    const value = read({ run, variant: each });
    return value === undefined ? [] : [{ value, variant: each }];
  });
  if (scope === "params") return { values: distinct(found.map(({ value }) => value)), note: "" };
  return goal ? best(found, goal) : range(found.map(({ value }) => Number(value)));
}

/** @param {{value: Value, variant: Variant}[]} found @param {Goal} goal @returns {Cell} */
function best(found, goal) {
  const sign = goal.better === "higher" ? -1 : 1;
  const [first] = found.toSorted((a, b) => compareNumbers(sign * Number(a.value), sign * Number(b.value)));
  if (!first) return UNKNOWN;
  const note =
    found.length > 1
      ? `best of ${found.length} variants: ${variantName(first.variant)}`
      : variantName(first.variant);
  return { values: [first.value], note };
}

/** @param {number[]} numbers @returns {Cell} */
function range(numbers) {
  const values = distinct(numbers);
  if (values.length <= 1) return { values, note: "" };
  const ends = /** @type {Value[]} */ ([values[0], values.at(-1)]);
  return { values: ends, note: `from … to of ${numbers.length} variants` };
}

/** @param {Value[]} values @returns {Value[]} each once, in order */
function distinct(values) {
  return [...new Map(values.map((value) => [plain(value), value])).values()].toSorted(compareValues);
}

const collator = new Intl.Collator("en", { numeric: true });

/**
 * The order of two values: numbers, then NaN, then text.
 * @param {Value} a
 * @param {Value} b
 */
export function compareValues(a, b) {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (isNumber(a) || isNumber(b)) return isNumber(a) ? -1 : 1;
  return collator.compare(plain(a), plain(b));
}

/** @param {Value} value @returns {value is number | bigint} */
function isNumber(value) {
  return typeof value === "number" || typeof value === "bigint";
}

/** @param {number | bigint} a @param {number | bigint} b */
function compareNumbers(a, b) {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}
