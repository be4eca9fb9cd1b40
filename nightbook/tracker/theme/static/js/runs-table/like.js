// SQL's LIKE. No regular expression: a link to a view must not be able to make one run for ever.

/**
 * A test of whole texts, in which % stands for anything and _ for one character.
 * @param {string} pattern
 * @param {boolean} anyCase
 * @returns {(text: string) => boolean}
 */
export function like(pattern, anyCase) {
  const fold = (/** @type {string} */ text) => [...(anyCase ? text.toLowerCase() : text)];
  const wanted = fold(pattern);
  return (text) => matches(fold(text), wanted);
}

/**
 * On a mismatch the last % takes one more character; earlier ones never have to.
 * @param {string[]} text
 * @param {string[]} pattern
 */
function matches(text, pattern) {
  let [t, p, retryText, retryPattern] = [0, 0, 0, -1];
  while (t < text.length) {
    if (pattern[p] === "%") {
      [retryPattern, retryText] = [p, t];
      p += 1;
    } else if (p < pattern.length && (pattern[p] === "_" || pattern[p] === text[t])) {
      t += 1;
      p += 1;
    } else if (retryPattern >= 0) {
      retryText += 1;
      [t, p] = [retryText, retryPattern + 1];
    } else {
      return false;
    }
  }
  return pattern.slice(p).every((character) => character === "%");
}
