// Runs beside each other.
import assert from "node:assert/strict";
import { test } from "node:test";

import { compared } from "../../../../nightbook/tracker/theme/static/js/compare/compared.js";
import { bestOf, differenceTo } from "../../../../nightbook/tracker/theme/static/js/compare/difference.js";
import {
  axesOf,
  defaultAxes,
  linesOf,
} from "../../../../nightbook/tracker/theme/static/js/compare/parallel-data.js";
import {
  differs,
  figureRows,
  metricGroups,
  packageRows,
  paramRows,
  splitByGoal,
} from "../../../../nightbook/tracker/theme/static/js/compare/sections.js";
import { readState, writeState } from "../../../../nightbook/tracker/theme/static/js/compare/state.js";
import { ticks } from "../../../../nightbook/tracker/theme/static/js/compare/ticks.js";
import { makeRun } from "./runs.mjs";

const HIGHER = { metric: "accuracy", better: "higher", tolerance: null };
const LOWER = { metric: "loss", better: "lower", tolerance: null };

function makeTask(id, { metrics = {}, artifacts = [] } = {}) {
  const [name, size] = id.split("/");
  return {
    task_id: id,
    name,
    parameters: new Map(size ? [["size", Number(size)]] : []),
    metrics: new Map(Object.entries(metrics).map(([metric, value]) => [metric, Number(value)])),
    exact: new Map(Object.entries(metrics).filter(([, value]) => typeof value === "bigint")),
    artifacts: artifacts.map((artifact) => ({
      name: artifact,
      type: artifact.endsWith(".png") ? "figure" : "file",
    })),
    attempts: [],
  };
}

function makeWhole(id, { tasks = [], packages = [], ...rest }) {
  return { ...makeRun(id, rest), tasks, packages };
}

test("a difference is told in value, percent, and for better or worse", () => {
  assert.deepEqual(differenceTo(0.75, 0.5, HIGHER), { value: 0.25, percent: 50, verdict: "better" });
  assert.deepEqual(differenceTo(0.75, 0.5, LOWER), { value: 0.25, percent: 50, verdict: "worse" });
  assert.deepEqual(differenceTo(-3, -2, undefined), { value: -1, percent: -50, verdict: "" });
  assert.deepEqual(differenceTo(1, 0, HIGHER), { value: 1, percent: null, verdict: "better" });
  assert.deepEqual(differenceTo(1, 1, HIGHER), { value: 0, percent: 0, verdict: "" });
  assert.equal(differenceTo(Number.NaN, 1, HIGHER), null);
  assert.equal(differenceTo(1, undefined, HIGHER), null);
  const [large, larger] = [9007199254740992n, 9007199254740993n];
  const { value, verdict } = differenceTo(larger, large, HIGHER);
  assert.deepEqual([value, verdict, differenceTo(large, 5, LOWER).verdict], [1, "better", "worse"]);
  assert.equal(differenceTo(large, 0.5, HIGHER).value, 2 ** 53);
});

test("the best follows the goal; there is none without one, or among equals", () => {
  assert.equal(bestOf([1, Number.NaN, 3, undefined], HIGHER), 3);
  assert.equal(bestOf([1, 3], LOWER), 1);
  assert.equal(bestOf([1, 3], undefined), undefined);
  assert.equal(bestOf([3, 3, undefined], HIGHER), undefined);
  assert.equal(bestOf([9007199254740992n, 9007199254740993n, 5], HIGHER), 9007199254740993n);
  assert.equal(bestOf([9007199254740992n, 5, Number.NaN], LOWER), 5);
});

test("metrics stand below each other by task, those with a goal first", () => {
  const runs = [
    makeWhole("a", {
      tasks: [makeTask("train/600", { metrics: { epochs: 3, accuracy: 0.5 } }), makeTask("only-a")],
    }),
    makeWhole("b", {
      tasks: [
        makeTask("train/600", { metrics: { accuracy: 0.6 } }),
        makeTask("train/800", { metrics: { accuracy: 0.7 } }),
      ],
    }),
  ];
  const groups = metricGroups(runs, [HIGHER]);
  assert.deepEqual(
    groups.map(({ task, params, rows }) => [
      task,
      params,
      rows.map(({ metric, values }) => [metric, ...values]),
    ]),
    [
      [
        "train",
        "size = 600",
        [
          ["accuracy", 0.5, 0.6],
          ["epochs", 3, undefined],
        ],
      ],
      ["train", "size = 800", [["accuracy", undefined, 0.7]]],
    ],
  );
  const [first, others] = splitByGoal(groups);
  assert.deepEqual([first.length, others.length, others[0].rows[0].metric], [2, 1, "epochs"]);
  assert.deepEqual(splitByGoal(metricGroups(runs, []))[1], []);
});

test("metrics that floats would round are exact", () => {
  const run = makeWhole("a", { tasks: [makeTask("train", { metrics: { seen: 9007199254740993n } })] });
  assert.deepEqual(metricGroups([run], [])[0].rows[0].values, [9007199254740993n]);
});

test("a goal that names its task is that of the task's metric", () => {
  const run = makeWhole("a", {
    tasks: [
      makeTask("train", { metrics: { epochs: 3, accuracy: 0.5 } }),
      makeTask("check", { metrics: { epochs: 3, accuracy: 0.5 } }),
    ],
  });
  const own = { ...HIGHER, metric: "train:accuracy", tolerance: 0.1 };
  const goalsOf = (goals) =>
    metricGroups([run], goals).map(({ rows }) => rows.map(({ metric, goal }) => [metric, goal?.metric]));
  assert.deepEqual(goalsOf([own]), [
    [
      ["accuracy", "train:accuracy"],
      ["epochs", undefined],
    ],
    [
      ["epochs", undefined],
      ["accuracy", undefined],
    ],
  ]);
  for (const goals of [
    [own, HIGHER],
    [HIGHER, own],
  ])
    assert.deepEqual(
      goalsOf(goals).map(([first]) => first),
      [
        ["accuracy", "train:accuracy"],
        ["accuracy", "accuracy"],
      ],
    );
});

test("parameters of variants are all shown, and what differs is told", () => {
  const rows = paramRows([
    makeWhole("a", { params: { lr: 1 }, variants: [{ params: { size: 600 } }, { params: { size: 800 } }] }),
    makeWhole("b", { params: { lr: 1, extra: [1] }, variants: [] }),
  ]);
  assert.deepEqual(rows, [
    { name: "extra", values: ["", "[1]"] },
    { name: "lr", values: ["1", "1"] },
    { name: "size", values: ["600, 800", ""] },
  ]);
  assert.deepEqual(rows.map(differs), [true, false, true]);
});

test("only packages that differ", () => {
  const runs = [
    ["numpy==1", "same==1"],
    ["numpy==2", "same==1", "new==3"],
  ].map((packages, index) => makeWhole(String(index), { packages }));
  assert.deepEqual(packageRows(runs), [
    { name: "new", values: ["", "3"] },
    { name: "numpy", values: ["1", "2"] },
  ]);
});

test("figures of the same task and name stand side by side", () => {
  const runs = [
    makeWhole("a", { tasks: [makeTask("bench/600", { artifacts: ["roc.png", "model.onnx"] })] }),
    makeWhole("b", { tasks: [makeTask("bench/600", { artifacts: ["roc.png", "new.png"] })] }),
  ];
  assert.deepEqual(
    figureRows(runs).map(({ name, artifacts }) => [name, ...artifacts.map((artifact) => artifact?.name)]),
    [
      ["roc.png", "roc.png", "roc.png"],
      ["new.png", undefined, "new.png"],
    ],
  );
});

test("axes are what differs; lists are none", () => {
  const run = makeWhole("a", {
    params: { lr: 1, shape: [1, 2] },
    variants: [
      { params: { size: 600, mode: "x" }, metrics: { accuracy: 0.5, loss: Number.NaN } },
      { params: { size: 800, mode: "y" }, metrics: { accuracy: 0.75 } },
    ],
  });
  const other = makeWhole("b", { params: { lr: 1, shape: [2, 2] }, metrics: { accuracy: 1 } });
  const lines = linesOf(
    [run, other].map((each, index) => compared(each.run_id, index, { run: each, problem: "" })),
  );
  const axes = axesOf(lines);
  assert.deepEqual(
    axes.map(({ id }) => id),
    ["params.size", "params.mode", "metrics.accuracy"],
  );
  assert.deepEqual(
    axes.map(({ low, high }) => [low, high]),
    [
      ["600", "800"],
      ["x", "y"],
      ["0.50", "1.00"],
    ],
  );
  assert.equal(axes[2].place(0.75), 0.5);
  assert.deepEqual(
    lines.map(({ name }) => name),
    ["size = 600, mode = x", "size = 800, mode = y", ""],
  );
  assert.deepEqual(defaultAxes(axes, [HIGHER]), ["params.size", "params.mode", "metrics.accuracy"]);
});

test("the address names the runs once, and at most twelve", () => {
  assert.deepEqual(readState("?runs=a,b,,a&differ=1&axis=params.x"), {
    runs: ["a", "b"],
    differ: true,
    axes: ["params.x"],
  });
  assert.equal(readState(`?runs=${Array.from({ length: 20 }, (_, index) => index)}`).runs.length, 12);
  const state = { runs: ["a", "b&c"], differ: true, axes: ["metrics.f1 score"] };
  assert.deepEqual(readState(writeState(state)), state);
  assert.equal(writeState({ runs: [], differ: false, axes: null }), "");
});

test("ticks are round and few", () => {
  assert.deepEqual(ticks(24), [0, 5, 10, 15, 20]);
  assert.deepEqual(ticks(100), [0, 30, 60, 90]);
  assert.deepEqual(ticks(3 * 86400).at(-1), 3 * 86400);
  assert.ok(ticks(365 * 86400).length <= 7);
});
