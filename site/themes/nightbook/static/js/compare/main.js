// The page that compares runs: ids in the address -> their data -> sections.

import { DataError, loadRun, loadRuns } from "../data.js";
import { make, part } from "../dom.js";
import { counted, minute } from "../format.js";
import { tellProblem } from "../problem.js";
import { compared, readable } from "./compared.js";
import { figureGrid } from "./figures.js";
import { parallelCoordinates } from "./parallel.js";
import { axesOf, defaultAxes, linesOf } from "./parallel-data.js";
import { runCards } from "./run-cards.js";
import {
  differs,
  factRows,
  figureRows,
  metricGroups,
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
/** @typedef {import("./state.js").CompareState} CompareState */

class ComparePage {
  /** @param {Run[]} runs @param {Goal[]} goals */
  constructor(runs, goals) {
    this.all = new Map(runs.map((run) => [run.run_id, run]));
    this.goals = goals;
    this.state = readState(location.search);
    /** @type {Map<string, Promise<{run: WholeRun | null, problem: string}>>} */
    this.loaded = new Map();
    this.connectPicker();
    const differ = part("differ", HTMLInputElement);
    differ.addEventListener("change", () => this.change({ differ: differ.checked }));
    window.addEventListener("popstate", () => {
      this.state = readState(location.search);
      this.show();
    });
  }

  connectPicker() {
    const input = part("add", HTMLInputElement);
    const options = [...this.all.values()].map((run) =>
      make("option", { value: run.run_id }, optionText(run)),
    );
    part("add-options", HTMLElement).replaceChildren(...options);
    const add = () => {
      const id = input.value.trim();
      if (!this.all.has(id) || this.state.runs.includes(id)) return;
      input.value = "";
      this.change({ runs: [...this.state.runs, id] });
    };
    input.addEventListener("input", add); // a chosen option arrives whole
    input.addEventListener("keydown", ({ key }) => key === "Enter" && add());
  }

  /** @param {Partial<CompareState>} changes */
  change(changes) {
    this.state = { ...this.state, ...changes };
    history.pushState(null, "", location.pathname + writeState(this.state));
    this.show();
  }

  async show() {
    const { state } = this;
    const loaded = await Promise.all(state.runs.map((id) => this.load(id)));
    if (state !== this.state) return; // something else was chosen meanwhile
    const runs = loaded.map((each, index) =>
      compared(/** @type {string} */ (state.runs[index]), index, each),
    );
    this.showRuns(runs);
    this.showSections(readable(runs));
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
      onRemove: (id) => this.change({ runs: ids.filter((each) => each !== id) }),
      onBaseline: (id) => this.change({ runs: [id, ...ids.filter((each) => each !== id)] }),
    });
    part("runs", HTMLElement).replaceChildren(...cards);
    part("add", HTMLInputElement).disabled = ids.length >= MAX_RUNS;
    part("differ", HTMLInputElement).checked = this.state.differ;
    part("message", HTMLElement).textContent = messageOf(runs);
  }

  /** @param {(Compared & {run: WholeRun})[]} compared */
  showSections(compared) {
    const runs = compared.map(({ run }) => run);
    const { differ } = this.state;
    const shown = (/** @type {import("./sections.js").TextRow[]} */ rows) =>
      differ ? rows.filter(differs) : rows;
    fill("parameters", shown(paramRows(runs)), (rows) =>
      textTable("Parameters", "Parameter", rows, compared),
    );
    fill("metrics", metricsShown(metricGroups(runs, this.goals), differ), (groups) =>
      metricTables(groups, compared),
    );
    fill("figures", figureRows(runs), (rows) => figureGrid(rows, compared));
    fill(
      "timelines",
      compared.filter(({ run }) => run.tasks.length),
      timelines,
    );
    fill("provenance", shown(factRows(runs)), (rows) => textTable("Provenance", "", rows, compared));
    fill("packages", packageRows(runs), (rows) => textTable("Packages", "Package", rows, compared));
    this.showParallel(compared);
  }

  /** @param {(Compared & {run: WholeRun})[]} compared */
  showParallel(compared) {
    const lines = linesOf(compared);
    const axes = axesOf(lines);
    const chosen = new Set(this.state.axes ?? defaultAxes(axes, this.goals));
    fill("parallel", axes, () => {
      const shown = axes.filter(({ id }) => chosen.has(id));
      const choice = axes.map(({ id, name }) => {
        const box = make("input", { type: "checkbox" });
        box.checked = chosen.has(id);
        box.addEventListener("change", () => {
          const ids = axes
            .map((axis) => axis.id)
            .filter((each) => (each === id ? box.checked : chosen.has(each)));
          this.change({ axes: ids });
        });
        return make("label", { title: id }, box, ` ${name}`);
      });
      const panel = make(
        "details",
        { class: "axes" },
        make("summary", {}, `Axes: ${shown.length} of ${axes.length}`),
        make("div", {}, ...choice),
      );
      panel.open = document.querySelector("details.axes")?.hasAttribute("open") ?? false;
      return make("div", {}, panel, parallelCoordinates(lines, shown));
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
  const section = part(id, HTMLElement);
  section.hidden = items.length === 0;
  section.querySelector(".content")?.replaceChildren(...(items.length ? [draw(items)] : []));
}

/** @param {import("./sections.js").MetricGroup[]} groups @param {boolean} differ */
function metricsShown(groups, differ) {
  if (!differ) return groups;
  return groups
    .map((group) => ({
      ...group,
      rows: group.rows.filter(({ values }) => new Set(values).size > 1),
    }))
    .filter(({ rows }) => rows.length);
}

/** @param {import("./sections.js").MetricGroup[]} groups @param {Compared[]} runs */
function metricTables(groups, runs) {
  const [first, others] = splitByGoal(groups);
  const count = others.reduce((sum, { rows }) => sum + rows.length, 0);
  const more = () =>
    make(
      "details",
      {},
      make("summary", {}, counted(count, "other metric")),
      metricTable("Other metrics", others, runs),
    );
  return make("div", {}, metricTable("Metrics", first, runs), count > 0 && more());
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
  const { goals, runs } = await loadRuns();
  const page = new ComparePage(runs, goals);
  part("compare", HTMLElement).hidden = false;
  await page.show();
}

main().catch(tellProblem);
