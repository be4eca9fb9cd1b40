// The page that searches all text, with Pagefind's index and program.

import { DataError, siteUrl } from "../data.js";
import { debounce, make, byId } from "../dom.js";
import { counted } from "../format.js";
import { tellProblem } from "../problem.js";
import { excerptNodes } from "./excerpt.js";
import { FILTERS, readState, writeState } from "./state.js";
import { indexedQuery } from "./words.js";

/** @typedef {{url: string, excerpt: string, content: string, meta: {[name: string]: string}, filters: {[name: string]: string[]}}} Found */
/** @typedef {{data: () => Promise<Found>}} Result */
/** @typedef {import("./state.js").SearchState} SearchState */
/** @typedef {{[name: string]: {[value: string]: number}}} Counts */
/**
 * The part that is used of https://pagefind.app/docs/api/
 * @typedef {object} Pagefind
 * @property {(options: {excerptLength: number, baseUrl: string}) => Promise<void>} options
 * @property {() => Promise<Counts>} filters
 * @property {(words: string | null, options: {filters: object, sort?: object}) => Promise<{results: Result[]}>} search
 */

const PAUSE_MS = 150;
const PER_STEP = 10;
const EXCERPT_WORDS = 28;

class SearchPage {
  /** @param {Pagefind} pagefind @param {Counts} counts */
  constructor(pagefind, counts) {
    this.pagefind = pagefind;
    this.state = readState(location.search);
    this.input = byId("words", HTMLInputElement);
    /** @type {Result[]} */
    this.results = [];
    /** @type {HTMLInputElement[]} */
    this.boxes = FILTERS.flatMap((name) => this.makeFilter(name, counts[name] ?? {}));
    const search = debounce(PAUSE_MS, () => this.search());
    this.input.addEventListener("input", () => {
      this.state = { ...this.state, words: this.input.value };
      history.replaceState(null, "", location.pathname + writeState(this.state));
      search();
    });
    byId("more", HTMLElement).addEventListener("click", () => this.showMore());
    window.addEventListener("popstate", () => {
      this.state = readState(location.search);
      this.showState();
      this.search();
    });
  }

  /** @param {string} name @param {{[value: string]: number}} counts */
  makeFilter(name, counts) {
    const boxes = Object.keys(counts).map((value) => make("input", { type: "checkbox", name, value }));
    const labels = boxes.map((box) => make("label", { class: "chip" }, box, make("span", {}, box.value)));
    for (const box of boxes) box.addEventListener("change", () => this.filter());
    if (labels.length > 1)
      byId("filters", HTMLElement).append(make("fieldset", {}, make("legend", {}, name), ...labels));
    return boxes;
  }

  filter() {
    const chosen = this.boxes.filter(({ checked }) => checked);
    const filters = FILTERS.map((name) => [
      name,
      chosen.filter((box) => box.name === name).map(({ value }) => value),
    ]);
    this.state = { ...this.state, filters: Object.fromEntries(filters) };
    history.pushState(null, "", location.pathname + writeState(this.state));
    this.search();
  }

  showState() {
    const { words, filters } = this.state;
    this.input.value = words;
    for (const box of this.boxes) box.checked = filters[box.name]?.includes(box.value) ?? false;
  }

  async search() {
    const { state } = this;
    const results = await this.find(state);
    const items = await listItems(results.slice(0, PER_STEP), state.words);
    if (state !== this.state) return; // something else was typed meanwhile
    this.results = results;
    byId("results", HTMLElement).replaceChildren(...items);
    byId("count", HTMLElement).textContent = isIdle(state)
      ? ""
      : countText(results.length, state.words.trim());
    byId("more", HTMLElement).hidden = items.length === results.length;
  }

  /** @param {SearchState} state @returns {Promise<Result[]>} without words the newest first */
  async find(state) {
    if (isIdle(state)) return [];
    const chosen = FILTERS.filter((name) => state.filters[name]?.length);
    const filters = Object.fromEntries(chosen.map((name) => [name, { any: state.filters[name] }]));
    const words = state.words.trim();
    const options = words ? { filters } : { filters, sort: { start: "desc" } };
    const { results } = await this.pagefind.search(indexedQuery(words) || null, options);
    return results;
  }

  async showMore() {
    const { state } = this;
    const list = byId("results", HTMLElement);
    const first = list.children.length;
    const items = await listItems(this.results.slice(first, first + PER_STEP), state.words);
    if (state !== this.state || first !== list.children.length) return;
    list.append(...items);
    items[0]?.querySelector("a")?.focus();
    byId("more", HTMLElement).hidden = list.children.length === this.results.length;
  }
}

/** @param {SearchState} state */
function isIdle({ words, filters }) {
  return !words.trim() && FILTERS.every((name) => !filters[name]?.length);
}

/** @param {Result[]} results @param {string} words */
async function listItems(results, words) {
  const found = await Promise.all(results.map((result) => result.data()));
  return found.map((each) => listItem(each, words));
}

/** @param {number} count @param {string} words */
function countText(count, words) {
  const quoted = words && ` for “${words}”`;
  return count
    ? `${counted(count, "run")}${quoted}`
    : `Nothing found${quoted}. Fewer or shorter words find more.`;
}

/** @param {Found} found @param {string} words */
function listItem({ url, excerpt, content, meta, filters }, words) {
  const facts = [meta.date, ...FILTERS.flatMap((name) => filters[name] ?? [])].filter(Boolean).join(" · ");
  return make(
    "li",
    {},
    make("h2", {}, make("a", { href: url }, meta.title || url)),
    make("p", { class: "facts" }, facts),
    make("p", { class: "excerpt" }, ...excerptNodes({ excerpt, content }, words)),
  );
}

/** @returns {Promise<Pagefind>} */
async function loadPagefind() {
  try {
    const pagefind = await import(siteUrl("pagefind/pagefind.js"));
    await pagefind.options({
      excerptLength: EXCERPT_WORDS,
      baseUrl: new URL(siteUrl("")).pathname,
    });
    return pagefind;
  } catch (error) {
    throw new DataError(
      `The search's index cannot be loaded (${/** @type {Error} */ (error).message}). It is served with the site: run \`make serve\`.`,
    );
  }
}

/** The key that many sites have for it. @param {KeyboardEvent} event */
function focusOnSlash(event) {
  const isTyping =
    event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
  event.preventDefault();
  byId("words", HTMLInputElement).focus();
}

async function main() {
  const pagefind = await loadPagefind();
  const page = new SearchPage(pagefind, await pagefind.filters());
  byId("search", HTMLElement).hidden = false;
  document.addEventListener("keydown", focusOnSlash);
  page.showState();
  if (!location.search) page.input.focus();
  await page.search();
}

main().catch(tellProblem);
