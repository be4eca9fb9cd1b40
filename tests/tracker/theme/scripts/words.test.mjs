// The words of a query are those that nightbook/tracker/data/search_words.py puts into the index.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { foldedParts } from "../../../../nightbook/tracker/theme/static/js/search/excerpt.js";
import { indexedQuery, queryTerms } from "../../../../nightbook/tracker/theme/static/js/search/words.js";

const TEXT =
  "日本語の機械学習モデル 深度学习 기계학습을 การเรียนรู้ của Größe İstanbul nai\u0308ve ΟΔΟΣ 🚀 👩‍💻 ﾃﾞｰﾀ 𠮷野家";
const QUERIES = [
  "機械学習",
  "械学",
  "習",
  "デル",
  "学习",
  "학습",
  "เรียน",
  "GRÖSSE",
  "größe",
  "istanbul",
  "İSTANBUL",
  "naïve",
  "οδός",
  "🚀",
  "💻",
  "データ",
  "𠮷野",
  "“機械学習”",
];

/** @param {string} text */
function inIndex(text) {
  const code = `import sys; from nightbook.tracker.data.search_words import search_words; print(search_words(sys.argv[1]))`;
  const root = new URL("../../../../", import.meta.url).pathname;
  return execFileSync(process.env.PYTHON ?? "python3", ["-c", code, text], { cwd: root, encoding: "utf8" })
    .trim()
    .split(" ");
}

test("the index has the words of each query, or words that begin with them", () => {
  const indexed = inIndex(TEXT);
  for (const query of QUERIES)
    for (const word of indexedQuery(query).split(" "))
      assert.ok(
        indexed.some((each) => each.startsWith(word)),
        `${query}: ${word}`,
      );
});

test("a query of other characters has other words", () => {
  const indexed = new Set(inIndex(TEXT));
  for (const query of ["習械", "模型", "학교", "🐍"])
    assert.ok(
      indexedQuery(query)
        .split(" ")
        .some((word) => !indexed.has(word)),
    );
});

test("ASCII stays as it was typed", () => {
  assert.equal(indexedQuery('labels  "are gone" x_1'), 'labels "are gone" x_1');
});

test("an excerpt marks what was found as it is written in the text", () => {
  const marked = (/** @type {string} */ text, /** @type {string} */ query) =>
    foldedParts(text, queryTerms(query))
      .map((part) => (part.isFound ? `[${part.text}]` : part.text))
      .join("");
  assert.equal(marked("die GRÖSSE zählt", "größe"), "die [GRÖSSE] zählt");
  assert.equal(marked("die Größe zählt", "grosse"), "die [Größe] zählt");
  assert.equal(marked("日本語の機械学習モデル", "機械学習"), "日本語の[機械学習]モデル");
  assert.equal(marked("start 🚀 now", "🚀"), "start [🚀] now");
  assert.equal(marked("nothing", "𠮷"), "nothing");
});
