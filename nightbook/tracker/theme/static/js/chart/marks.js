// The points of a chart as the page has them: links with data attributes.

/**
 * @typedef {object} Mark
 * @property {SVGAElement} link
 * @property {string} series its line
 * @property {string} branch
 * @property {string} start of its run
 * @property {string} value
 * @property {{x: number, y: number} | null} place in percent of the chart; null for a value that is no number
 */

const REACH_PX = 32;

/** @param {SVGSVGElement} svg @returns {Mark[]} those of a line from left to right */
export function marksOf(svg) {
  return [...svg.querySelectorAll("a.mark")].flatMap((link) =>
    link instanceof SVGAElement ? [readMark(link)] : [],
  );
}

/**
 * The mark that is nearest to the pointer; null if none is near.
 * @param {Mark[]} marks
 * @param {MouseEvent} event
 * @returns {Mark | null}
 */
export function nearestMark(marks, { clientX, clientY }) {
  let nearest = null;
  let limit = REACH_PX;
  for (const mark of marks) {
    if (mark.link.getAttribute("hidden") !== null) continue;
    const { x, y } = centre(mark);
    const distance = Math.hypot(x - clientX, y - clientY);
    if (distance < limit) [limit, nearest] = [distance, mark];
  }
  return nearest;
}

/** @param {Mark} mark its middle in the window, in pixels */
export function centre({ link }) {
  const { left, top, width, height } = link.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}

/** @param {SVGAElement} link @returns {Mark} */
function readMark(link) {
  const title = link.querySelector("title");
  link.setAttribute("aria-label", title?.textContent ?? "");
  title?.remove(); // the tooltip says it, and more
  const { branch = "", start = "", value = "" } = link.dataset;
  const series = link.closest("[data-series]")?.getAttribute("data-series") ?? "";
  return { link, series, branch, start, value, place: placeOf(link.querySelector("use")) };
}

/** @param {SVGUseElement | null} shape */
function placeOf(shape) {
  if (!shape) return null;
  const [x, y] = ["x", "y"].map((name) => Number.parseFloat(shape.getAttribute(name) ?? ""));
  return { x: x ?? 0, y: y ?? 0 };
}
