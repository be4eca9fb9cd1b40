// What stands below each other, as plain data: facts, packages, parameters, metrics, figures.

import { counted, duration, minute, plain, triggerName } from "../format.js";

/** @typedef {import("../data.js").Artifact} Artifact */
/** @typedef {import("../data.js").Goal} Goal */
/** @typedef {import("../data.js").Task} Task */
/** @typedef {import("../data.js").Value} Value */
/** @typedef {import("../data.js").WholeRun} WholeRun */

/** @typedef {{name: string, values: string[]}} TextRow one text for each run; empty where there is none */
/** @typedef {{metric: string, values: (number | bigint | undefined)[], goal: Goal | undefined}} MetricRow */
/** @typedef {{task: string, params: string, rows: MetricRow[]}} MetricGroup */
/** @typedef {{task: string, params: string, name: string, artifacts: (Artifact | undefined)[]}} FigureRow */

/** @type {[string, (run: WholeRun) => string][]} */
const FACTS = [
  ["duration", (run) => (run.duration_s === "" ? "" : duration(run.duration_s))],
  ["start", (run) => run.start && `${minute(run.start)} UTC`],
  ["trigger", triggerName],
  ["branch", (run) => run.branch],
  ["commit", (run) => `${run.revision.slice(0, 10)}${run.dirty ? " + changes" : ""}`],
  ["actor", (run) => run.actor],
  ["invocations", (run) => plain(run.invocations)],
  ["Python", (run) => run.python_version],
  [
    "system",
    (run) => [run.os_type, run.cpu_count && counted(run.cpu_count, "CPU")].filter(Boolean).join(", "),
  ],
  ["lock file", (run) => (run.lock_sha256 ?? "").slice(0, 12)],
  ["data", (run) => (run.data_sha256 ?? "").slice(0, 12)],
];

/** @param {WholeRun[]} runs @returns {TextRow[]} where the runs come from, without what none of them knows */
export function factRows(runs) {
  const rows = FACTS.map(([name, of]) => ({ name, values: runs.map(of) }));
  return rows.filter(({ values }) => values.some(Boolean));
}

/** @param {WholeRun[]} runs @returns {TextRow[]} the packages that differ */
export function packageRows(runs) {
  const versions = runs.map((run) => new Map(run.packages.map(splitPackage)));
  return rowsOf(versions).filter(differs);
}

/** @param {WholeRun[]} runs @returns {TextRow[]} a parameter that takes several values in a run shows them all */
export function paramRows(runs) {
  return rowsOf(
    runs.map((run) => {
      /** @type {Map<string, Set<string>>} */
      const values = new Map();
      for (const { params } of [run, ...run.variants]) {
        for (const [name, value] of params)
          values.set(name, (values.get(name) ?? new Set()).add(plain(value)));
      }
      return new Map([...values].map(([name, texts]) => [name, [...texts].join(", ")]));
    }),
  );
}

/** @param {TextRow} row */
export function differs({ values }) {
  return new Set(values).size > 1;
}

/**
 * The metrics of each task, the ones with a goal first.
 * @param {WholeRun[]} runs
 * @param {Goal[]} goals
 * @returns {MetricGroup[]}
 */
export function metricGroups(runs, goals) {
  return tasksOf(runs).flatMap(({ id, name, params }) => {
    const tasks = runs.map((run) => findTask(run, id));
    const logged = new Set(tasks.flatMap((task) => [...(task?.metrics.keys() ?? [])]));
    const goalOf = goalsOf(goals, [...logged], [`${name}:`, `${id}:`]);
    const rows = [...new Set([...goalOf.keys(), ...logged])].map((metric) => ({
      metric,
      values: tasks.map((task) => task?.exact.get(metric) ?? task?.metrics.get(metric)),
      goal: goalOf.get(metric),
    }));
    return rows.length ? [{ task: name, params, rows }] : [];
  });
}

/**
 * The goals of a task's metrics, in the goals' order; one that names the task, `train:accuracy`, takes
 * precedence.
 * @param {Goal[]} goals
 * @param {string[]} metrics
 * @param {string[]} prefixes that name the task
 */
function goalsOf(goals, metrics, prefixes) {
  /** @type {Map<string, Goal>} */
  const found = new Map();
  for (const goal of goals) {
    const own = metrics.find((metric) => prefixes.some((prefix) => goal.metric === prefix + metric));
    const metric = own ?? goal.metric;
    if (metrics.includes(metric) && (own || !found.has(metric))) found.set(metric, goal);
  }
  return found;
}

/** @param {MetricGroup[]} groups @returns {MetricGroup[]} with only the metrics that differ */
export function onlyDifferent(groups) {
  return pick(groups, ({ values }) => new Set(values).size > 1);
}

/**
 * The groups in two: the metrics with a goal, and the others. All are the first if none has one.
 * @param {MetricGroup[]} groups
 * @returns {[MetricGroup[], MetricGroup[]]}
 */
export function splitByGoal(groups) {
  const withGoal = pick(groups, ({ goal }) => goal !== undefined);
  return withGoal.length ? [withGoal, pick(groups, ({ goal }) => goal === undefined)] : [groups, []];
}

/** @param {MetricGroup[]} groups @param {(row: MetricRow) => boolean} test @returns {MetricGroup[]} */
function pick(groups, test) {
  return groups
    .map((group) => ({ ...group, rows: group.rows.filter(test) }))
    .filter(({ rows }) => rows.length);
}

/** @param {WholeRun[]} runs @returns {FigureRow[]} figures of the same name and task, for each run */
export function figureRows(runs) {
  return tasksOf(runs).flatMap(({ id, name: task, params }) => {
    const galleries = runs.map((run) => figuresOf(findTask(run, id)));
    const names = new Set(galleries.flatMap((gallery) => [...gallery.keys()]));
    return [...names].map((name) => ({
      task,
      params,
      name,
      artifacts: galleries.map((each) => each.get(name)),
    }));
  });
}

/** @param {WholeRun[]} runs all their tasks, each once, in the order of the runs */
function tasksOf(runs) {
  const tasks = new Map(runs.flatMap((run) => run.tasks.map((task) => [task.task_id, task])));
  return [...tasks].map(([id, task]) => ({
    id,
    name: task.name,
    params: paramsText(task),
  }));
}

/** @param {Task} task nr_train_images = 600 */
export function paramsText({ parameters }) {
  return [...parameters].map(([name, value]) => `${name} = ${plain(value)}`).join(", ");
}

/** @param {WholeRun} run @param {string} id */
function findTask(run, id) {
  return run.tasks.find((task) => task.task_id === id);
}

/** @param {Task | undefined} task @returns {Map<string, Artifact>} */
function figuresOf(task) {
  const figures = task?.artifacts.filter(({ type }) => type === "figure" || type === "image") ?? [];
  return new Map(figures.map((artifact) => [artifact.name, artifact]));
}

/** @param {Map<string, string>[]} maps one for each run @returns {TextRow[]} */
function rowsOf(maps) {
  const names = [...new Set(maps.flatMap((map) => [...map.keys()]))].toSorted();
  return names.map((name) => ({
    name,
    values: maps.map((map) => map.get(name) ?? ""),
  }));
}

/** @param {string} text numpy==2.4.1 @returns {[string, string]} */
function splitPackage(text) {
  const [name = "", version = ""] = text.split("==");
  return [name, version || "installed"];
}
