// What cannot be seen, or turns the direction of writing, is spelled out: https://trojansource.codes
// The pages that are made in Python have the same rule, in nightbook/record/format/visible_text.py.

const HIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/gu;

/**
 * The text with each such character as its escape; lines and tabs remain.
 * @param {string} text
 */
export function visible(text) {
  return text.replace(HIDDEN, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}
