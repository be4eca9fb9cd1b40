// Branches to choose: the points of others are left out, and the lines go through those that stay.

import { make, makeSvg } from "../dom.js";

/** @typedef {import("./marks.js").Mark} Mark */

export class Branches {
  /**
   * @param {HTMLElement} figure
   * @param {SVGSVGElement} svg
   * @param {Mark[]} marks
   * @param {() => void} onChange
   */
  constructor(figure, svg, marks, onChange) {
    this.marks = marks;
    this.lines = svg.querySelector("svg.lines");
    this.drawn = [...(this.lines?.children ?? [])]; // as the page has them: through all runs
    const names = [...new Set(marks.map(({ branch }) => branch))].toSorted();
    if (names.length < 2) return;
    /** @type {HTMLInputElement[]} */
    this.boxes = names.map((value) => make("input", { type: "checkbox", value, checked: true }));
    const labels = this.boxes.map((box) => make("label", {}, box, box.value || "no branch"));
    const fieldset = make("fieldset", { class: "branches" }, make("legend", {}, "Branches"), ...labels);
    fieldset.addEventListener("change", () => {
      this.show();
      onChange();
    });
    figure.querySelector(".branches-place")?.replaceWith(fieldset); // kept free: the chart does not move
  }

  show() {
    const chosen = new Set(this.boxes?.filter(({ checked }) => checked).map(({ value }) => value));
    for (const { link, branch } of this.marks) link.toggleAttribute("hidden", !chosen.has(branch));
    const all = chosen.size === this.boxes?.length;
    this.lines?.replaceChildren(...(all ? this.drawn : this.redrawn(chosen)));
  }

  /** @param {Set<string>} chosen */
  redrawn(chosen) {
    const classes = new Map(
      this.drawn.map((line) => [line.getAttribute("data-series"), line.getAttribute("class")]),
    );
    return [...classes].map(([series, kind]) => {
      const places = this.marks.filter((mark) => mark.series === series && chosen.has(mark.branch));
      const points = places.flatMap(({ place }) => (place ? [`${place.x},${place.y}`] : [])).join(" ");
      return makeSvg("polyline", { class: kind, "data-series": series, points });
    });
  }
}
