// What is searched for, as the query of the page's address.

/** @typedef {{words: string, filters: {[name: string]: string[]}}} SearchState */

export const FILTERS = ["outcome", "branch"];

/** @param {string} search `location.search` @returns {SearchState} */
export function readState(search) {
  const query = new URLSearchParams(search);
  const filters = Object.fromEntries(FILTERS.map((name) => [name, query.getAll(name).filter(Boolean)]));
  return { words: query.get("q") ?? "", filters };
}

/** @param {SearchState} state */
export function writeState({ words, filters }) {
  const query = new URLSearchParams(words.trim() ? { q: words } : {});
  for (const name of FILTERS) for (const value of filters[name] ?? []) query.append(name, value);
  const written = query.toString();
  return written && `?${written}`;
}
