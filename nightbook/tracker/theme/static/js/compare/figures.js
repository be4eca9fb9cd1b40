// Figures of the same task and name, side by side.

import { siteUrl } from "../data.js";
import { make } from "../dom.js";
import { counted } from "../format.js";
import { disclosure } from "./disclosure.js";

/** @typedef {import("./compared.js").Compared} Compared */
/** @typedef {import("./sections.js").FigureRow} FigureRow */

const NR_OPEN = 6; // more figures are folded away, task by task

/**
 * @param {FigureRow[]} rows
 * @param {Compared[]} runs
 */
export function figureGrid(rows, runs) {
  /** @type {Map<string, FigureRow[]>} */
  const tasks = new Map();
  for (const row of rows) {
    const task = [row.task, row.params].filter(Boolean).join(", ");
    tasks.set(task, [...(tasks.get(task) ?? []), row]);
  }
  const isOpen = rows.length <= NR_OPEN;
  return make(
    "div",
    { class: "figure-rows" },
    ...[...tasks].map(([task, of]) => taskFigures(task, of, runs, isOpen)),
  );
}

/** @param {string} task @param {FigureRow[]} rows @param {Compared[]} runs @param {boolean} isOpen */
function taskFigures(task, rows, runs, isOpen) {
  const summary = [task, make("small", {}, ` ${counted(rows.length, "figure")}`)];
  return disclosure(summary, () => rows.map((row) => figureRow(row, runs)), isOpen);
}

/** @param {FigureRow} row @param {Compared[]} runs */
function figureRow({ name, artifacts }, runs) {
  const figures = artifacts.map((artifact, index) => {
    const { letter, series } = /** @type {Compared} */ (runs[index]);
    const caption = make("figcaption", {}, make("span", { class: `letter ${series}` }, letter));
    return make("li", {}, make("figure", {}, caption, picture(artifact, `${name} of run ${letter}`)));
  });
  const list = make("ul", { class: "side-by-side" }, ...figures);
  const scroll = make(
    "div",
    { class: "figure-scroll", role: "region", "aria-label": name, tabindex: 0 },
    list,
  );
  return make("section", {}, make("h3", {}, name), scroll);
}

/** @param {import("../data.js").Artifact | undefined} artifact @param {string} alt */
function picture(artifact, alt) {
  if (!artifact) return make("p", { class: "missing" }, "not logged by this run");
  if (!artifact.url) return make("p", { class: "missing" }, "not on this site; it is in the run's record");
  const image = make("img", {
    src: siteUrl(artifact.url),
    alt,
    loading: "lazy",
    decoding: "async",
  });
  image.addEventListener("error", () =>
    image.replaceWith(make("p", { class: "missing" }, "cannot be loaded")),
  );
  return make("a", { href: siteUrl(artifact.url) }, image);
}
