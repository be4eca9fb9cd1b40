// Tables with one column for each run.

import { siteUrl } from "../data.js";
import { make } from "../dom.js";
import { figures, plain } from "../format.js";
import { bestOf, differenceTo } from "./difference.js";
import { differs } from "./sections.js";

/** @typedef {import("./compared.js").Compared} Compared */
/** @typedef {import("./sections.js").MetricGroup} MetricGroup */
/** @typedef {import("./sections.js").MetricRow} MetricRow */
/** @typedef {import("./sections.js").TextRow} TextRow */

/**
 * A table of texts, in which rows that differ are marked.
 * @param {string} label
 * @param {string} noun what a row is
 * @param {TextRow[]} rows
 * @param {Compared[]} runs
 */
export function textTable(label, noun, rows, runs) {
  const body = rows.map((row) => {
    const cells = row.values.map((value) =>
      make("td", { title: value.length > 32 ? value : null }, value || unknown()),
    );
    const isDifferent = runs.length > 1 && differs(row);
    return make("tr", { class: isDifferent ? "differs" : null }, nameCell(row.name, isDifferent), ...cells);
  });
  return scroll(label, make("table", {}, head(noun, runs), make("tbody", {}, ...body)));
}

/**
 * A table of metrics, grouped by task, with the differences to the first run.
 * @param {string} label
 * @param {MetricGroup[]} groups
 * @param {Compared[]} runs
 * @param {Map<string, string>} urls of the metrics' own pages
 */
export function metricTable(label, groups, runs, urls) {
  const bodies = groups.map(({ task, params, rows }) => {
    const title = make(
      "th",
      { scope: "rowgroup", colspan: runs.length + 1 },
      make("span", {}, task, params && make("small", {}, ` ${params}`)),
    );
    return make(
      "tbody",
      {},
      make("tr", { class: "group" }, title),
      ...rows.map((row) => metricRow(row, urls)),
    );
  });
  return scroll(label, make("table", { class: "metrics" }, head("Metric", runs), ...bodies));
}

/** @param {MetricRow} row @param {Map<string, string>} urls */
function metricRow({ metric, values, goal }, urls) {
  const figure = figures(values.filter((value) => value !== undefined).map(Number));
  const best = bestOf(values, goal);
  const url = urls.get(metric);
  const name = make(
    "th",
    { scope: "row" },
    url ? make("a", { href: siteUrl(url) }, metric) : metric,
    goal && goalMark(goal.better),
  );
  const cells = values.map((value, index) => {
    if (value === undefined) return make("td", { class: "number" }, unknown());
    const text = typeof value === "bigint" ? plain(value) : figure(value);
    const shown = make("span", { class: value === best ? "figure best" : "figure", title: `${value}` }, text);
    const note = value === best && make("span", { class: "visually-hidden" }, " (best)");
    return make("td", { class: "number" }, shown, note, index > 0 && difference(value, values[0], goal));
  });
  return make("tr", {}, name, ...cells);
}

/** @param {number | bigint} value @param {number | bigint | undefined} baseline @param {MetricRow["goal"]} goal */
function difference(value, baseline, goal) {
  const found = differenceTo(value, baseline, goal);
  if (!found) return null;
  if (found.value === 0) return make("span", { class: "difference" }, "same");
  const mark = { better: "▲ ", worse: "▼ ", "": "" }[found.verdict];
  const percent = found.percent === null ? "" : ` (${signed(found.percent)} %)`;
  return make(
    "span",
    { class: `difference ${found.verdict}` },
    make("span", { "aria-hidden": "true" }, mark),
    signed(found.value) + percent,
    found.verdict && make("span", { class: "visually-hidden" }, `, ${found.verdict}`),
  );
}

/** @param {number} number with its sign, to three digits */
function signed(number) {
  const size = Math.abs(number);
  const digits =
    size >= 1e6 || size < 1e-4
      ? size.toExponential(1)
      : String(Number(size.toPrecision(size >= 100 ? 4 : 2)));
  return `${number < 0 ? "−" : "+"}${digits}`;
}

/** @param {"higher" | "lower"} better */
function goalMark(better) {
  const arrow = make("span", { "aria-hidden": "true" }, better === "higher" ? " ↑" : " ↓");
  return make(
    "span",
    { class: "goal", title: `${better} is better` },
    arrow,
    make("span", { class: "visually-hidden" }, `, ${better} is better`),
  );
}

/** @param {string} noun @param {Compared[]} runs */
function head(noun, runs) {
  const letters = runs.map(({ letter, series, run }) =>
    make("th", { scope: "col", title: run?.run_id }, make("span", { class: `letter ${series}` }, letter)),
  );
  return make("thead", {}, make("tr", {}, make("th", { scope: "col" }, noun), ...letters));
}

/** @param {string} name @param {boolean} isDifferent */
function nameCell(name, isDifferent) {
  return make(
    "th",
    { scope: "row" },
    name,
    isDifferent && make("span", { class: "visually-hidden" }, " (differs)"),
  );
}

/** @param {string} label @param {HTMLTableElement} table */
function scroll(label, table) {
  return make(
    "div",
    { class: "scroll", role: "region", "aria-label": `${label}, table`, tabindex: 0 },
    table,
  );
}

function unknown() {
  return make("span", { class: "unknown" }, "–");
}
