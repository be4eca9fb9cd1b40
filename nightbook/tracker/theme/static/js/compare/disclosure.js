// Content that is hidden until the reader opens it, and not made before.

import { make } from "../dom.js";

/**
 * A `details` element; its content is made when it is opened first.
 * @param {(Node | string)[]} summary
 * @param {() => (Node | string)[]} content
 * @param {boolean} [isOpen]
 */
export function disclosure(summary, content, isOpen = false) {
  const details = make("details", {}, make("summary", {}, ...summary));
  const fill = () => details.append(...content());
  if (isOpen) {
    fill();
    details.open = true;
  } else {
    details.addEventListener("toggle", fill, { once: true });
  }
  return details;
}
