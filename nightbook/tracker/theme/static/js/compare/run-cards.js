// The compared runs, each with its letter; to take away, or to compare the others with.

import { siteUrl } from "../data.js";
import { make } from "../dom.js";
import { minute } from "../format.js";
import { outcomeMark } from "../outcome.js";

/** @typedef {import("./compared.js").Compared} Compared */
/** @typedef {{onRemove: (id: string) => void, onBaseline: (id: string) => void}} Actions */

/**
 * @param {Compared[]} runs
 * @param {Actions} actions
 */
export function runCards(runs, actions) {
  return runs.map((each, index) => card(each, index === 0, actions));
}

/** @param {Compared} compared @param {boolean} isBaseline @param {Actions} actions */
function card({ id, letter, series, run, problem }, isBaseline, { onRemove, onBaseline }) {
  const name = run?.start ? `${minute(run.start)} UTC` : id;
  const title = run ? make("a", { href: siteUrl(run.url) }, name) : make("span", {}, name);
  const source = run && [run.branch, run.revision.slice(0, 7)].filter(Boolean).join(" · ");
  return make(
    "li",
    { class: run ? null : "absent" },
    make("p", { class: "title" }, make("span", { class: `letter ${series}` }, letter), title),
    run && make("p", {}, outcomeMark(run.outcome)),
    source && make("p", { class: "source" }, source),
    problem && make("p", { class: "why" }, problem),
    make(
      "p",
      { class: "actions" },
      isBaseline
        ? make("span", { class: "baseline" }, "baseline")
        : run && action("Make baseline", letter, () => onBaseline(id)),
      action("Remove", letter, () => onRemove(id)),
    ),
  );
}

/** @param {string} text @param {string} letter @param {() => void} onClick */
function action(text, letter, onClick) {
  const button = make("button", { type: "button", "aria-label": `${text}: run ${letter}` }, text);
  button.addEventListener("click", onClick);
  return button;
}
