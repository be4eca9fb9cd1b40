// A metric's value against the baseline's.

/** @typedef {import("../data.js").Goal} Goal */

/** @typedef {{value: number, percent: number | null, verdict: "better" | "worse" | ""}} Difference */

/**
 * The difference; null if there is nothing to say about it.
 * @param {number | undefined} value
 * @param {number | undefined} baseline
 * @param {Goal | undefined} goal
 * @returns {Difference | null}
 */
export function differenceTo(value, baseline, goal) {
  if (value === undefined || baseline === undefined) return null;
  const difference = value - baseline;
  if (!Number.isFinite(difference)) return null;
  const percent = baseline === 0 ? null : (100 * difference) / Math.abs(baseline);
  return { value: difference, percent, verdict: verdictOf(difference, goal) };
}

/** @param {number} difference @param {Goal | undefined} goal @returns {Difference["verdict"]} */
function verdictOf(difference, goal) {
  if (!goal || difference === 0) return "";
  return difference > 0 === (goal.better === "higher") ? "better" : "worse";
}

/**
 * The best of the values; undefined if nothing is better than the rest.
 * @param {(number | undefined)[]} values
 * @param {Goal | undefined} goal
 */
export function bestOf(values, goal) {
  const numbers = values.filter((value) => value !== undefined && Number.isFinite(value));
  if (!goal || new Set(numbers).size < 2) return undefined;
  return goal.better === "higher"
    ? Math.max(.../** @type {number[]} */ (numbers))
    : Math.min(.../** @type {number[]} */ (numbers));
}
