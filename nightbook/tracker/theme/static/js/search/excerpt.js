// Pagefind's excerpt is text in which < and > are escaped, with <mark> around what was found. It is taken
// apart into text and marks, and never given to the browser as HTML.

import { make } from "../dom.js";
import { fold, queryTerms, SEPARATOR } from "./words.js";

/**
 * What was found as nodes. A text that has words of our own after it gets an excerpt of our own: Pagefind's may
 * be of those words.
 * @param {{excerpt: string, content: string}} found
 * @param {string} query
 * @returns {(string | HTMLElement)[]}
 */
export function excerptNodes({ excerpt, content }, query) {
  const [text = "", ...words] = content.split(SEPARATOR);
  const parts = words.length ? foldedParts(text, queryTerms(query)) : excerptParts(excerpt);
  return parts.map((part) => (part.isFound ? make("mark", {}, part.text) : part.text));
}

/**
 * The excerpt as parts, each found or not.
 * @param {string} excerpt
 * @returns {{text: string, isFound: boolean}[]}
 */
export function excerptParts(excerpt) {
  return excerpt
    .split(/(<mark>.*?<\/mark>)/su)
    .map((part) => {
      const found = /^<mark>(.*)<\/mark>$/su.exec(part);
      return { text: unescaped(found?.[1] ?? part), isFound: found !== null };
    })
    .filter(({ text }) => text);
}

/** @param {string} text */
function unescaped(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

const AROUND = 90; // characters before and after what was found

/**
 * The part of a text around the first of the terms, as parts that are found or not.
 * @param {string} text @param {string[]} terms folded
 * @returns {{text: string, isFound: boolean}[]}
 */
export function foldedParts(text, terms) {
  const characters = [...text];
  const { folded, origins } = foldedWithOrigins(characters);
  const found = terms
    .flatMap((term) => occurrences(folded, term))
    .map(({ start, end }) => ({ start: origins[start] ?? 0, end: (origins[end - 1] ?? 0) + 1 }))
    .sort((one, other) => one.start - other.start);
  const first = found[0]?.start ?? 0;
  const [from, to] = [Math.max(first - AROUND, 0), Math.min(first + AROUND, characters.length)];
  /** @type {{text: string, isFound: boolean}[]} */
  const parts = [];
  let position = from;
  /** @param {number} end @param {boolean} isFound */
  const add = (end, isFound) => {
    const part = characters.slice(position, Math.min(end, to)).join("");
    if (part) parts.push({ text: part, isFound });
    position = Math.max(position, Math.min(end, to));
  };
  for (const { start, end } of found) {
    add(start, false);
    add(end, true);
  }
  add(to, false);
  return parts;
}

/**
 * The folded text, and for each of its units the character that it is of.
 * @param {string[]} characters
 */
function foldedWithOrigins(characters) {
  let folded = "";
  /** @type {number[]} */
  const origins = [];
  for (const [index, character] of characters.entries()) {
    const part = fold(character);
    folded += part;
    for (let unit = 0; unit < part.length; unit += 1) origins.push(index);
  }
  return { folded, origins };
}

/** @param {string} text @param {string} term */
function occurrences(text, term) {
  const found = [];
  for (let start = text.indexOf(term); start >= 0; start = text.indexOf(term, start + term.length))
    found.push({ start, end: start + term.length });
  return found;
}
