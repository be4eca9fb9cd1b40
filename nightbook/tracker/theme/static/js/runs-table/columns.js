// The columns that can be shown, and those that are shown unless the reader chooses.

import { plain } from "../format.js";

/** @typedef {import("../data.js").Goal} Goal */
/** @typedef {import("../data.js").Run} Run */
/** @typedef {import("./fields.js").Field} Field */

/** @typedef {Field & {label: string, goal: Goal | undefined, numeric: boolean}} Column */

/** @type {{[id: string]: string}} */
const LABELS = { duration_s: "duration", pr: "PR", run_id: "run id" };
const DEFAULT_ATTRIBUTES = ["outcome", "start", "duration_s", "trigger", "branch", "commit", "actor"];
const NR_DEFAULT_METRICS = 4;
const NR_DEFAULT_PARAMS = 3;

/** The column with the link to the run: it is always there. */
export const RUN_COLUMN = "start";

/**
 * All columns: attributes; metrics, those with a goal first; parameters.
 * @param {Map<string, Field>} fields
 * @param {Goal[]} goals
 * @param {Run[]} runs
 * @returns {Map<string, Column>}
 */
export function findColumns(fields, goals, runs) {
  const goalOf = findGoals(goals, runs);
  const ranks = new Map(goals.map((goal, rank) => [goal, rank]));
  const rank = (/** @type {Field} */ { name, scope }) =>
    ranks.get(/** @type {Goal} */ (scope === "metrics" ? goalOf.get(name) : undefined)) ??
    (scope === "attributes" ? -1 : scope === "metrics" ? goals.length : goals.length + 1);
  const ordered = [...fields.values()].toSorted((a, b) => rank(a) - rank(b));
  return new Map(ordered.map((field) => [field.id, makeColumn(field, goalOf, runs)]));
}

/**
 * The ids of the columns to begin with: the goals' metrics, and the parameters that differ.
 * @param {Map<string, Column>} columns
 * @param {Run[]} runs
 * @returns {string[]}
 */
export function defaultColumns(columns, runs) {
  const all = [...columns.values()];
  const withGoal = all.filter(({ goal }) => goal);
  const metrics = withGoal.length ? withGoal : all.filter(({ scope }) => scope === "metrics");
  const params = all.filter((column) => column.scope === "params" && differs(column, runs));
  return [
    ...DEFAULT_ATTRIBUTES,
    ...metrics.slice(0, NR_DEFAULT_METRICS).map(({ id }) => id),
    ...params.slice(0, NR_DEFAULT_PARAMS).map(({ id }) => id),
  ];
}

/**
 * The goals by the names of metrics: a goal rules the metric of each task that logged it.
 * @param {Goal[]} goals
 * @param {Run[]} runs
 * @returns {Map<string, Goal>}
 */
function findGoals(goals, runs) {
  const byMetric = new Map(goals.map((goal) => [goal.metric, goal]));
  const found = runs.flatMap(({ told_apart }) =>
    Object.entries(told_apart).flatMap(([metric, names]) => {
      const goal = byMetric.get(metric);
      return goal ? names.map((name) => /** @type {const} */ ([name, goal])) : [];
    }),
  );
  return new Map([...found, ...byMetric]);
}

/** @param {Field} field @param {Map<string, Goal>} goalOf @param {Run[]} runs @returns {Column} */
function makeColumn(field, goalOf, runs) {
  return {
    ...field,
    label: LABELS[field.id] ?? field.name,
    goal: field.scope === "metrics" ? goalOf.get(field.name) : undefined,
    numeric: field.kind === "number" || (field.scope === "params" && valuesOf(field, runs).every(isNumber)),
  };
}

/** @param {Field} field @param {Run[]} runs */
function valuesOf({ read }, runs) {
  return runs
    .flatMap((run) => [
      read({ run, variant: null }),
      ...run.variants.map((variant) => read({ run, variant })),
    ])
    .filter((value) => value !== undefined);
}

/** @param {unknown} value */
function isNumber(value) {
  return typeof value === "number";
}

/** @param {Field} field @param {Run[]} runs whether it is worth a column: not the same in all, not unique to each */
function differs(field, runs) {
  const values = valuesOf(field, runs).map(plain);
  const { size } = new Set(values);
  return size > 1 && !(size === runs.length && size > 3 && values.every((value) => value.length > 16));
}
