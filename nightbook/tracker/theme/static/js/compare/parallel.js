// Parallel coordinates as SVG: an axis for each parameter and metric, a line for each variant of each run.
// Lines differ in colour, dashes and the letter at their end; the one that is pointed at or focused stands out.

import { siteUrl } from "../data.js";
import { make, makeSvg } from "../dom.js";

/** @typedef {import("./parallel-data.js").Axis} Axis */
/** @typedef {import("./parallel-data.js").Line} Line */

// In pixels. What has no value is drawn below the axes.
const HEIGHT = 376;
const TOP = 52;
const BOTTOM = 300;
const MISSING = 350;
const SIDE = 80;
const MIN_GAP = 140;
const MAX_GAP = 260;
const LETTER_HEIGHT = 13;

/**
 * @param {Line[]} lines
 * @param {Axis[]} axes
 * @param {number} room the width there is
 */
export function parallelCoordinates(lines, axes, room) {
  const gaps = Math.max(1, axes.length - 1);
  const gap = Math.max(MIN_GAP, Math.min(MAX_GAP, Math.floor((room - 2 * SIDE - 2) / gaps)));
  const width = 2 * SIDE + gap * gaps;
  const hint = "Point at a line, or step through them with Tab: its values are shown here.";
  const readout = make("p", { class: "readout", "aria-hidden": "true" }, hint); // the lines' names say the same
  const shape = { class: "parallel", viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT };
  const drawn = lines.map((line) => drawLine(line, axes, gap, readout));
  const svg = makeSvg(
    "svg",
    { ...shape, role: "group", "aria-label": "Lines over the axes" },
    ...axes.map((axis, index) => drawAxis(axis, SIDE + index * gap)),
    drawn.some(({ isWhole }) => !isWhole) &&
      makeSvg("text", { x: 8, y: MISSING + 4, class: "none" }, "no value"),
    ...drawn.map(({ link }) => link),
  );
  spread(drawn.map(({ letter }) => letter));
  const region = {
    class: "scroll",
    role: "region",
    "aria-label": "Parallel coordinates, chart",
    tabindex: 0,
  };
  return make("div", {}, make("div", region, svg), readout);
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

/** @param {Line} line @param {Axis[]} axes @param {number} gap @param {HTMLElement} readout */
function drawLine(line, axes, gap, readout) {
  const { compared, name } = line;
  const points = axes.map((axis, index) => ({ x: SIDE + index * gap, y: height(line, axis) }));
  const path = points.map(({ x, y }) => `${x},${y}`).join(" ");
  const label = `Run ${compared.letter}${name && `, ${name}`}: ${axes.map((axis) => valueText(line, axis)).join("; ")}`;
  const { x, y } = points.at(-1) ?? { x: 0, y: 0 };
  const letter = makeSvg("text", { x: x + 10, y: y + 4, "aria-hidden": "true" }, compared.letter);
  const link = makeSvg(
    "a",
    { class: `route ${compared.series}`, href: siteUrl(compared.run?.url ?? ""), "aria-label": label },
    makeSvg("polyline", { class: "reach", points: path }),
    makeSvg("polyline", { class: "stroke", points: path }),
    ...points.map(({ x, y }) => makeSvg("circle", { cx: x, cy: y, r: 3 })),
    letter,
  );
  for (const event of ["pointerenter", "focus"])
    link.addEventListener(event, () => readout.replaceChildren(label));
  return { link, letter, isWhole: points.every(({ y }) => y !== MISSING) };
}

/** Move letters that would stand on each other down. @param {SVGTextElement[]} letters */
function spread(letters) {
  const height = (/** @type {SVGTextElement} */ letter) => Number(letter.getAttribute("y"));
  let free = 0;
  for (const letter of letters.toSorted((a, b) => height(a) - height(b))) {
    const y = Math.max(free, height(letter));
    letter.setAttribute("y", String(y));
    free = y + LETTER_HEIGHT;
  }
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
