// The page of all runs: state in the address -> view -> page, and back.

import { loadRuns } from "../data.js";
import { debounce, byId } from "../dom.js";
import { tellProblem } from "../problem.js";
import { makeColumnPicker } from "./column-picker.js";
import { save, toCsv, toJson } from "./download.js";
import { connectFilters } from "./filters.js";
import { keepPanelAtButton } from "./panel.js";
import { QueryBox } from "./query-box.js";
import { showStatus } from "./status.js";
import { RunsTable } from "./table.js";
import { chosenColumns, makeCatalogue, makeView } from "./view.js";
import { DEFAULT_STATE, readState, writeState } from "./view-state.js";

/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./view-state.js").ViewState} ViewState */
/** @typedef {import("./view.js").Catalogue} Catalogue */

const QUERY_PAUSE_MS = 120;

class RunsPage {
  /** @param {Catalogue} catalogue */
  constructor(catalogue) {
    this.catalogue = catalogue;
    this.state = readState(location.search);
    this.appliedQuery = "";
    this.view = makeView(catalogue, this.state, Date.now());
    this.table = new RunsTable(byId("runs-table", HTMLElement), {
      onSort: (column) => this.change({ sort: nextSort(column, this.state.sort) }),
      onSelect: (id, selected) => this.adjust({ selected: toggled(this.state.selected, id, selected) }),
    });
    this.queryBox = this.connectQuery();
    this.showFilters = connectFilters(catalogue.runs, (change) => this.change(change));
    this.showColumns = this.connectColumns();
    this.connectDownloads();
    byId("reset", HTMLElement).addEventListener("click", () => this.change(DEFAULT_STATE));
    window.addEventListener("popstate", () => {
      this.state = readState(location.search);
      this.show();
    });
  }

  connectQuery() {
    // Asked when the pause is over: meanwhile the box may have been emptied by other means.
    const later = debounce(QUERY_PAUSE_MS, () =>
      this.adjust({ query: byId("query", HTMLInputElement).value }),
    );
    for (const example of document.querySelectorAll("[data-query]")) {
      example.addEventListener("click", () => this.change({ query: example.textContent ?? "" }));
    }
    const { columns, runs } = this.catalogue;
    return new QueryBox(columns, runs, (query, isDone) => (isDone ? this.change({ query }) : later()));
  }

  connectColumns() {
    const panel = byId("columns", HTMLElement);
    keepPanelAtButton(panel, byId("columns-button", HTMLElement));
    return makeColumnPicker(panel, this.catalogue.columns, (columns) => this.change({ columns }));
  }

  connectDownloads() {
    byId("download-csv", HTMLElement).addEventListener("click", () => {
      save("runs.csv", "text/csv;charset=utf-8", toCsv(this.view.rows, this.view.columns));
    });
    byId("download-json", HTMLElement).addEventListener("click", () => {
      save("runs.json", "application/json", toJson(this.view.rows, this.view.columns));
    });
  }

  /** Take a step, from which the back button leads back. @param {Partial<ViewState>} changes */
  change(changes) {
    const url = this.update(changes);
    if (url !== location.pathname + location.search) history.pushState(null, "", url);
    this.show();
  }

  /** Change the view within a step, such as while typing. @param {Partial<ViewState>} changes */
  adjust(changes) {
    history.replaceState(null, "", this.update(changes));
    this.show();
  }

  /** @param {Partial<ViewState>} changes */
  update(changes) {
    this.state = { ...this.state, ...changes };
    return location.pathname + writeState(this.state);
  }

  show() {
    const { catalogue, state } = this;
    const now = Date.now();
    const view = makeView(catalogue, state, now);
    // While an expression is being written, the rows are those of the last one that could be read.
    if (view.error)
      this.view = {
        ...makeView(catalogue, { ...state, query: this.appliedQuery }, now),
        error: view.error,
      };
    else [this.view, this.appliedQuery] = [view, state.query];
    this.queryBox.show(state.query, view.error);
    this.showFilters(state);
    this.showColumns(chosenColumns(catalogue, state).map(({ id }) => id));
    this.table.show(this.view, state);
    showStatus(this.view, state, catalogue.runs.length);
  }
}

/** @param {Column} column @param {ViewState["sort"]} sort the best first, then the other way round */
function nextSort({ id, goal, numeric }, sort) {
  if (sort.column === id) return { column: id, descending: !sort.descending };
  return {
    column: id,
    descending: id === "start" || (goal ? goal.better === "higher" : numeric),
  };
}

/** @param {string[]} ids @param {string} id @param {boolean} isIn */
function toggled(ids, id, isIn) {
  return isIn ? [...new Set([...ids, id])] : ids.filter((each) => each !== id);
}

async function main() {
  const { goals, runs } = await loadRuns();
  const page = new RunsPage(makeCatalogue(runs, goals));
  document.getElementById("runs-static")?.remove();
  byId("runs-app", HTMLElement).hidden = false;
  page.show();
}

main().catch(tellProblem);
