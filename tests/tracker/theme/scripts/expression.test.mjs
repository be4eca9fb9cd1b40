// What expressions mean, and where a mistake in one is told.
import assert from "node:assert/strict";
import { test } from "node:test";

import { compile } from "../../../../nightbook/tracker/theme/static/js/runs-table/evaluate.js";
import {
  ExpressionError,
  parse,
} from "../../../../nightbook/tracker/theme/static/js/runs-table/expression.js";
import { findFields } from "../../../../nightbook/tracker/theme/static/js/runs-table/fields.js";
import { makeRows } from "../../../../nightbook/tracker/theme/static/js/runs-table/rows.js";
import { suggest } from "../../../../nightbook/tracker/theme/static/js/runs-table/suggest.js";
import { makeRun } from "./runs.mjs";

const RUNS = [
  makeRun("plain", { metrics: { loss: 0.5 }, params: { mode: "fast", seed: 7, flag: true } }),
  makeRun("nan", {
    metrics: { loss: Number.NaN, "f1 score": 0.25, "val/loss": 0.75 },
    params: { mode: "Fast 100%" },
  }),
  makeRun("variants", {
    branch: "feature/x",
    trigger: "pull_request",
    pull_request: "12",
    outcome: "failure",
    params: { mode: "slow" },
    variants: [
      { params: { size: 600 }, metrics: { accuracy: 0.95 } },
      { params: { size: 800 }, metrics: { accuracy: 0.97 } },
    ],
  }),
  makeRun("unknown", {
    outcome: "unreadable",
    start: "",
    duration_s: "",
    branch: "",
    actor: "",
    revision: "",
  }),
];
const FIELDS = findFields(RUNS);

/** The ids of the runs that an expression finds. */
function found(text) {
  return makeRows(RUNS, "runs", compile(text, FIELDS), new Map()).map(({ run }) => run.run_id);
}

/** The rows per variant that it finds. */
function foundVariants(text) {
  return makeRows(RUNS, "variants", compile(text, FIELDS), new Map()).map(({ key }) => key);
}

/** The mistake in an expression: what stands there, and what is said. */
function mistake(text) {
  try {
    compile(text, FIELDS);
  } catch (error) {
    assert.ok(error instanceof ExpressionError, String(error));
    return [text.slice(error.start, error.end), error.message, error.start];
  }
  throw new Error(`no mistake found in ${text}`);
}

const ALL = ["plain", "nan", "variants", "unknown"];

test("an empty expression finds all", () => {
  assert.deepEqual(found("  "), ALL);
});

const FINDINGS = {
  // numbers
  "metrics.loss > 0.4": ["plain"],
  "metrics.loss >= .5": ["plain"],
  "metrics.loss < 5e-1": [],
  "metrics.loss <= +0.5": ["plain"],
  "metrics.loss == 0.5": ["plain"],
  "metrics.loss = '0.5'": ["plain"],
  "metrics.loss != 0.4": ["plain", "nan"],
  "metrics.loss = NaN": ["nan"],
  "metrics.loss != NaN": ["plain"],
  "metrics.loss > -Infinity": ["plain"],
  "metrics.loss in (0.5, NaN)": ["plain", "nan"],
  // text and numbers of parameters
  'params.size = "800"': ["variants"],
  "params.size = 800": ["variants"],
  'params.size > "700"': ["variants"],
  'params.size = "0800"': [],
  "params.seed = 7.0": ["plain"],
  "params.flag = true": ["plain"],
  'params.flag = "true"': ["plain"],
  'params.mode = "fast"': ["plain"],
  'params.mode != "fast"': ["nan", "variants"],
  'params.mode in ("fast", "slow")': ["plain", "variants"],
  'params.mode not in ("fast", "slow")': ["nan"],
  // like
  'params.mode like "fast%"': ["plain"],
  'params.mode ilike "fast%"': ["plain", "nan"],
  'params.mode like "%_00\\%"': [],
  'params.mode like "____"': ["plain", "variants"],
  'params.mode not like "%s%"': [],
  "branch like 'feature/%'": ["variants"],
  "branch like '%.%'": [],
  // and, or, not, parentheses
  'outcome = "success" and metrics.loss > 0.4 or pr = 12': ["plain", "variants"],
  'outcome = "success" and (metrics.loss > 0.4 or pr = 12)': ["plain"],
  "NOT metrics.loss > 0.4": ["nan", "variants", "unknown"],
  "not (metrics.loss > 0.4 or pr = 12) and metrics.loss is not null": ["nan"],
  "not not metrics.loss > 0.4": ["plain"],
  // one variant has to satisfy the whole expression
  "params.size = 600 and metrics.accuracy > 0.96": [],
  "params.size = 800 and metrics.accuracy > 0.96": ["variants"],
  'params.mode = "slow" and metrics.accuracy > 0.96': ["variants"],
  // what is not known
  "metrics.loss is null": ["variants", "unknown"],
  "metrics.loss is not null": ["plain", "nan"],
  "branch is null": ["unknown"],
  'branch != "main"': ["variants"],
  "duration_s is null": ["unknown"],
  // attributes
  'attributes.branch = "main"': ["plain", "nan"],
  'trigger = "nightly"': ["plain", "nan", "unknown"],
  'trigger = "schedule"': ["plain", "nan", "unknown"],
  "pr = 12": ["variants"],
  'pr = "12"': ["variants"],
  'commit = "0123456"': ["plain", "nan", "variants"],
  'commit = "012"': [],
  'outcome in ("failure", "timeout")': ["variants"],
  'start = "2026-11-23"': ["plain", "nan", "variants"],
  'start > "2026-11-22"': ["plain", "nan", "variants"],
  'start > "2026-11-23"': [],
  'start <= "2026-11-23"': ["plain", "nan", "variants"],
  'start < "2026-11-23T03:18Z"': ["plain", "nan", "variants"],
  'start >= "2026-11-23 04"': [],
  // names
  'metrics."f1 score" > 0.2': ["nan"],
  "metrics.val/loss > 0.5": ["nan"],
  "metrics.`f1 score` > 0.2": ["nan"],
  "metric.loss > 0.4": ["plain"],
  'parameters.mode = "slow"': ["variants"],
  "`duration_s` > 1": ["plain", "nan", "variants"],
};

for (const [text, expected] of Object.entries(FINDINGS)) {
  test(text, () => assert.deepEqual(found(text), expected));
}

test("rows per variant are those that match", () => {
  assert.deepEqual(foundVariants("metrics.accuracy > 0.96"), ["variants 1"]);
  assert.deepEqual(foundVariants("metrics.accuracy > 0.9"), ["variants 0", "variants 1"]);
  assert.deepEqual(foundVariants("metrics.loss > 0"), ["plain"]);
});

const MISTAKES = {
  "metrics.los > 1": ["metrics.los", "no run has the metric `los`; did you mean `metrics.loss`?"],
  "loss > 1": ["loss", "no run has the attribute `loss`; did you mean `metrics.loss`?"],
  "metrics.mode > 1": ["metrics.mode", "no run has the metric `mode`; did you mean `params.mode`?"],
  "metrcs.loss > 1": [
    "metrcs.loss",
    "`metrcs.` is not known; metrics, params and attributes are; did you mean `metrics.loss`?",
  ],
  'status = "x"': ["status", "no run has the attribute `status`; did you mean `outcome`?"],
  "zzzzzzzz = 1": ["zzzzzzzz", "no run has the attribute `zzzzzzzz`"],
  'outcome = "sucess"': ['"sucess"', "no outcome has this name; did you mean success?"],
  'metrics.loss > "much"': ['"much"', "`metrics.loss` is a number: compare it with one, such as 0.9"],
  "branch = main": ["main", 'text stands in quotes: "main"'],
  'branch = "main': ['"main', "this quote is never closed"],
  "branch = 'it''s": ["'it''s", "this quote is never closed"],
  'branch "main"': ['"main"', "a comparison such as `=`, `>` or `like` is expected here"],
  "branch =": ["", "a number or a text in quotes is expected at the end"],
  "branch = = 1": ["=", "a number or a text in quotes is expected here"],
  "(pr = 1": ["(", "this parenthesis is never closed"],
  "pr = 1)": [")", "this parenthesis was never opened"],
  "pr = 1 pr = 2": ["pr", "`and` or `or` is expected here"],
  "pr = 1 && pr = 2": ["&&", "`and` or `or` is expected here: write `and`"],
  "pr = 1 and": ["", "a name such as metrics.accuracy or branch is expected at the end"],
  "! pr = 1": ["!", "a name such as metrics.accuracy or branch is expected here: write `not`"],
  "1 = pr": ["1", "the name comes first: metrics.accuracy > 0.9"],
  "pr => 1": ["=>", "a comparison such as `=`, `>` or `like` is expected here: write `>=`"],
  "pr in 1": ["1", 'after `in` come values in parentheses: in ("a", "b")'],
  "pr in (1": ["", "`,` or `)` is expected at the end"],
  "branch like 1": ["1", "`like` takes text in quotes, in which % stands for anything"],
  "branch not = 1": ["=", "`in`, `like` or `ilike` is expected here"],
  "branch is 1": ["1", "after `is` comes `null` or `not null`"],
  "metrics. loss > 1": ["loss", "a name is expected after `metrics.`"],
  "start > 2026-11-23": ["2026-11-23", 'text stands in quotes: "2026-11-23"'],
  'start > "yesterday"': ['"yesterday"', 'a time is text such as "2026-11-23" or "2026-11-23 03:17", in UTC'],
  "pr = 1 🙂": ["🙂", "`and` or `or` is expected here"],
  "constructor.x = 1": ["constructor.x", "`constructor.` is not known; metrics, params and attributes are"],
};

for (const [text, [where, message]] of Object.entries(MISTAKES)) {
  test(`mistake: ${text}`, () => assert.deepEqual(mistake(text).slice(0, 2), [where, message]));
}

test("the place of a mistake is that of the second of two equal words", () => {
  assert.equal(mistake("pr = 1 and pr pr")[2], 14);
});

test("any text is an expression or a mistake with a place", () => {
  const pieces = [
    "metrics.loss",
    "branch",
    "=",
    "!",
    "(",
    ")",
    '"a',
    "`",
    "'",
    "1e",
    "-",
    "not",
    "in",
    ",",
    "\u0000",
    "💥",
    "%",
  ];
  for (let round = 0; round < 4000; round++) {
    const text = Array.from(
      { length: (round % 6) + 1 },
      (_, index) => pieces[(round * 7 + index * round * 13) % pieces.length],
    ).join(round % 2 ? " " : "");
    try {
      parse(text);
    } catch (error) {
      assert.ok(error instanceof ExpressionError, `${text}: ${error}`);
      assert.ok(error.start >= 0 && error.start <= error.end && error.end <= text.length, text);
    }
  }
});

test("a pattern of many % is matched in no time", () => {
  const runs = [makeRun("long", { branch: "a".repeat(20_000) })];
  const start = performance.now();
  assert.deepEqual(
    makeRows(runs, "runs", compile(`branch like "${"%a".repeat(40)}%b"`, findFields(runs)), new Map()),
    [],
  );
  assert.ok(performance.now() - start < 5000);
});

const SUGGESTIONS = {
  "metrics.lo": ["metrics.loss"],
  f1: ['metrics."f1 score"'],
  'metrics."f1': ['metrics."f1 score"'],
  "branch ": ["=", "!=", "like", "in"],
  "metrics.loss ": [">", ">=", "<", "<=", "=", "!="],
  "branch = ": ['"main"', '"feature/x"'],
  'branch = "fe': ['"feature/x"'],
  "params.size in (600, ": ["600", "800"],
  'branch = "main" ': ["and", "or"],
  'branch = "main" o': ["or"],
  "(branch = ": ['"main"', '"feature/x"'],
  "nothing = ": [],
  "metrics.loss > ": [],
  branch: [],
};

for (const [text, expected] of Object.entries(SUGGESTIONS)) {
  test(`suggestions after: ${text}`, () => {
    const { options } = suggest(text, text.length, FIELDS, RUNS);
    assert.deepEqual(
      options.map((option) => option.text),
      expected,
    );
  });
}

test("a suggestion replaces the word before the caret", () => {
  const { start, end } = suggest("pr = 1 and metrics.lo", 21, FIELDS, RUNS);
  assert.deepEqual([start, end], [11, 21]);
});
