// The timelines of the runs below each other, on one scale: a bar for each attempt.

import { siteUrl } from "../data.js";
import { make } from "../dom.js";
import { duration } from "../format.js";
import { glyph, outcomeClass } from "../outcome.js";
import { paramsText } from "./sections.js";
import { ticks } from "./ticks.js";

/** @typedef {import("../data.js").Attempt} Attempt */
/** @typedef {import("../data.js").Task} Task */
/** @typedef {import("./compared.js").Compared} Compared */

/** @param {(Compared & {run: import("../data.js").WholeRun})[]} runs */
export function timelines(runs) {
  const attempts = runs.flatMap(({ run }) => run.tasks.flatMap((task) => task.attempts));
  const end = Math.max(1, ...attempts.map(({ offset_s, duration_s }) => offset_s + duration_s));
  return make("div", { class: "timelines" }, ...runs.map((each) => timeline(each, end)), axis(end));
}

/** @param {Compared & {run: import("../data.js").WholeRun}} compared @param {number} end */
function timeline({ letter, series, run }, end) {
  const tasks = run.tasks.filter((task) => task.attempts.length);
  const total = run.duration_s === "" ? "" : `, ${duration(run.duration_s)}`;
  const title = make(
    "h3",
    {},
    make("span", { class: `letter ${series}` }, letter),
    make("span", {}, ` ${run.outcome}${total}`),
  );
  return make("section", {}, title, make("ol", {}, ...tasks.map((task) => taskRow(task, end))));
}

/** @param {Task} task @param {number} end */
function taskRow(task, end) {
  const params = paramsText(task);
  const name = make("span", { class: "task" }, task.name, params && make("small", {}, ` ${params}`));
  const bars = task.attempts.map((attempt) => bar(task, attempt, end));
  return make("li", {}, name, make("span", { class: "track" }, ...bars));
}

/** @param {Task} task @param {Attempt} attempt @param {number} end */
function bar(task, attempt, end) {
  const { number, outcome, offset_s, duration_s, error } = attempt;
  const why = error ? `: ${error.type}: ${error.message.slice(0, 200)}` : "";
  const label = `${task.name} ${paramsText(task)}, attempt ${number}: ${outcome}, ${duration(duration_s)}${why}`;
  const mark = outcome === "success" ? "" : glyph(outcome);
  const link = make(
    "a",
    {
      class: `bar ${outcomeClass(outcome)}`,
      href: siteUrl(attempt.url),
      title: label,
      "aria-label": label,
    },
    mark,
  );
  link.style.left = `${(100 * offset_s) / end}%`;
  link.style.width = `${(100 * duration_s) / end}%`;
  return link;
}

/** @param {number} end */
function axis(end) {
  const marks = ticks(end).map((second) => {
    const mark = make("span", {}, duration(second).replace(".0", ""));
    mark.style.left = `${(100 * second) / end}%`;
    return mark;
  });
  return make("div", { class: "axis", "aria-hidden": "true" }, make("span", { class: "track" }, ...marks));
}
