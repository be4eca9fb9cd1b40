// A metric's value against the baseline's.

/** @typedef {import("../data.js").Goal} Goal */

/** @typedef {{value: number, percent: number | null, verdict: "better" | "worse" | ""}} Difference */

/**
 * The difference; null if there is nothing to say about it.
 * @param {number | bigint | undefined} value
 * @param {number | bigint | undefined} baseline
 * @param {Goal | undefined} goal
 * @returns {Difference | null}
 */
export function differenceTo(value, baseline, goal) {
  if (value === undefined || baseline === undefined) return null;
  const difference = subtract(value, baseline);
  if (!Number.isFinite(difference)) return null;
  const percent = baseline === 0 ? null : (100 * difference) / Math.abs(Number(baseline));
  return { value: difference, percent, verdict: verdictOf(difference, goal) };
}

/** @param {number | bigint} a @param {number | bigint} b what floats would round is subtracted exactly */
function subtract(a, b) {
  const areExact = [a, b].every((number) => typeof number === "bigint" || Number.isSafeInteger(number));
  return areExact ? Number(BigInt(a) - BigInt(b)) : Number(a) - Number(b);
}

/** @param {number} difference @param {Goal | undefined} goal @returns {Difference["verdict"]} */
function verdictOf(difference, goal) {
  if (!goal || difference === 0) return "";
  return difference > 0 === (goal.better === "higher") ? "better" : "worse";
}

/**
 * The best of the values; undefined if nothing is better than the rest.
 * @param {(number | bigint | undefined)[]} values
 * @param {Goal | undefined} goal
 */
export function bestOf(values, goal) {
  const numbers = values
    .filter((value) => value !== undefined)
    .filter((value) => Number.isFinite(Number(value)));
  if (!goal || new Set(numbers).size < 2) return undefined;
  return numbers.reduce((best, value) => (value > best === (goal.better === "higher") ? value : best));
}
