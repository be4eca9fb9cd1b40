// What a page makes visible of a text that a run has logged.
import assert from "node:assert/strict";
import { test } from "node:test";

import { visible } from "../../../../nightbook/tracker/theme/static/js/visible-text.js";

const SHOWN = [
  ["a\0b\x1b[1m\x7f\x9b", "a\\x00b\\x1b[1m\\x7f\\x9b"],
  ["user\u202etxt.exe\u2066", "user\\u202etxt.exe\\u2066"],
  ["half \ud83d of \udc00", "half \\ud83d of \\udc00"],
  ["\ufffe\uffff", "\\ufffe\\uffff"],
  ["lines\n\tand 😀 חברים stay", "lines\n\tand 😀 חברים stay"],
];

for (const [text, shown] of SHOWN) {
  test(`${JSON.stringify(text)} is spelled`, () => assert.equal(visible(text), shown));
}
