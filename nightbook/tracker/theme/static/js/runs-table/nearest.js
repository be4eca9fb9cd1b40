// Did you mean ...?

/**
 * The candidate that is nearest in spelling; undefined if none is near.
 * @param {string} word
 * @param {Iterable<string>} candidates
 * @returns {string | undefined}
 */
export function nearest(word, candidates) {
  let limit = Math.max(1, Math.floor(word.length / 3)) + 1;
  let found;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= limit) continue;
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < limit) [limit, found] = [edits, candidate];
  }
  return found;
}

/**
 * How many letters differ: https://en.wikipedia.org/wiki/Levenshtein_distance
 * @param {string} a
 * @param {string} b
 */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, at(row, j) + 1, at(next, j - 1) + 1));
    }
    row = next;
  }
  return at(row, b.length);
}

/** @param {number[]} row @param {number} index */
function at(row, index) {
  return /** @type {number} */ (row[index]);
}
