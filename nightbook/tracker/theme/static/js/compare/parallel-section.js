// The parallel coordinates with the choice of their axes.

import { make } from "../dom.js";
import { disclosure } from "./disclosure.js";
import { parallelCoordinates } from "./parallel.js";

/** @typedef {import("./parallel-data.js").Axis} Axis */
/** @typedef {import("./parallel-data.js").Line} Line */

/**
 * @param {Line[]} lines
 * @param {Axis[]} axes
 * @param {string[]} chosen ids of the axes to begin with
 * @param {number} width the room there is, in pixels
 * @param {(chosen: string[]) => void} onChoose
 */
export function parallelSection(lines, axes, chosen, width, onChoose) {
  const drawing = make("div");
  const summary = make("span");
  const boxes = axes.map(({ id }) => make("input", { type: "checkbox", checked: chosen.includes(id) }));
  const draw = () => {
    const shown = axes.filter((_, index) => boxes[index]?.checked);
    summary.textContent = `Axes: ${shown.length} of ${axes.length}`;
    drawing.replaceChildren(parallelCoordinates(lines, shown, width));
    return shown.map(({ id }) => id);
  };
  for (const box of boxes) box.addEventListener("change", () => onChoose(draw()));
  const labels = axes.map(({ id, name }, index) =>
    make("label", { title: id }, boxes[index], make("span", {}, name)),
  );
  draw();
  return make(
    "div",
    { class: "axes" },
    disclosure([summary], () => [make("div", {}, ...labels)]),
    drawing,
  );
}
