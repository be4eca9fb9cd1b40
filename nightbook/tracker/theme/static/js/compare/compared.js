// A run on the page: its data, and the letter and colour that stand for it in every section.

/** @typedef {import("../data.js").WholeRun} WholeRun */

/**
 * @typedef {object} Compared
 * @property {string} id
 * @property {string} letter A for the baseline, B, C, ...
 * @property {string} series the class of its colour and dashes
 * @property {WholeRun | null} run null if it is not there
 * @property {string} problem why it is not there, or cannot be read whole; empty if it can
 */

const NR_SERIES = 8;

/**
 * @param {string} id
 * @param {number} index
 * @param {{run: WholeRun | null, problem: string}} loaded
 * @returns {Compared}
 */
export function compared(id, index, { run, problem }) {
  return {
    id,
    letter: String.fromCharCode(65 + index),
    series: `series-${(index % NR_SERIES) + 1}`,
    run,
    problem: problem || (run?.problem ?? ""),
  };
}

/**
 * The runs that have values.
 * @param {Compared[]} all
 * @returns {(Compared & {run: WholeRun})[]}
 */
export function readable(all) {
  return all.filter(
    /** @returns {each is Compared & {run: WholeRun}} */ (each) =>
      each.run !== null && each.run.outcome !== "unreadable",
  );
}
