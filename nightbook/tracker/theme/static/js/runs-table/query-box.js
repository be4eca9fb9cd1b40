// The search box: suggestions while typing, and a message below each mistake.

import { make, byId } from "../dom.js";
import { errorNodes } from "./query-error.js";
import { suggest } from "./suggest.js";

/** @typedef {import("../data.js").Run} Run */
/** @typedef {import("./expression.js").ExpressionError} ExpressionError */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./suggest.js").Option} Option */

const ERROR_PAUSE_MS = 600; // a half-written expression is no mistake yet

export class QueryBox {
  /**
   * @param {Map<string, Field>} fields
   * @param {Run[]} runs
   * @param {(query: string, isDone: boolean) => void} onQuery
   */
  constructor(fields, runs, onQuery) {
    const input = byId("query", HTMLInputElement);
    const list = byId("suggestions", HTMLElement);
    this.input = input;
    this.list = list;
    this.message = byId("query-error", HTMLElement);
    this.fields = fields;
    this.runs = runs;
    this.onQuery = onQuery;
    this.active = -1;
    /** @type {ReturnType<typeof suggest>} */
    this.suggestions = { start: 0, end: 0, options: [] };
    input.addEventListener("input", () => {
      this.open();
      onQuery(input.value, false);
    });
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => this.pick(event));
  }

  /** @param {string} query @param {ExpressionError | null} error */
  show(query, error) {
    if (this.input.value !== query) this.input.value = query;
    clearTimeout(this.timer);
    if (!error) this.showError(null);
    else
      this.timer = window.setTimeout(
        () => this.showError(error),
        document.activeElement === this.input ? ERROR_PAUSE_MS : 0,
      );
  }

  /** @param {ExpressionError | null} error */
  showError(error) {
    if (error) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    this.message.replaceChildren(...(error ? errorNodes(this.input.value, error) : []));
  }

  open() {
    const { input } = this;
    this.suggestions = suggest(input.value, input.selectionStart ?? 0, this.fields, this.runs);
    const { options } = this.suggestions;
    this.active = -1;
    this.list.replaceChildren(...options.map(listItem));
    this.setOpen(options.length > 0 && input.value.trim() !== "");
  }

  close() {
    this.setOpen(false);
  }

  /** @param {boolean} isOpen */
  setOpen(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      if (this.list.hidden) this.openAll();
      else this.activate(this.active + move);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!this.list.hidden && this.active >= 0) this.accept(this.active);
      else this.finish();
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  openAll() {
    this.open();
    this.setOpen(this.suggestions.options.length > 0);
    this.activate(0);
  }

  finish() {
    this.close();
    this.onQuery(this.input.value, true);
  }

  /** @param {number} index */
  activate(index) {
    const { children } = this.list;
    if (!children.length) return;
    children[this.active]?.setAttribute("aria-selected", "false");
    this.active = (index + children.length) % children.length;
    const option = /** @type {HTMLElement} */ (children[this.active]);
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {PointerEvent} event */
  pick(event) {
    event.preventDefault(); // the focus stays in the box
    const option = event.target instanceof Element && event.target.closest("[role=option]");
    if (option) this.accept([...this.list.children].indexOf(option));
  }

  /** @param {number} index */
  accept(index) {
    const { start, end, options } = this.suggestions;
    const option = options[index];
    if (!option) return;
    this.input.setRangeText(`${option.text} `, start, end, "end");
    this.open();
    this.onQuery(this.input.value, false);
  }
}

/** @param {Option} option @param {number} index */
function listItem({ text, hint }, index) {
  const name = make("span", { class: "name" }, text);
  const kind = hint ? make("span", { class: "hint" }, ` ${hint}`) : null;
  return make("li", { role: "option", id: `suggestion-${index}`, "aria-selected": "false" }, name, kind);
}
