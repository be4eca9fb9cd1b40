// Round marks on a scale of seconds.

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
const MOST = 6;

/**
 * From 0, and no more than fit without their texts touching.
 * @param {number} end_s
 */
export function ticks(end_s) {
  const step = STEPS_S.find((each) => end_s / each <= MOST) ?? Math.ceil(end_s / MOST);
  return Array.from({ length: Math.floor(end_s / step) + 1 }, (_, index) => index * step);
}
