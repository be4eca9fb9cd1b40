// Pagefind's excerpt is text in which < and > are escaped, with <mark> around what was found. It is taken
// apart into text and marks, and never given to the browser as HTML.

import { make } from "../dom.js";

/**
 * The excerpt as nodes.
 * @param {string} excerpt
 * @returns {(string | HTMLElement)[]}
 */
export function excerptNodes(excerpt) {
  return excerptParts(excerpt).map(({ text, isFound }) => (isFound ? make("mark", {}, text) : text));
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
