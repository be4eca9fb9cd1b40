// Values as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { duration, figures, triggerName } from "../../../../nightbook/tracker/theme/static/js/format.js";
import { excerptParts } from "../../../../nightbook/tracker/theme/static/js/search/excerpt.js";

const FIGURES = [
  [
    [0.9741, 0.97],
    ["0.9741", "0.9700"],
  ],
  [
    [600, 800],
    ["600", "800"],
  ],
  [
    [322.5, 1200],
    ["322.5", "1200.0"],
  ],
  [
    [123456.7, 1],
    ["123457", "1"],
  ],
  [
    [0.000012, 0.5],
    ["0.000012", "0.500000"],
  ],
  [
    [1.2e-7, 3e-5],
    ["1.20e-7", "3.00e-5"],
  ],
  [
    [3e12, 1.5],
    ["3.00e+12", "1.50e+0"],
  ],
  [
    [3000000000001, 1],
    ["3000000000001", "1"],
  ],
  [
    [-0.00000001, 0.5],
    ["0.0", "0.5"],
  ],
  [
    [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ["NaN", "∞", "−∞"],
  ],
  [
    [0, 0],
    ["0", "0"],
  ],
];

for (const [numbers, expected] of FIGURES) {
  test(`figures of ${numbers}`, () => {
    assert.deepEqual(numbers.map(figures(numbers)), expected);
  });
}

test("durations", () => {
  const expected = {
    0: "0.0 s",
    24.12: "24.1 s",
    99.94: "99.9 s",
    99.96: "1 min 40 s",
    200: "3 min 20 s",
    3600: "1 h 0 min",
    7530: "2 h 6 min",
  };
  for (const [seconds, text] of Object.entries(expected)) assert.equal(duration(Number(seconds)), text);
});

test("triggers", () => {
  const name = (trigger, pull_request = "") => triggerName({ trigger, pull_request });
  assert.deepEqual(
    [
      name("schedule"),
      name("workflow_dispatch"),
      name("push"),
      name("local"),
      name("pull_request", "12"),
      name("pull_request_target"),
      name("toString"),
    ],
    ["nightly", "manual", "push", "local", "PR 12", "PR", "toString"],
  );
});

test("an excerpt is text and marks, whatever else is in it", () => {
  assert.deepEqual(
    excerptParts(
      'a <mark>b</mark> &lt;img src=x onerror="x"&gt; <script>c</script> <mark>&lt;d&gt;</mark> <mark>e',
    ),
    [
      { text: "a ", isFound: false },
      { text: "b", isFound: true },
      { text: ' <img src=x onerror="x"> <script>c</script> ', isFound: false },
      { text: "<d>", isFound: true },
      { text: " <mark>e", isFound: false },
    ],
  );
});
