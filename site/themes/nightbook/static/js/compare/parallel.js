// Parallel coordinates as SVG: an axis for each parameter and metric, a line for each variant of each run.
// Lines are told apart by colour, dashes and the letter at their end; pointed at or focused, one stands out.

import { siteUrl } from "../data.js";
import { make, makeSvg } from "../dom.js";

/** @typedef {import("./parallel-data.js").Axis} Axis */
/** @typedef {import("./parallel-data.js").Line} Line */

const HEIGHT = 340;
const TOP = 52;
const BOTTOM = 296;
const MISSING = 322; // below the axes' ends: no value
const SIDE = 70;
const AXIS_GAP = 150;

/**
 * @param {Line[]} lines
 * @param {Axis[]} axes
 */
export function parallelCoordinates(lines, axes) {
  const width = 2 * SIDE + AXIS_GAP * Math.max(1, axes.length - 1);
  const readout = make(
    "p",
    { class: "readout", "aria-hidden": "true" },
    "Point at a line, or step through them with Tab.",
  );
  const svg = makeSvg(
    "svg",
    {
      class: "parallel",
      viewBox: `0 0 ${width} ${HEIGHT}`,
      width,
      height: HEIGHT,
      role: "group",
      "aria-label": "Parallel coordinates",
    },
    ...axes.map((axis, index) => drawAxis(axis, SIDE + index * AXIS_GAP)),
    ...lines.map((line) => drawLine(line, axes, readout)),
  );
  const region = make(
    "div",
    {
      class: "scroll",
      role: "region",
      "aria-label": "Parallel coordinates",
      tabindex: 0,
    },
    svg,
  );
  return make("div", {}, region, readout);
}

/** @param {Axis} axis @param {number} x */
function drawAxis({ name, low, high }, x) {
  const text = (/** @type {number} */ y, /** @type {string} */ content, /** @type {string} */ kind) =>
    makeSvg("text", { x, y, class: kind }, clip(content), makeSvg("title", {}, content));
  return makeSvg(
    "g",
    { class: "axis", "aria-hidden": "true" },
    text(TOP - 30, name, "name"),
    text(TOP - 10, high, "end"),
    makeSvg("line", { x1: x, x2: x, y1: TOP, y2: BOTTOM }),
    text(BOTTOM + 16, low, "end"),
  );
}

/** @param {Line} line @param {Axis[]} axes @param {HTMLElement} readout */
function drawLine(line, axes, readout) {
  const { compared, name } = line;
  const points = axes.map((axis, index) => ({
    x: SIDE + index * AXIS_GAP,
    y: height(line, axis),
  }));
  const path = points.map(({ x, y }) => `${x},${y}`).join(" ");
  const label = `Run ${compared.letter}${name && `, ${name}`}: ${axes.map((axis) => valueText(line, axis)).join("; ")}`;
  const last = points.at(-1);
  const link = makeSvg(
    "a",
    {
      class: `route ${compared.series}`,
      href: siteUrl(compared.run?.url ?? ""),
      "aria-label": label,
    },
    makeSvg("polyline", { class: "reach", points: path }),
    makeSvg("polyline", { class: "stroke", points: path }),
    ...points.map(({ x, y }) => makeSvg("circle", { cx: x, cy: y, r: 3 })),
    last && makeSvg("text", { x: last.x + 10, y: last.y + 4, "aria-hidden": "true" }, compared.letter),
  );
  for (const event of ["pointerenter", "focus"])
    link.addEventListener(event, () => readout.replaceChildren(label));
  link.addEventListener("pointerenter", () => link.parentNode?.append(link)); // above the others
  return link;
}

/** @param {Line} line @param {Axis} axis */
function height({ values }, axis) {
  const value = values.get(axis.id);
  const place = value === undefined ? Number.NaN : axis.place(value);
  return Number.isFinite(place) ? Math.round((BOTTOM - place * (BOTTOM - TOP)) * 10) / 10 : MISSING;
}

/** @param {Line} line @param {Axis} axis */
function valueText({ values }, axis) {
  const value = values.get(axis.id);
  return `${axis.name} ${value === undefined ? "not known" : axis.write(value)}`;
}

/** @param {string} text */
function clip(text) {
  return text.length > 20 ? `${text.slice(0, 19)}…` : text;
}
