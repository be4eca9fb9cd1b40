// The chart of a metric: what a point stands for when it is pointed at or focused, branches to choose, and a
// legend that makes one line stand out. The chart itself, with links, is there without this.

import { Branches } from "./branches.js";
import { connectLegend } from "./legend.js";
import { marksOf, nearestMark } from "./marks.js";
import { Tooltip } from "./tooltip.js";

/** @typedef {import("./marks.js").Mark} Mark */

/** @param {HTMLElement} figure @param {SVGSVGElement} svg */
function connect(figure, svg) {
  const marks = marksOf(svg);
  const tooltip = new Tooltip(figure);
  new Branches(figure, svg, marks, () => tooltip.hide());
  connectLegend(figure, svg);
  for (const mark of marks) {
    mark.link.addEventListener("focus", () => tooltip.show(mark));
    mark.link.addEventListener("blur", () => tooltip.hide());
  }
  svg.addEventListener("pointermove", (event) => tooltip.show(nearestMark(marks, event)));
  svg.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && tooltip.hide());
  svg.addEventListener("click", (event) => open(event, nearestMark(marks, event), tooltip));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && tooltip.hide());
}

/**
 * A click near a point opens its run. A finger cannot hover: its first tap shows the tooltip, its second opens the run.
 * @param {MouseEvent} event
 * @param {Mark | null} mark
 * @param {Tooltip} tooltip
 */
function open(event, mark, tooltip) {
  if (event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return; // of the keyboard, or a new tab
  const isTouch = event instanceof PointerEvent && event.pointerType === "touch";
  if (isTouch && tooltip.mark !== mark) {
    event.preventDefault();
    tooltip.show(mark);
    tooltip.mark = mark;
  } else if (mark && !(event.target instanceof Element && event.target.closest("a"))) {
    location.assign(mark.link.href.baseVal);
  }
}

const figure = document.getElementById("trend");
const svg = figure?.querySelector("svg.chart");
if (figure && svg instanceof SVGSVGElement) connect(figure, svg);
