// Elements are made from plain values; text is always text, whatever a run has logged.

import { visible } from "./visible-text.js";

/**
 * An element with attributes, and children of which strings become text. `null` leaves out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{[attribute: string]: string | number | boolean | null | undefined}} [attributes]
 * @param {(Node | string | null | undefined | false)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{[attribute: string]: string | number | boolean | null | undefined}} [attributes]
 * @param {(Node | string | null | undefined | false)[]} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function makeSvg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/**
 * The element of a page's template with this id.
 * @template {Element} Kind
 * @param {string} id
 * @param {new (...args: any[]) => Kind} kind
 * @returns {Kind}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} with the id ${id}`);
  return found;
}

/**
 * A function that runs once the calls have paused for `pauseMs`.
 * @template {unknown[]} Arguments
 * @param {number} pauseMs
 * @param {(...args: Arguments) => void} action
 * @returns {(...args: Arguments) => void}
 */
export function debounce(pauseMs, action) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = window.setTimeout(action, pauseMs, ...args);
  };
}

/**
 * @template {Element} Kind
 * @param {Kind} element
 * @param {{[attribute: string]: string | number | boolean | null | undefined}} attributes
 * @param {(Node | string | null | undefined | false)[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  for (const child of children) {
    if (child != null && child !== false) element.append(typeof child === "string" ? visible(child) : child);
  }
  return element;
}
