// The lines of the parallel coordinates: each variant of each run, and where it crosses each axis.

import { figures, plain } from "../format.js";
import { compareValues, variantName } from "../runs-table/rows.js";

/** @typedef {import("../data.js").Goal} Goal */
/** @typedef {import("../data.js").Value} Value */
/** @typedef {import("./compared.js").Compared} Compared */
/** @typedef {import("../data.js").WholeRun} WholeRun */

/**
 * @typedef {object} Axis
 * @property {string} id params.x or metrics.y
 * @property {string} name
 * @property {string} low the text at its lower end
 * @property {string} high
 * @property {(value: Value) => number} place 0 at the lower end, 1 at the upper
 * @property {(value: Value) => string} write
 */

/** @typedef {{compared: Compared, name: string, values: Map<string, Value>}} Line `values` by the axis's id */

const NR_DEFAULT_PARAMS = 3;
const NR_DEFAULT_METRICS = 4;

/** @param {(Compared & {run: WholeRun})[]} runs @returns {Line[]} */
export function linesOf(runs) {
  return runs.flatMap((compared) => {
    const { run } = compared;
    const variants = run.variants.length
      ? run.variants
      : [{ params: new Map(), metrics: new Map(), exact: new Map() }];
    return variants.map((variant) => {
      const params = [...run.params, ...variant.params].map(
        ([name, value]) => /** @type {const} */ ([`params.${name}`, value]),
      );
      const metrics = [...run.metrics, ...variant.metrics].map(
        ([name, value]) => /** @type {const} */ ([`metrics.${name}`, value]),
      );
      return {
        compared,
        name: variantName(variant),
        values: new Map([...params, ...metrics]),
      };
    });
  });
}

/** @param {Line[]} lines @returns {Axis[]} those on which lines differ: parameters, then metrics */
export function axesOf(lines) {
  const ids = new Set(lines.flatMap(({ values }) => [...values.keys()]));
  const axes = [...ids].flatMap(
    (id) =>
      axis(
        id,
        lines.map(({ values }) => values.get(id)),
      ) ?? [],
  );
  return axes.toSorted((a, b) => Number(a.id.startsWith("metrics.")) - Number(b.id.startsWith("metrics.")));
}

/** @param {Axis[]} axes @param {Goal[]} goals @returns {string[]} the ids to begin with */
export function defaultAxes(axes, goals) {
  const params = axes.filter(({ id }) => id.startsWith("params.")).slice(0, NR_DEFAULT_PARAMS);
  const metrics = axes.filter(({ id }) => id.startsWith("metrics."));
  const wanted = metrics.filter(({ name }) => goals.some(({ metric }) => metric === name));
  return [...params, ...(wanted.length ? wanted : metrics).slice(0, NR_DEFAULT_METRICS)].map(({ id }) => id);
}

/** @param {string} id @param {(Value | undefined)[]} found @returns {Axis | null} null if all are the same, or lists */
function axis(id, found) {
  const values = found.filter((value) => value !== undefined);
  if (new Set(values.map(plain)).size < 2 || values.some((value) => typeof value === "object")) return null;
  const name = id.slice(id.indexOf(".") + 1);
  const numbers = values.filter((value) => typeof value === "number");
  return numbers.length === values.length
    ? numberAxis(id, name, numbers.filter(Number.isFinite))
    : textAxis(id, name, values);
}

/** @param {string} id @param {string} name @param {number[]} numbers @returns {Axis | null} */
function numberAxis(id, name, numbers) {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (!(low < high)) return null;
  const write = figures(numbers);
  return {
    id,
    name,
    low: write(low),
    high: write(high),
    place: (value) => (Number(value) - low) / (high - low),
    write: (value) => write(Number(value)),
  };
}

/** @param {string} id @param {string} name @param {Value[]} values @returns {Axis} */
function textAxis(id, name, values) {
  const texts = [...new Set(values.toSorted(compareValues).map(plain))];
  return {
    id,
    name,
    low: texts[0] ?? "",
    high: texts.at(-1) ?? "",
    place: (value) => texts.indexOf(plain(value)) / (texts.length - 1),
    write: plain,
  };
}
