// The message for the reader when a page cannot show its data.

import { DataError } from "./data.js";
import { byId } from "./dom.js";

/**
 * Show the error on the page, in its element with the id `problem`.
 * @param {unknown} error
 */
export function tellProblem(error) {
  const alert = byId("problem", HTMLElement);
  alert.textContent = error instanceof DataError ? error.message : `This page has an error: ${error}`;
  alert.hidden = false;
  document.documentElement.dataset.failed = ""; // the style sheets show again what works without scripts
  if (!(error instanceof DataError)) throw error; // the browser's console shows where
}
