// Runs and a state in, the table to show out: which rows, in which order, with which columns.

import { extreme, plain } from "../format.js";
import { defaultColumns, findColumns, RUN_COLUMN } from "./columns.js";
import { compile } from "./evaluate.js";
import { ExpressionError } from "./expression.js";
import { findFields } from "./fields.js";
import { cellOf, compareValues, makeRows } from "./rows.js";
import { PERIODS } from "./view-state.js";

/** @typedef {import("../data.js").Goal} Goal */
/** @typedef {import("../data.js").Run} Run */
/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./evaluate.js").Test} Test */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./rows.js").Cell} Cell */
/** @typedef {import("./rows.js").MadeRows} MadeRows */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./view-state.js").ViewState} ViewState */

/**
 * @typedef {object} Catalogue all that can be shown
 * @property {Run[]} runs
 * @property {Map<string, Field>} fields
 * @property {Map<string, Column>} columns
 * @property {string[]} defaults ids of columns
 * @property {MadeRows} rows
 */

/**
 * @typedef {object} View what is shown
 * @property {Column[]} columns all that were chosen, and differ if that is wanted
 * @property {Column[]} shown those that the table has room for
 * @property {number} nrHidden columns that were chosen and do not differ
 * @property {Row[]} rows
 * @property {number} nrRuns runs among the rows
 * @property {Map<string, string>} best by column with a goal: the best value of the rows, as text
 * @property {ExpressionError | null} error of the query, which is then not applied
 */

/** Thousands of columns can be chosen, but not looked at; a download has them all. */
const MAX_SHOWN = 150;

/** @param {Run[]} runs @param {Goal[]} goals @returns {Catalogue} */
export function makeCatalogue(runs, goals) {
  const fields = findFields(runs);
  const columns = findColumns(fields, goals, runs);
  return { runs, fields, columns, defaults: defaultColumns(columns, runs), rows: new Map() };
}

/**
 * @param {Catalogue} catalogue
 * @param {ViewState} state
 * @param {number} nowMs
 * @returns {View}
 */
export function makeView(catalogue, state, nowMs) {
  const { test, error } = compileQuery(state.query, catalogue.fields);
  const runs = catalogue.runs.filter(timeFilter(state, nowMs)).filter(outcomeFilter(state));
  const rows = sortRows(makeRows(runs, state.per, test, catalogue.rows), state, catalogue.columns);
  const chosen = chosenColumns(catalogue, state);
  const columns = state.differ
    ? chosen.filter((column) => column.id === RUN_COLUMN || varies(rows, column))
    : chosen;
  return {
    columns,
    shown: columns.slice(0, MAX_SHOWN),
    nrHidden: chosen.length - columns.length,
    rows,
    nrRuns: new Set(rows.map(({ run }) => run)).size,
    best: bestValues(rows, columns),
    error,
  };
}

/**
 * The chosen columns, the run's own always among them: attributes, metrics, parameters; of rows per variant
 * the parameters, which tell the rows apart, before the metrics.
 * @param {Catalogue} catalogue
 * @param {ViewState} state
 */
export function chosenColumns({ columns, defaults }, state) {
  const ids = new Set([...(state.columns ?? defaults), RUN_COLUMN]);
  const scopes =
    state.per === "variants" ? ["attributes", "params", "metrics"] : ["attributes", "metrics", "params"];
  return [...columns.values()]
    .filter(({ id }) => ids.has(id))
    .toSorted((a, b) => scopes.indexOf(a.scope) - scopes.indexOf(b.scope));
}

/** @param {string} query @param {Map<string, Field>} fields @returns {{test: Test, error: ExpressionError | null}} */
function compileQuery(query, fields) {
  try {
    return { test: compile(query, fields), error: null };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { test: () => true, error };
  }
}

/** @param {ViewState} state @param {number} nowMs @returns {(run: Run) => boolean} */
function timeFilter({ since, from, to }, nowMs) {
  const hours = PERIODS.get(since);
  if (hours) {
    const first = new Date(nowMs - hours * 3_600_000).toISOString();
    return ({ start }) => start >= first;
  }
  return ({ start }) =>
    (!from || start >= from) && (!to || (start !== "" && start.slice(0, to.length) <= to));
}

/** @param {ViewState} state @returns {(run: Run) => boolean} */
function outcomeFilter({ outcomes }) {
  return ({ outcome }) => outcomes.length === 0 || outcomes.includes(outcome);
}

/** @param {Row[]} rows newest first @param {ViewState} state @param {Map<string, Column>} columns @returns {Row[]} */
function sortRows(rows, { sort: { column: id, descending } }, columns) {
  const column = columns.get(id);
  if (!column) return rows;
  const sign = descending ? -1 : 1;
  const key = (/** @type {Row} */ row) => cellOf(row, column).values.at(descending ? -1 : 0);
  return rows
    .map((row) => ({ row, value: key(row) }))
    .toSorted(
      (a, b) => unknownLast(a.value, b.value) ?? sign * compareValues(a.value ?? null, b.value ?? null),
    )
    .map(({ row }) => row);
}

/**
 * The order if one of two is not known or not a number, in whichever direction is sorted.
 * @param {unknown} a
 * @param {unknown} b
 */
function unknownLast(a, b) {
  const difference = oddness(a) - oddness(b);
  return difference || oddness(a) === 2 ? difference : null;
}

/** @param {unknown} value */
function oddness(value) {
  return value === undefined ? 2 : Number(Number.isNaN(value));
}

/** @param {Row[]} rows @param {Column} column */
function varies(rows, column) {
  return new Set(rows.map((row) => JSON.stringify(cellOf(row, column).values.map(plain)))).size > 1;
}

/** @param {Row[]} rows @param {Column[]} columns */
function bestValues(rows, columns) {
  /** @type {Map<string, string>} */
  const best = new Map();
  for (const column of columns) {
    if (!column.goal) continue;
    const numbers = rows.flatMap((row) => cellOf(row, column).values.map(Number)).filter(Number.isFinite);
    if (new Set(numbers).size < 2) continue; // nothing is better than the rest
    const better = column.goal.better === "higher" ? Math.max : Math.min;
    best.set(column.id, plain(extreme(numbers, better, Number(numbers[0]))));
  }
  return best;
}
