// Runs and a state in, the rows, columns and texts of the table out.
import assert from "node:assert/strict";
import { test } from "node:test";

import { toCsv, toJson } from "../../../../nightbook/tracker/theme/static/js/runs-table/download.js";
import { cellOf } from "../../../../nightbook/tracker/theme/static/js/runs-table/rows.js";
import {
  DEFAULT_STATE,
  readState,
  writeState,
} from "../../../../nightbook/tracker/theme/static/js/runs-table/view-state.js";
import {
  chosenColumns,
  makeCatalogue,
  makeView,
} from "../../../../nightbook/tracker/theme/static/js/runs-table/view.js";
import { sliceInSight } from "../../../../nightbook/tracker/theme/static/js/runs-table/visible-rows.js";
import { makeWriter } from "../../../../nightbook/tracker/theme/static/js/runs-table/cell-format.js";
import { makeRun } from "./runs.mjs";

const NOW_MS = Date.parse("2026-11-24T00:00:00Z");
const GOALS = [
  { metric: "accuracy", better: "higher", tolerance: 0.01 },
  { metric: "loss", better: "lower", tolerance: null },
];
const RUNS = [
  makeRun("c", {
    start: "2026-11-23T03:17:00.123Z",
    params: { lr: 0.1 },
    variants: [
      { params: { size: 600 }, metrics: { accuracy: 0.95, loss: 0.3, images: 600 } },
      { params: { size: 800 }, metrics: { accuracy: 0.97, loss: 0.2, images: 800 } },
    ],
  }),
  makeRun("b", {
    start: "2026-11-20T03:17:00.123Z",
    outcome: "failure",
    metrics: { loss: Number.NaN },
    params: { lr: 0.1 },
  }),
  makeRun("a", {
    start: "2026-10-01T03:17:00.123Z",
    metrics: { accuracy: 0.9, loss: 0.25, images: 5 },
    params: { lr: 0.1 },
  }),
  makeRun("x", { start: "", duration_s: "", outcome: "unreadable", problem: "no spans" }),
];
const CATALOGUE = makeCatalogue(RUNS, GOALS);

function view(changes = {}) {
  return makeView(CATALOGUE, { ...DEFAULT_STATE, ...changes }, NOW_MS);
}

function keys(changes) {
  return view(changes).rows.map(({ key }) => key);
}

function texts(id, changes = {}) {
  const { rows } = view(changes);
  const write = makeWriter(CATALOGUE.columns.get(id), rows);
  return rows.map(write.text);
}

test("newest first, and what has no start last", () => {
  assert.deepEqual(keys({}), ["c", "b", "a", "x"]);
  assert.deepEqual(keys({ sort: { column: "start", descending: false } }), ["a", "b", "c", "x"]);
});

test("what is unknown and what is no number come last in both directions", () => {
  assert.deepEqual(keys({ sort: { column: "metrics.loss", descending: false } }), ["c", "a", "b", "x"]);
  assert.deepEqual(keys({ sort: { column: "metrics.loss", descending: true } }), ["a", "c", "b", "x"]);
});

test("text is sorted as people count: run 2 before run 10", () => {
  const runs = ["run 10", "run 2", "Run 1"].map((branch) => makeRun(branch, { branch }));
  const state = { ...DEFAULT_STATE, sort: { column: "branch", descending: false } };
  const { rows } = makeView(makeCatalogue(runs, []), state, NOW_MS);
  assert.deepEqual(
    rows.map(({ key }) => key),
    ["Run 1", "run 2", "run 10"],
  );
});

test("a sort by a column that no longer exists leaves the runs newest first", () => {
  assert.deepEqual(keys({ sort: { column: "metrics.gone", descending: false } }), ["c", "b", "a", "x"]);
});

test("a run shows the best of its variants by the goal, else from where to where they go", () => {
  const [row] = view().rows;
  const cell = (id) => cellOf(row, CATALOGUE.columns.get(id));
  assert.deepEqual(cell("metrics.accuracy"), { values: [0.97], note: "best of 2 variants: size = 800" });
  assert.deepEqual(cell("metrics.loss").values, [0.2]);
  assert.deepEqual(cell("metrics.images").values, [600, 800]);
  assert.deepEqual(cell("params.size").values, [600, 800]);
  assert.deepEqual(texts("metrics.images")[0], "600 … 800");
  assert.deepEqual(texts("params.size"), ["600, 800", "", "", ""]);
});

test("rows per variant have the variant's values, and the run's where it has none", () => {
  const { rows } = view({ per: "variants" });
  assert.deepEqual(
    rows.map(({ key }) => key),
    ["c 0", "c 1", "b", "a", "x"],
  );
  assert.deepEqual(texts("params.size", { per: "variants" }), ["600", "800", "", "", ""]);
  assert.deepEqual(texts("params.lr", { per: "variants" }), ["0.1", "0.1", "0.1", "0.1", ""]);
});

test("figures of a column have the same decimals", () => {
  assert.deepEqual(texts("metrics.accuracy"), ["0.97", "", "0.90", ""]);
  assert.deepEqual(texts("metrics.loss"), ["0.20", "NaN", "0.25", ""]);
});

test("the best is that of the rows in the table", () => {
  assert.equal(view().best.get("metrics.accuracy"), "0.97");
  assert.equal(view().best.get("metrics.loss"), "0.2");
  assert.equal(
    view({ query: "metrics.loss > 0.22 and params.size is null" }).best.has("metrics.loss"),
    false,
  );
  assert.equal(view({ query: "metrics.loss > 0.22", per: "variants" }).best.get("metrics.loss"), "0.25");
});

test("filters by outcome and time", () => {
  assert.deepEqual(keys({ outcomes: ["failure", "unreadable"] }), ["b", "x"]);
  assert.deepEqual(keys({ since: "7d" }), ["c", "b"]);
  assert.deepEqual(keys({ since: "24h" }), ["c"]);
  assert.deepEqual(keys({ from: "2026-11-20" }), ["c", "b"]);
  assert.deepEqual(keys({ from: "2026-10-01", to: "2026-11-20" }), ["b", "a"]);
});

test("only columns that differ", () => {
  const all = ["branch", "outcome", "params.lr", "metrics.accuracy"];
  const { columns, nrHidden } = view({ columns: all, differ: true, outcomes: ["success"] });
  assert.deepEqual(
    columns.map(({ id }) => id),
    ["start", "metrics.accuracy"],
  );
  assert.equal(nrHidden, 3);
});

test("columns stand in one order, and the run's own is always there", () => {
  const ids = (columns) => chosenColumns(CATALOGUE, { ...DEFAULT_STATE, columns }).map(({ id }) => id);
  assert.deepEqual(ids(["params.lr", "metrics.loss", "branch", "gone"]), [
    "start",
    "branch",
    "metrics.loss",
    "params.lr",
  ]);
  assert.deepEqual(ids([]), ["start"]);
  assert.deepEqual(CATALOGUE.defaults.slice(7), ["metrics.accuracy", "metrics.loss", "params.size"]);
});

test("a mistake in the search is told, and the rest of the view is there", () => {
  const { error, rows } = view({ query: "metrics.los > 1" });
  assert.equal(error.end, 11);
  assert.equal(rows.length, 4);
});

test("names of an object's own properties are names like others", () => {
  const names = { __proto__: null, constructor: 1, toString: 2, hasOwnProperty: 3 };
  const runs = [
    makeRun("odd", { metrics: names, params: names, trigger: "constructor", outcome: "toString" }),
  ];
  runs[0].metrics.set("__proto__", 4);
  const catalogue = makeCatalogue(runs, []);
  const state = {
    ...DEFAULT_STATE,
    columns: [...catalogue.columns.keys()],
    query: "metrics.__proto__ = 4 and params.constructor = 1",
  };
  const { rows, columns } = makeView(catalogue, state, NOW_MS);
  assert.equal(rows.length, 1);
  assert.match(toCsv(rows, columns), /metrics\.__proto__/);
  assert.equal(JSON.parse(toJson(rows, columns))[0]["metrics.__proto__"], 4);
  assert.equal(JSON.parse(toJson(rows, columns))[0].trigger, "constructor");
});

test("a thousand runs with four variants are a view in well under a second", () => {
  const runs = Array.from({ length: 1000 }, (_, index) =>
    makeRun(`run ${index}`, {
      variants: [1, 2, 3, 4].map((size) => ({
        params: { size },
        metrics: { accuracy: Math.sin(index * size), loss: index },
      })),
    }),
  );
  const catalogue = makeCatalogue(runs, GOALS);
  const state = {
    ...DEFAULT_STATE,
    per: "variants",
    query: "metrics.accuracy > -2",
    sort: { column: "metrics.accuracy", descending: true },
  };
  const start = performance.now();
  assert.equal(makeView(catalogue, state, NOW_MS).rows.length, 4000);
  assert.ok(performance.now() - start < 3000); // 40 ms on an idle machine
});

// ---- the address ----

test("the default state has an empty address", () => {
  assert.equal(writeState(DEFAULT_STATE), "");
  assert.deepEqual(readState(""), DEFAULT_STATE);
});

test("any state survives the address", () => {
  const state = {
    query: 'params.mode = "a&b" and metrics."f1 + é" > 0',
    columns: ["branch", "metrics.a,b&c=d"],
    sort: { column: "metrics.-x", descending: true },
    per: "variants",
    outcomes: ["failure", "timeout"],
    since: "",
    from: "2026-11-01",
    to: "2026-11-30",
    differ: true,
    selected: ["20261123T031700Z-7f3a2c"],
  };
  assert.deepEqual(readState(writeState(state)), state);
  assert.deepEqual(
    readState(
      writeState({ ...state, since: "7d", from: "", to: "", sort: { column: "start", descending: false } }),
    ).since,
    "7d",
  );
});

test("no columns at all is not the default columns", () => {
  assert.deepEqual(readState(writeState({ ...DEFAULT_STATE, columns: [] })).columns, ["start"]);
});

test("what makes no sense in an address counts as its default", () => {
  assert.deepEqual(readState("?sort=-&per=what&since=1y&from=soon&to=2026-13-45&outcome=&column="), {
    ...DEFAULT_STATE,
    columns: [],
  });
});

test("a goal rules a metric of several tasks under all of its names", () => {
  const told_apart = { accuracy: ["train:accuracy", "check:accuracy"] };
  const metrics = { loss: 1, "train:accuracy": 0.9, "check:accuracy": 0.8 };
  const goals = [{ metric: "accuracy", better: "higher", tolerance: null }];
  const { columns } = makeCatalogue([makeRun("r1", { metrics, told_apart })], goals);

  const ofMetrics = [...columns.values()].filter(({ scope }) => scope === "metrics");
  assert.deepEqual(
    ofMetrics.map(({ name, goal }) => [name, goal?.metric]),
    [
      ["train:accuracy", "accuracy"],
      ["check:accuracy", "accuracy"],
      ["loss", undefined],
    ],
  );
});

test("whole numbers beyond 2^53 are exact in cells, filters, the order and downloads", () => {
  const runs = [9007199254740993n, 9007199254740992n, -9007199254740993n].map((rows, index) =>
    makeRun(`r${index}`, {
      metrics: { rows: Number(rows) },
      exact: { rows },
      params: { seed: String(rows) },
    }),
  );
  const catalogue = makeCatalogue([...runs, makeRun("small", { metrics: { rows: 5 } })], []);
  const ids = (state) =>
    makeView(catalogue, { ...DEFAULT_STATE, ...state }, NOW_MS).rows.map(({ run }) => run.run_id);

  for (const name of ["metrics.rows", "params.seed"]) {
    assert.deepEqual(ids({ query: `${name} = 9007199254740993` }), ["r0"]);
    assert.deepEqual(ids({ query: `${name} > 9007199254740992` }), ["r0"]);
    assert.deepEqual(ids({ query: `${name} = "9007199254740992"` }), ["r1"]);
  }
  assert.deepEqual(ids({ sort: { column: "metrics.rows", descending: true } }), ["r0", "r1", "small", "r2"]);
  const { rows } = makeView(
    catalogue,
    { ...DEFAULT_STATE, query: "metrics.rows >= 9007199254740993" },
    NOW_MS,
  );
  const column = catalogue.columns.get("metrics.rows");
  assert.equal(makeWriter(column, rows).text(rows[0]), "9007199254740993");
  assert.equal(toCsv(rows, [column]), "run_id,metrics.rows\r\nr0,9007199254740993\r\n");
  assert.deepEqual(JSON.parse(toJson(rows, [column])), [
    { run_id: "r0", "metrics.rows": "9007199254740993" },
  ]);
});

// ---- downloads ----

test("CSV has the shown columns, quotes what it must, and begins no cell like a formula", () => {
  const runs = [
    makeRun("r1", {
      branch: 'a "b", c\nd',
      actor: "=HYPERLINK(1)",
      metrics: { loss: -0.5 },
      params: { cmd: "+1", list: [1, 2], minus: -3 },
    }),
    makeRun("r2", {
      branch: "@x",
      actor: "-1",
      metrics: { loss: Number.POSITIVE_INFINITY },
      params: { cmd: "\tx" },
    }),
  ];
  const catalogue = makeCatalogue(runs, []);
  const columns = ["branch", "actor", "metrics.loss", "params.cmd", "params.list", "params.minus"].map((id) =>
    catalogue.columns.get(id),
  );
  const { rows } = makeView(catalogue, DEFAULT_STATE, NOW_MS);
  assert.equal(
    toCsv(rows, columns),
    "run_id,branch,actor,metrics.loss,params.cmd,params.list,params.minus\r\n" +
      'r1,"a ""b"", c\nd",\'=HYPERLINK(1),-0.5,\'+1,"[1,2]",-3\r\n' +
      "r2,'@x,'-1,Infinity,'\tx,,\r\n",
  );
});

test("JSON has the values, several where the variants differ", () => {
  const { rows } = view();
  const columns = ["run_id", "metrics.accuracy", "metrics.loss", "params.size"].map((id) =>
    CATALOGUE.columns.get(id),
  );
  assert.deepEqual(JSON.parse(toJson(rows, columns)).slice(0, 2), [
    { run_id: "c", "metrics.accuracy": 0.97, "metrics.loss": 0.2, "params.size": [600, 800] },
    { run_id: "b", "metrics.accuracy": null, "metrics.loss": "NaN", "params.size": null },
  ]);
});

// ---- rows in sight ----

test("rows in sight, with some before and after, never beyond the ends", () => {
  const box = { height: 360, rowHeight: 36, count: 1000 };
  assert.deepEqual(sliceInSight({ ...box, scrolled: 0 }), { first: 0, last: 22 });
  assert.deepEqual(sliceInSight({ ...box, scrolled: 3600 }), { first: 88, last: 122 });
  assert.deepEqual(sliceInSight({ ...box, scrolled: 1e9 }), { first: 1000, last: 1000 });
  assert.deepEqual(sliceInSight({ ...box, scrolled: -50, count: 3 }), { first: 0, last: 3 });
});
