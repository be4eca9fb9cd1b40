// What a point stands for, beside it.

import { make } from "../dom.js";
import { minute } from "../format.js";
import { centre } from "./marks.js";

/** @typedef {import("./marks.js").Mark} Mark */

const GAP_PX = 12;

const DIGITS = 6;

export class Tooltip {
  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.figure = figure;
    this.box = make("div", { class: "tooltip", "aria-hidden": "true", hidden: true }); // links have names of their own
    /** @type {Mark | null} */
    this.mark = null;
    /** @type {Mark | null} the one that a finger has asked for */
    this.mark = null;
    figure.append(this.box);
  }

  /** @param {Mark | null} mark */
  show(mark) {
    if (mark === this.mark) return;
    this.hide();
    if (!mark) return;
    this.mark = mark;
    mark.link.classList.add("pointed");
    this.box.replaceChildren(
      make("strong", {}, shortened(mark.value)),
      make("span", {}, mark.series),
      make("span", {}, `${minute(mark.start)} UTC${mark.branch && ` · ${mark.branch}`}`),
    );
    this.box.hidden = false;
    this.place(mark);
  }

  hide() {
    this.mark?.link.classList.remove("pointed");
    this.mark = null;
    this.mark = null;
    this.box.hidden = true;
  }

  /** Above the point, or below it where there is no room; within the figure. @param {Mark} mark */
  place(mark) {
    const { x, y } = centre(mark);
    const { left, top, width } = this.figure.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.box;
    const above = y - top - offsetHeight - GAP_PX;
    this.box.style.left = `${Math.max(0, Math.min(x - left - offsetWidth / 2, width - offsetWidth))}px`;
    this.box.style.top = `${above >= 0 ? above : y - top + GAP_PX}px`;
  }
}

/** @param {string} value without digits that nobody reads */
function shortened(value) {
  const number = Number(value);
  return Number.isFinite(number) ? String(Number(number.toPrecision(DIGITS))) : value;
}
