// Which runs are compared, as the query of the page's address. The first one is the baseline.

/** @typedef {{runs: string[], differ: boolean, axes: string[] | null}} CompareState `axes` null: the default ones */

/** As many columns as a reader can compare, and as there are marks and dashes to tell lines apart. */
export const MAX_RUNS = 12;

/**
 * @param {string} search `location.search`
 * @returns {CompareState}
 */
export function readState(search) {
  const query = new URLSearchParams(search);
  const ids = (query.get("runs") ?? "").split(",").map((id) => id.trim());
  return {
    runs: [...new Set(ids.filter(Boolean))].slice(0, MAX_RUNS),
    differ: query.has("differ"),
    axes: query.has("axis") ? query.getAll("axis").filter(Boolean) : null,
  };
}

/** @param {CompareState} state */
export function writeState({ runs, differ, axes }) {
  const query = new URLSearchParams(axes?.map((axis) => ["axis", axis]));
  if (differ) query.set("differ", "1");
  const ids = runs.length ? `runs=${runs.map(encodeURIComponent).join(",")}` : "";
  const written = [ids, query.toString()].filter(Boolean).join("&");
  return written && `?${written}`;
}
