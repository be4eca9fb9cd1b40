// The tracker's data for programs, as docs/tracker-data.md describes it, fetched and checked.

import { exactNumber } from "./whole.js";

const VERSION = 1;

/**
 * What a parameter or a logged value may be.
 * @typedef {number | bigint | string | boolean | null | unknown[] | {[key: string]: unknown}} Value
 * @typedef {Map<string, Value>} Params
 * @typedef {Map<string, number>} Metrics
 * @typedef {{params: Params, metrics: Metrics, exact: Map<string, bigint>}} Variant `exact`: metrics that floats round
 * @typedef {{metric: string, better: "higher" | "lower", tolerance: number | null}} Goal
 */

/**
 * @typedef {object} Run
 * @property {string} run_id
 * @property {string} url
 * @property {string} data
 * @property {string} outcome
 * @property {string} start
 * @property {number | ""} duration_s
 * @property {string} pipeline
 * @property {string} trigger
 * @property {string} branch
 * @property {string} revision
 * @property {string} pull_request
 * @property {string} actor
 * @property {Params} params
 * @property {Metrics} metrics
 * @property {Map<string, bigint>} exact
 * @property {Variant[]} variants
 * @property {{[metric: string]: string[]}} told_apart the names of a metric that several tasks logged
 * @property {string} problem
 */

/**
 * @typedef {object} Attempt
 * @property {number} number
 * @property {string} url
 * @property {string} outcome
 * @property {number} offset_s
 * @property {number} duration_s
 * @property {{type: string, message: string} | null} error
 */

/** @typedef {{name: string, type: string, media_type: string, size_bytes: number, url: string}} Artifact */

/**
 * @typedef {object} Task
 * @property {string} task_id
 * @property {string} name
 * @property {string} url
 * @property {Params} parameters
 * @property {string} outcome
 * @property {number} duration_s
 * @property {Params} params
 * @property {Metrics} metrics
 * @property {Map<string, bigint>} exact
 * @property {Attempt[]} attempts
 * @property {Artifact[]} artifacts
 */

/**
 * @typedef {object} Details
 * @property {boolean} dirty
 * @property {string} python_version
 * @property {string} os_type
 * @property {number} cpu_count
 * @property {string} lock_sha256
 * @property {string} data_sha256
 * @property {string[]} packages
 * @property {number} invocations
 * @property {string[]} problems
 * @property {Task[]} tasks
 */

/** @typedef {Run & Details} WholeRun */

/** Data that could not be loaded; the message is for the reader of the page. */
export class DataError extends Error {}

/**
 * The address of a file of the site, from whatever page and under whatever base path.
 * @param {string} path
 */
export function siteUrl(path) {
  const root = document.documentElement.dataset.root ?? "";
  return new URL(path, new URL(root && !root.endsWith("/") ? `${root}/` : root, document.baseURI)).href;
}

/**
 * All runs, newest first, the metrics' goals, and the addresses of their pages.
 * @returns {Promise<{goals: Goal[], runs: Run[], metricUrls: Map<string, string>}>}
 */
export async function loadRuns() {
  const { goals, runs, metric_urls } = await load("api/runs.json");
  return { goals, runs: runs.map(readRun), metricUrls: new Map(Object.entries(metric_urls)) };
}

/**
 * One run with its tasks.
 * @param {string} path the run's `data`
 * @returns {Promise<WholeRun>}
 */
export async function loadRun(path) {
  const run = await load(path);
  const tasks = run.tasks ?? []; // a record that could not be read has none
  return {
    ...run,
    ...readRun(run),
    packages: run.packages ?? [],
    tasks: tasks.map(readTask),
  };
}

/** @param {string} path @returns {Promise<any>} */
async function load(path) {
  const data = await fetchJson(siteUrl(path));
  if (data.version !== VERSION) {
    throw new DataError(
      `${path} is version ${data.version} of the data, and this page reads version ${VERSION}: reload the page.`,
    );
  }
  return data;
}

/** @param {string} url @returns {Promise<any>} */
async function fetchJson(url) {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new DataError(`${url} cannot be loaded: the server answers ${response.status}.`);
    return await response.json();
  } catch (error) {
    if (error instanceof DataError) throw error;
    const hint =
      location.protocol === "file:" ? "Browsers load it from a server only: run `make serve`." : "";
    throw new DataError(`${url} cannot be loaded (${/** @type {Error} */ (error).message}). ${hint}`.trim());
  }
}

/** @param {any} run @returns {Run} */
function readRun(run) {
  return { ...run, ...readValues(run), variants: run.variants.map(readValues) };
}

/** @param {any} task @returns {Task} */
function readTask(task) {
  return {
    ...task,
    ...readValues(task),
    parameters: new Map(Object.entries(task.parameters)),
  };
}

/**
 * Names come from notebooks, so that they are keys of a Map: an object has names of its own.
 * JSON has no NaN and no Infinity: they come as text.
 * @param {any} owner
 * @returns {Variant}
 */
function readValues({ params, metrics }) {
  const numbers = Object.entries(metrics).map(
    ([name, value]) => /** @type {const} */ ([name, Number(value)]),
  );
  /** @type {Map<string, bigint>} */
  const exact = new Map();
  for (const [name, value] of Object.entries(metrics)) {
    const number = exactNumber(value);
    if (typeof number === "bigint") exact.set(name, number);
  }
  return { params: new Map(Object.entries(params)), metrics: new Map(numbers), exact };
}
