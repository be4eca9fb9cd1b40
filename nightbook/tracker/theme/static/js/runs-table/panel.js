// A panel that opens below its button and stays within the window.

const GAP_PX = 4;
const MIN_HEIGHT_PX = 420; // rather over the button than smaller

/**
 * Place the popover whenever it opens.
 * @param {HTMLElement} panel with the attribute popover
 * @param {HTMLElement} button
 */
export function keepPanelAtButton(panel, button) {
  const place = () => {
    const { left, bottom } = button.getBoundingClientRect();
    const rightmost = document.documentElement.clientWidth - panel.offsetWidth - GAP_PX;
    const room = Math.max(MIN_HEIGHT_PX, window.innerHeight - bottom - 2 * GAP_PX);
    panel.style.left = `${Math.max(GAP_PX, Math.min(left, rightmost))}px`;
    panel.style.top = `${Math.max(GAP_PX, Math.min(bottom, window.innerHeight - room - GAP_PX) + GAP_PX)}px`;
    panel.style.maxHeight = `${Math.min(room, window.innerHeight - 2 * GAP_PX)}px`;
  };
  panel.addEventListener("toggle", () => {
    button.setAttribute("aria-expanded", String(panel.matches(":popover-open")));
    place();
  });
  window.addEventListener("scroll", place, { passive: true });
  window.addEventListener("resize", place);
}
