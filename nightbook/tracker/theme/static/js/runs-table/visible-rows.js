// The rows of a long table that are in sight; all are equally high.

/** @typedef {{first: number, last: number}} Slice `last` is not part of it */

const MARGIN = 12; // rows beyond the edges, so that a quick scroll shows no gap

/**
 * The rows in sight, and some before and after.
 * @param {{scrolled: number, height: number, rowHeight: number, count: number}} box lengths in pixels
 * @returns {Slice}
 */
export function sliceInSight({ scrolled, height, rowHeight, count }) {
  const first = Math.floor(scrolled / rowHeight) - MARGIN;
  const last = Math.ceil((scrolled + height) / rowHeight) + MARGIN;
  return {
    first: Math.max(0, Math.min(first, count)),
    last: Math.max(0, Math.min(last, count)),
  };
}
