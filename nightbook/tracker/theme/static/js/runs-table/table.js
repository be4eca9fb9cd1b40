// The table in its scrolling box. Only the rows in sight are elements; all have one height.

import { siteUrl } from "../data.js";
import { make } from "../dom.js";
import { outcomeMark } from "../outcome.js";
import { RUN_COLUMN } from "./columns.js";
import { headOf } from "./head.js";
import { cellOf } from "./rows.js";
import { sliceInSight } from "./visible-rows.js";
import { makeWriter } from "./cell-format.js";

/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./view-state.js").ViewState} ViewState */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./cell-format.js").Writer} Writer */

const MAX_WIDTH = 28; // characters
const MIN_WIDTH = 4;
const DEFAULT_ROW_HEIGHT_PX = 36; // before there is one to measure

/** @typedef {{onSort: (column: Column) => void, onSelect: (runId: string, selected: boolean) => void}} Actions */

export class RunsTable {
  /** @param {HTMLElement} region the scrolling box @param {Actions} actions */
  constructor(region, actions) {
    this.region = region;
    this.actions = actions;
    this.columnWidths = make("colgroup");
    this.head = make("thead");
    this.body = make("tbody");
    this.table = make("table", { class: "run-rows" }, this.columnWidths, this.head, this.body);
    this.above = make("tr", { class: "beyond", "aria-hidden": "true" }, make("td"));
    this.below = make("tr", { class: "beyond", "aria-hidden": "true" }, make("td"));
    /** @type {number | undefined} */
    this.frame = undefined;
    /** @type {Map<Row, HTMLTableRowElement>} */
    this.rows = new Map();
    /** @type {[Column, Writer][]} */
    this.writers = [];
    region.replaceChildren(this.table);
    region.addEventListener("scroll", () => this.paintSoon(), {
      passive: true,
    });
    new ResizeObserver(() => this.paintSoon()).observe(region);
  }

  /**
   * @param {View} view
   * @param {ViewState} state
   */
  show(view, state) {
    const focused = this.focusKey();
    this.view = view;
    this.selected = new Set(state.selected);
    this.writers = view.shown.map((column) => [column, makeWriter(column, view.rows)]);
    this.setWidths(view.rows);
    this.head.replaceChildren(...headOf(view.shown, state.sort, this.actions.onSort));
    this.table.setAttribute("aria-rowcount", String(view.rows.length + this.head.rows.length));
    this.rows.clear();
    this.paint();
    const again = focused && this.table.querySelector(`[data-focus="${CSS.escape(focused)}"]`);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }

  /** Which control has the focus, so that it has it in the new rows too. */
  focusKey() {
    const { activeElement } = document;
    return (
      activeElement instanceof HTMLElement &&
      this.table.contains(activeElement) &&
      activeElement.dataset.focus
    );
  }

  paintSoon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.paint();
    });
  }

  paint() {
    if (!this.view) return;
    const { rows } = this.view;
    const rowHeight = this.rowHeight();
    const { scrollTop, clientHeight } = this.region;
    const box = {
      scrolled: scrollTop,
      height: clientHeight,
      rowHeight,
      count: rows.length,
    };
    const { first, last } = sliceInSight(box);
    const shown = new Map();
    for (let index = first; index < last; index++) {
      const row = /** @type {Row} */ (rows[index]);
      shown.set(row, this.rows.get(row) ?? this.makeRow(row, index));
    }
    this.above.style.height = `${first * rowHeight}px`;
    this.below.style.height = `${(rows.length - last) * rowHeight}px`;
    this.replaceRows(shown);
  }

  /** @param {Map<Row, HTMLTableRowElement>} shown */
  replaceRows(shown) {
    const { activeElement } = document;
    const hadFocus = this.body.contains(activeElement);
    const wanted = [this.above, ...shown.values(), this.below];
    const keep = new Set(wanted);
    for (const element of [...this.body.rows]) if (!keep.has(element)) element.remove();
    let next = this.body.firstElementChild;
    for (const element of wanted) {
      if (element === next) next = next.nextElementSibling;
      else this.body.insertBefore(element, next); // one that stays is not moved: it would lose the focus
    }
    this.rows = shown;
    if (hadFocus && !this.body.contains(activeElement)) this.region.focus({ preventScroll: true });
  }

  rowHeight() {
    const [row] = this.rows.values();
    return row?.isConnected ? row.getBoundingClientRect().height : DEFAULT_ROW_HEIGHT_PX;
  }

  /** @param {Row} row @param {number} index */
  makeRow(row, index) {
    const { run } = row;
    const selected = this.selected?.has(run.run_id);
    const cells = this.writers.map(([column, writer]) => this.makeCell(row, column, writer));
    return make(
      "tr",
      {
        "aria-rowindex": index + this.head.rows.length + 1,
        class: selected ? "selected" : null,
      },
      this.makeCheckbox(row, Boolean(selected)),
      ...cells,
    );
  }

  /** @param {Row} row @param {boolean} selected */
  makeCheckbox({ run, key }, selected) {
    const label = `Compare the run of ${run.start ? run.start.slice(0, 16).replace("T", " ") : run.run_id}`;
    const checkbox = make("input", {
      type: "checkbox",
      "aria-label": label,
      "data-focus": `select ${key}`,
    });
    checkbox.checked = selected;
    checkbox.addEventListener("change", () => this.actions.onSelect(run.run_id, checkbox.checked));
    return make("td", { class: "select" }, make("label", {}, checkbox));
  }

  /** @param {Row} row @param {Column} column @param {Writer} writer */
  makeCell(row, column, writer) {
    const [text, title] = [writer.text(row), writer.title(row)];
    if (column.id === RUN_COLUMN) return runCell(row, text, title);
    if (column.id === "outcome") {
      return make(
        "td",
        { class: "outcome-cell", title: row.run.problem || null },
        outcomeMark(row.run.outcome),
      );
    }
    const kind = column.numeric ? "number" : column.id === "commit" ? "code" : "text";
    const cell = make(
      "td",
      { class: kind, title: title || null },
      text || make("span", { class: "unknown" }, "–"),
    );
    const { values } = cellOf(row, column);
    if (values.length === 1 && this.view?.best.get(column.id) === String(values[0])) {
      cell.classList.add("best");
      cell.append(make("span", { class: "visually-hidden" }, " (best)"));
    }
    return cell;
  }

  /** Widths by content, once for all rows: they stay while rows come and go. @param {Row[]} rows */
  setWidths(rows) {
    const widths = this.writers.map(([column, writer]) => {
      const longest = rows.reduce((length, row) => Math.max(length, writer.text(row).length), MIN_WIDTH);
      return Math.min(MAX_WIDTH, Math.max(longest + (column.goal ? 2 : 0), column.label.length + 2));
    });
    const cols = this.writers.map(([{ id }], index) => {
      const col = make("col", {
        class: id === "outcome" || id === RUN_COLUMN ? id : null,
      });
      if (id !== "outcome" && id !== RUN_COLUMN)
        col.style.width = `calc(${widths[index]}ch + var(--cell-padding))`;
      return col;
    });
    this.columnWidths.replaceChildren(make("col", { class: "select" }), ...cols);
  }
}

/** @param {Row} row @param {string} text @param {string} title */
function runCell({ run, key }, text, title) {
  const time = run.start
    ? make("time", { datetime: run.start }, make("span", { class: "year" }, text.slice(0, 5)), text.slice(5))
    : run.run_id;
  const link = make(
    "a",
    {
      href: siteUrl(run.url),
      title: title || null,
      "data-focus": `open ${key}`,
    },
    time,
  );
  return make("th", { scope: "row", class: "run" }, link);
}
