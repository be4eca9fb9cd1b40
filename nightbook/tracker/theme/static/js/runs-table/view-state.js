// What the reader has chosen, as the query of the page's address: a view can be shared, and survives
// a reload and the back button. What is not in the address has its default.

/**
 * @typedef {object} ViewState
 * @property {string} query the expression as typed
 * @property {string[] | null} columns ids, in order; null for the default ones
 * @property {{column: string, descending: boolean}} sort
 * @property {"runs" | "variants"} per what a row is
 * @property {string[]} outcomes only these; empty for all
 * @property {string} since a period before now, such as 7d; empty for none
 * @property {string} from a day in UTC; empty for none
 * @property {string} to the last day
 * @property {boolean} differ only columns that differ
 * @property {string[]} selected ids of runs
 */

/** @type {Readonly<ViewState>} */
export const DEFAULT_STATE = Object.freeze({
  query: "",
  columns: null,
  sort: { column: "start", descending: true },
  per: "runs",
  outcomes: [],
  since: "",
  from: "",
  to: "",
  differ: false,
  selected: [],
});

/** The periods that can be chosen, in hours. */
export const PERIODS = new Map([
  ["24h", 24],
  ["7d", 7 * 24],
  ["30d", 30 * 24],
  ["90d", 90 * 24],
]);

/**
 * The state that an address has; whatever in it makes no sense counts as its default.
 * @param {string} search `location.search`
 * @returns {ViewState}
 */
export function readState(search) {
  const query = new URLSearchParams(search);
  const since = query.get("since") ?? "";
  return {
    query: query.get("q") ?? "",
    columns: query.has("column") ? query.getAll("column").filter(Boolean) : null,
    sort: readSort(query.get("sort")),
    per: query.get("per") === "variants" ? "variants" : "runs",
    outcomes: query.getAll("outcome").filter(Boolean),
    since: PERIODS.has(since) ? since : "",
    from: readDay(query.get("from")),
    to: readDay(query.get("to")),
    differ: query.has("differ"),
    selected: query.getAll("run").filter(Boolean),
  };
}

/**
 * The address's query of a state, with its question mark; empty for the default state.
 * @param {ViewState} state
 */
export function writeState(state) {
  const { column, descending } = state.sort;
  const sort = `${descending ? "-" : ""}${column}`;
  /** @type {[string, string][]} */
  const entries = [
    ["q", state.query],
    ...list("column", state.columns?.length === 0 ? ["start"] : (state.columns ?? [])),
    ["sort", sort === "-start" ? "" : sort],
    ["per", state.per === "variants" ? "variants" : ""],
    ...list("outcome", state.outcomes),
    ["since", state.since],
    ["from", state.from],
    ["to", state.to],
    ["differ", state.differ ? "1" : ""],
    ...list("run", state.selected),
  ];
  const written = new URLSearchParams(entries.filter(([, value]) => value)).toString();
  return written && `?${written}`;
}

/** @param {string} name @param {string[]} values @returns {[string, string][]} */
function list(name, values) {
  return values.map((value) => [name, value]);
}

/** @param {string | null} sort */
function readSort(sort) {
  if (!sort || sort === "-") return DEFAULT_STATE.sort;
  return sort.startsWith("-")
    ? { column: sort.slice(1), descending: true }
    : { column: sort, descending: false };
}

/** @param {string | null} day */
function readDay(day) {
  return day && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : "";
}
