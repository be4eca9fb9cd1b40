// What a run can be asked for by name: its attributes, metrics and parameters.

import { ExpressionError } from "./expression.js";
import { nearest } from "./nearest.js";

/** @typedef {import("../data.js").Run} Run */
/** @typedef {import("../data.js").Variant} Variant */
/** @typedef {import("../data.js").Value} Value */
/** @typedef {import("./expression.js").Name} Name */

/** @typedef {{run: Run, variant: Variant | null}} Candidate a run, or one of its variants laid over it */
/** @typedef {"attributes" | "metrics" | "params"} Scope */
/** @typedef {"text" | "number" | "time" | "outcome" | "trigger" | "commit"} Kind how values are compared */

/**
 * @typedef {object} Field
 * @property {string} id `outcome`, `metrics.accuracy`: its name in an expression and in the URL
 * @property {Scope} scope
 * @property {string} name
 * @property {Kind} kind
 * @property {(candidate: Candidate) => Value | undefined} read undefined where it is not known
 */

/** @type {{[name: string]: [Kind, (run: Run) => Value]}} */
const ATTRIBUTES = {
  outcome: ["outcome", (run) => run.outcome],
  start: ["time", (run) => run.start],
  duration_s: ["number", (run) => run.duration_s],
  trigger: ["trigger", (run) => run.trigger],
  pr: ["number", (run) => run.pull_request && Number(run.pull_request)],
  branch: ["text", (run) => run.branch],
  commit: ["commit", (run) => run.revision],
  actor: ["text", (run) => run.actor],
  pipeline: ["text", (run) => run.pipeline],
  run_id: ["text", (run) => run.run_id],
};

/** The scopes, as MLflow spells them too. */
const SCOPES = new Map(
  /** @type {[string, Scope][]} */ ([
    ["metrics", "metrics"],
    ["metric", "metrics"],
    ["params", "params"],
    ["param", "params"],
    ["parameters", "params"],
    ["parameter", "params"],
    ["attributes", "attributes"],
    ["attribute", "attributes"],
    ["attr", "attributes"],
    ["run", "attributes"],
  ]),
);

/** Other words for attributes, for those who come from other trackers. */
const SYNONYMS = new Map([
  ["status", "outcome"],
  ["start_time", "start"],
  ["duration", "duration_s"],
  ["revision", "commit"],
  ["pull_request", "pr"],
  ["user", "actor"],
  ["user_id", "actor"],
]);

/**
 * All fields of these runs, by id: attributes, then metrics, then parameters, each in the order met.
 * @param {Run[]} runs
 * @returns {Map<string, Field>}
 */
export function findFields(runs) {
  const fields = Object.entries(ATTRIBUTES).map(
    ([name, [kind, of]]) =>
      /** @type {Field} */ ({
        id: name,
        scope: "attributes",
        name,
        kind,
        read: ({ run }) => blankless(of(run)),
      }),
  );
  const owners = runs.flatMap((run) => [run, ...run.variants]);
  for (const scope of /** @type {const} */ (["metrics", "params"])) {
    const names = new Set(owners.flatMap((owner) => [...owner[scope].keys()]));
    for (const name of names) fields.push(logged(scope, name));
  }
  return new Map(fields.map((field) => [field.id, field]));
}

/**
 * The field that a name in an expression means; ExpressionError with the nearest name if there is none.
 * @param {Name} name
 * @param {Map<string, Field>} fields
 * @returns {Field}
 */
export function resolve(name, fields) {
  const scope = name.scope ? SCOPES.get(name.scope.toLowerCase()) : "attributes";
  if (!scope) throw unknownScope(name, fields);
  const found = fields.get(scope === "attributes" ? name.name : `${scope}.${name.name}`);
  if (found?.scope === scope) return found;
  const instead = otherScope(name.name, fields) ?? nearest(fullName(scope, name.name), [...fields.keys()]);
  const what = {
    attributes: "attribute",
    metrics: "metric",
    params: "parameter",
  }[scope];
  throw new ExpressionError(`no run has the ${what} \`${name.name}\`${didYouMean(instead)}`, name);
}

/**
 * A field's id as it is written in an expression.
 * @param {Field} field
 */
export function written({ scope, name }) {
  const word = /^[\p{L}\p{N}_][\p{L}\p{N}_.:/-]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
  return scope === "attributes" ? name : `${scope}.${word}`;
}

/** @param {"metrics" | "params"} scope @param {string} name @returns {Field} */
function logged(scope, name) {
  return {
    id: `${scope}.${name}`,
    scope,
    name,
    kind: scope === "metrics" ? "number" : "text",
    read: ({ run, variant }) => (variant && logs(variant, scope, name)) ?? logs(run, scope, name),
  };
}

/** @param {Run | Variant} owner @param {"metrics" | "params"} scope @param {string} name */
function logs(owner, scope, name) {
  return (scope === "metrics" ? owner.exact.get(name) : undefined) ?? owner[scope].get(name);
}

/** @param {Value} value what was not known is an empty string */
function blankless(value) {
  return value === "" ? undefined : value;
}

/** @param {Name} name @param {Map<string, Field>} fields */
function unknownScope({ scope, name, start, end }, fields) {
  const instead =
    otherScope(name, fields) ??
    otherScope(`${scope}.${name}`, fields) ??
    nearest(`${scope}.${name}`, [...fields.keys()]);
  const message = `\`${scope}.\` is not known; metrics, params and attributes are`;
  return new ExpressionError(message + didYouMean(instead), { start, end });
}

/** @param {string} name @param {Map<string, Field>} fields */
function otherScope(name, fields) {
  const synonym = SYNONYMS.get(name);
  return synonym ?? [`metrics.${name}`, `params.${name}`, name].find((id) => fields.has(id));
}

/** @param {Scope} scope @param {string} name */
function fullName(scope, name) {
  return scope === "attributes" ? name : `${scope}.${name}`;
}

/** @param {string | undefined} instead */
function didYouMean(instead) {
  return instead ? `; did you mean \`${instead}\`?` : "";
}
