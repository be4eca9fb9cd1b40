// The page that compares runs: ids in the address -> their data -> sections.

import { DataError, loadRun, loadRuns } from "../data.js";
import { make, byId } from "../dom.js";
import { counted, minute } from "../format.js";
import { tellProblem } from "../problem.js";
import { compared, readable } from "./compared.js";
import { figureGrid } from "./figures.js";
import { disclosure } from "./disclosure.js";
import { axesOf, defaultAxes, linesOf } from "./parallel-data.js";
import { parallelSection } from "./parallel-section.js";
import { runCards } from "./run-cards.js";
import {
  differs,
  factRows,
  figureRows,
  metricGroups,
  onlyDifferent,
  packageRows,
  paramRows,
  splitByGoal,
} from "./sections.js";
import { MAX_RUNS, readState, writeState } from "./state.js";
import { metricTable, textTable } from "./tables.js";
import { timelines } from "./timelines.js";

/** @typedef {import("../data.js").Goal} Goal */
/** @typedef {import("../data.js").Run} Run */
/** @typedef {import("../data.js").WholeRun} WholeRun */
/** @typedef {import("./compared.js").Compared} Compared */
/** @typedef {import("./sections.js").MetricGroup} MetricGroup */
/** @typedef {import("./sections.js").TextRow} TextRow */
/** @typedef {import("./state.js").CompareState} CompareState */

class ComparePage {
  /** @param {Run[]} runs @param {Goal[]} goals @param {Map<string, string>} metricUrls */
  constructor(runs, goals, metricUrls) {
    this.metricUrls = metricUrls;
    this.all = new Map(runs.map((run) => [run.run_id, run]));
    this.goals = goals;
    this.state = readState(location.search);
    /** @type {Map<string, Promise<{run: WholeRun | null, problem: string}>>} */
    this.loaded = new Map();
    this.connectPicker();
    const differ = byId("differ", HTMLInputElement);
    this.onDiffer = () => {};
    differ.addEventListener("change", () => {
      this.adjust({ differ: differ.checked });
      this.onDiffer();
    });
    window.addEventListener("popstate", () => {
      this.state = readState(location.search);
      this.show();
    });
  }

  connectPicker() {
    const input = byId("add", HTMLInputElement);
    const options = [...this.all.values()].map((run) =>
      make("option", { value: run.run_id }, optionText(run)),
    );
    byId("add-options", HTMLElement).replaceChildren(...options);
    const add = () => {
      const id = input.value.trim();
      if (!this.all.has(id) || this.state.runs.includes(id)) return;
      input.value = "";
      this.change({ runs: [...this.state.runs, id] });
    };
    input.addEventListener("input", add); // a chosen option arrives whole
    input.addEventListener("keydown", ({ key }) => key === "Enter" && add());
  }

  /** Take a step, from which the back button leads back. @param {Partial<CompareState>} changes */
  change(changes) {
    this.state = { ...this.state, ...changes };
    history.pushState(null, "", location.pathname + writeState(this.state));
    return this.show();
  }

  /** Change the view within a step. @param {Partial<CompareState>} changes */
  adjust(changes) {
    this.state = { ...this.state, ...changes };
    history.replaceState(null, "", location.pathname + writeState(this.state));
  }

  /** @param {string[]} runs */
  async changeRuns(runs) {
    await this.change({ runs });
    byId("runs", HTMLElement).focus(); // the button that was pressed is gone
  }

  async show() {
    const { state } = this;
    const loaded = await Promise.all(state.runs.map((id) => this.load(id)));
    if (state !== this.state) return; // something else was chosen meanwhile
    const runs = loaded.map((each, index) =>
      compared(/** @type {string} */ (state.runs[index]), index, each),
    );
    this.showRuns(runs);
    this.showTables(readable(runs));
    this.showPictures(readable(runs));
  }

  /** @param {string} id */
  load(id) {
    const known = this.all.get(id);
    if (!known) return { run: null, problem: "The site has no run with this id." };
    const promise =
      this.loaded.get(id) ?? loadRun(known.data).then((run) => ({ run, problem: run.problem }), notLoaded);
    this.loaded.set(id, promise);
    return promise;
  }

  /** @param {Compared[]} runs */
  showRuns(runs) {
    const ids = this.state.runs;
    const cards = runCards(runs, {
      onRemove: (id) => this.changeRuns(ids.filter((each) => each !== id)),
      onBaseline: (id) => this.changeRuns([id, ...ids.filter((each) => each !== id)]),
    });
    byId("runs", HTMLElement).replaceChildren(...cards);
    byId("add", HTMLInputElement).disabled = ids.length >= MAX_RUNS;
    byId("message", HTMLElement).textContent = messageOf(runs);
  }

  /** What the switch for differences rules. @param {(Compared & {run: WholeRun})[]} compared */
  showTables(compared) {
    const runs = compared.map(({ run }) => run);
    const { differ } = this.state;
    const shown = (/** @type {TextRow[]} */ rows) => (differ ? rows.filter(differs) : rows);
    const groups = metricGroups(runs, this.goals);
    fill("metrics", differ ? onlyDifferent(groups) : groups, (shown) =>
      metricTables(shown, compared, this.metricUrls),
    );
    fill("parameters", shown(paramRows(runs)), (rows) =>
      textTable("Parameters", "Parameter", rows, compared),
    );
    fill("provenance", shown(factRows(runs)), (rows) =>
      textTable("Provenance", "Of the run", rows, compared),
    );
    fill("packages", packageRows(runs), (rows) => textTable("Packages", "Package", rows, compared));
    byId("differ", HTMLInputElement).checked = differ;
    this.onDiffer = () => this.showTables(compared);
  }

  /** @param {(Compared & {run: WholeRun})[]} compared */
  showPictures(compared) {
    const runs = compared.map(({ run }) => run);
    const attempted = compared.filter(({ run }) => run.tasks.some(({ attempts }) => attempts.length));
    fill("figures", figureRows(runs), (rows) => figureGrid(rows, compared));
    fill("timelines", attempted, timelines);
    const lines = linesOf(compared);
    fill("parallel", axesOf(lines), (axes) => {
      const { clientWidth } = byId("compare", HTMLElement);
      const chosen = this.state.axes ?? defaultAxes(axes, this.goals);
      return parallelSection(lines, axes, chosen, clientWidth, (ids) => this.adjust({ axes: ids }));
    });
  }
}

/**
 * Fill a section of the page, or hide it if there is nothing to show.
 * @template Item
 * @param {string} id
 * @param {Item[]} items
 * @param {(items: Item[]) => Element} draw
 */
function fill(id, items, draw) {
  const section = byId(id, HTMLElement);
  section.hidden = items.length === 0;
  section.querySelector(".content")?.replaceChildren(...(items.length ? [draw(items)] : []));
}

/** @param {MetricGroup[]} groups @param {Compared[]} runs @param {Map<string, string>} urls */
function metricTables(groups, runs, urls) {
  const [first, others] = splitByGoal(groups);
  const count = others.reduce((sum, { rows }) => sum + rows.length, 0);
  const more = () => [metricTable("Other metrics", others, runs, urls)];
  const folding = count > 0 && disclosure([counted(count, "other metric")], more);
  return make("div", {}, metricTable("Metrics", first, runs, urls), folding);
}

/** @param {Compared[]} runs */
function messageOf(runs) {
  if (runs.length === 0) return "Choose runs below, or tick them in the table of all runs.";
  const absent = runs.length - readable(runs).length;
  const problem = absent ? `${counted(absent, "run")} cannot be compared. ` : "";
  return runs.length - absent === 1 ? `${problem}This is one run: add another to compare it with.` : problem;
}

/** @param {unknown} error */
function notLoaded(error) {
  if (!(error instanceof DataError)) throw error;
  return { run: null, problem: error.message };
}

/** @param {Run} run */
function optionText({ start, branch, outcome }) {
  return [start && minute(start), branch, outcome].filter(Boolean).join(" · ");
}

async function main() {
  const { goals, runs, metricUrls } = await loadRuns();
  const page = new ComparePage(runs, goals, metricUrls);
  byId("compare", HTMLElement).hidden = false;
  await page.show();
}

main().catch(tellProblem);
