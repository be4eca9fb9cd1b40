// Words by which a query finds what Pagefind cannot: `nightbook/tracker/data/search_words.py` says how, and
// has put the same words into the index.

export const SEPARATOR = "\u241f";

const UNSPACED =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2600-\u27bf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\u{1f300}-\u{1faff}\u{20000}-\u{3ffff}]+/gu;
const DIGITS = "bcdfghjklmnpqrtv";
const CODE_LENGTH = 5;
const START = "\u0298";

/**
 * The query for Pagefind. What is ASCII stays as it was typed.
 * @param {string} query
 */
export function indexedQuery(query) {
  return query
    .split(/\s+/u)
    .flatMap((word) => (isAscii(word) ? [word] : words(word)))
    .filter(Boolean)
    .join(" ");
}

/**
 * The parts of a query that a text must have, folded.
 * @param {string} query
 */
export function queryTerms(query) {
  const spaced = fold(query).replaceAll(UNSPACED, (run) => ` ${run} `);
  return spaced.split(/[^\p{L}\p{N}\p{M}\p{S}]+/u).filter(Boolean);
}

/**
 * The text without accents and cases: the same for all ways to write a word.
 * @param {string} text
 */
export function fold(text) {
  const parts = text.toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFKD");
  return parts.replaceAll(/\p{Mn}/gu, "").normalize("NFC");
}

/** @param {string} word */
function words(word) {
  const folded = fold(word);
  const spaced = folded.replaceAll(UNSPACED, " ").split(/\s+/u);
  const runs = folded.match(UNSPACED) ?? [];
  return [...spaced.filter((part) => /[\p{L}\p{N}]/u.test(part)), ...runs.flatMap(pairs)];
}

/** A single character is the start of a pair. @param {string} run */
function pairs(run) {
  const codes = [...run].map(code);
  const found = codes.length > 1 ? codes.slice(1).map((second, index) => codes[index] + second) : codes;
  return found.map((each) => START + each);
}

/** @param {string} character */
function code(character) {
  const digits = (character.codePointAt(0) ?? 0).toString(16).padStart(CODE_LENGTH, "0");
  return [...digits].map((digit) => DIGITS[Number.parseInt(digit, 16)]).join("");
}

/** @param {string} text */
function isAscii(text) {
  return /^\p{ASCII}*$/u.test(text);
}
