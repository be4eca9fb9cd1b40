// Whole numbers that JavaScript's floats would round, such as seeds and sizes: the data has them as text.

/**
 * The number that a value is, exactly: a bigint for a whole one of more than 53 bits.
 * @param {unknown} value
 * @returns {number | bigint}
 */
export function exactNumber(value) {
  const number = Number(value);
  const isLarge = Number.isInteger(number) && !Number.isSafeInteger(number);
  return isLarge && /^[-+]?\d+$/.test(String(value).trim()) ? BigInt(String(value).trim()) : number;
}
