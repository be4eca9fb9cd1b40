// Values as people read them: figures that line up, times in UTC, durations in words.

/** @typedef {import("./data.js").Value} Value */

const MAX_DECIMALS = 6;
const SIGNIFICANT = 4;

const localTime = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** GitHub's events in words. */
const TRIGGERS = new Map([
  ["schedule", "nightly"],
  ["workflow_dispatch", "manual"],
]);

/**
 * A value as text, without loss.
 * @param {Value | undefined} value
 */
export function plain(value) {
  if (value == null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * How to write numbers that stand below each other: with the same decimals, so that they line up.
 * @param {number[]} numbers
 * @returns {(number: number) => string}
 */
export function figures(numbers) {
  const finite = numbers.filter(Number.isFinite);
  const sizes = finite.map(Math.abs);
  const largest = extreme(sizes, Math.max, 0);
  const smallest = extreme(sizes.filter(Boolean), Math.min, Number.POSITIVE_INFINITY);
  const areWhole = finite.every(Number.isSafeInteger); // a seed, a size in bytes
  if (!areWhole && (largest >= 1e9 || (smallest < 1e-4 && largest < 1e-2)))
    return (number) => special(number) ?? number.toExponential(2);
  const decimals = extreme(finite.map(decimalsOf), Math.max, 0);
  return (number) => special(number) ?? number.toFixed(decimals).replace(/^-(0(\.0*)?)$/, "$1");
}

/**
 * The greatest or the least number of a list that may be too long for `Math.max(...)`.
 * @param {number[]} numbers
 * @param {(a: number, b: number) => number} choose
 * @param {number} start
 */
export function extreme(numbers, choose, start) {
  return numbers.reduce((a, b) => choose(a, b), start);
}

/** @param {number} number */
function special(number) {
  if (Number.isNaN(number)) return "NaN";
  return Number.isFinite(number) ? null : number > 0 ? "∞" : "−∞";
}

/** @param {number} number the decimals that four significant digits need */
function decimalsOf(number) {
  if (Number.isInteger(number)) return 0;
  const digits = Number(
    number.toPrecision(Math.max(SIGNIFICANT, String(Math.trunc(Math.abs(number))).length)),
  );
  const text = digits.toFixed(MAX_DECIMALS).replace(/0+$/, "");
  return text.length - text.indexOf(".") - 1;
}

/**
 * A duration: 0.5 s, 24.1 s, 3 min 20 s, 2 h 5 min.
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * A time to the minute, in UTC: 2026-11-23 03:17.
 * @param {string} iso
 */
export function minute(iso) {
  return iso.slice(0, 16).replace("T", " ");
}

/**
 * A time in full, in UTC and in the reader's zone.
 * @param {string} iso
 */
export function fullTime(iso) {
  return `${iso.slice(0, 19).replace("T", " ")} UTC\n${localTime.format(new Date(iso))}`;
}

/**
 * What started a run, in a word.
 * @param {{trigger: string, pull_request: string}} run
 */
export function triggerName({ trigger, pull_request }) {
  if (trigger.startsWith("pull_request")) return pull_request ? `PR ${pull_request}` : "PR";
  return TRIGGERS.get(trigger) ?? trigger;
}

/**
 * 1 run, 2 runs.
 * @param {number} count
 * @param {string} noun
 */
export function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
