// A parsed expression as a test of runs. What a run does not have satisfies no comparison; `is null` asks
// for it. `not` turns the answer of what it stands before.

import { triggerName } from "../format.js";
import { OUTCOMES } from "../outcome.js";
import { exactNumber } from "../whole.js";
import { ExpressionError, parse } from "./expression.js";
import { resolve } from "./fields.js";
import { like } from "./like.js";
import { nearest } from "./nearest.js";

/** @typedef {import("../data.js").Value} Value */
/** @typedef {import("./expression.js").Expression} Expression */
/** @typedef {import("./expression.js").Literal} Literal */
/** @typedef {import("./expression.js").Operator} Operator */
/** @typedef {import("./fields.js").Candidate} Candidate */
/** @typedef {import("./fields.js").Field} Field */

/** @typedef {(candidate: Candidate) => boolean} Test */

/**
 * The test that a text describes; ExpressionError with the position of the mistake.
 * @param {string} text
 * @param {Map<string, Field>} fields
 * @returns {Test}
 */
export function compile(text, fields) {
  const expression = parse(text);
  return expression ? test(expression, fields) : () => true;
}

/** @param {Expression} expression @param {Map<string, Field>} fields @returns {Test} */
function test(expression, fields) {
  switch (expression.kind) {
    case "and":
    case "or": {
      const parts = expression.parts.map((part) => test(part, fields));
      return expression.kind === "and"
        ? (candidate) => parts.every((part) => part(candidate))
        : (candidate) => parts.some((part) => part(candidate));
    }
    case "not": {
      const part = test(expression.part, fields);
      return (candidate) => !part(candidate);
    }
    case "null": {
      const { read } = resolve(expression.name, fields);
      return (candidate) => read(candidate) == null;
    }
    case "compare":
      return comparison(resolve(expression.name, fields), expression.operator, expression.literal);
    case "in": {
      const field = resolve(expression.name, fields);
      const equals = expression.literals.map((literal) => comparison(field, "=", literal));
      return (candidate) => equals.some((equal) => equal(candidate));
    }
  }
}

/** @param {Field} field @param {Operator} operator @param {Literal} literal @returns {Test} */
function comparison(field, operator, literal) {
  const compare = comparer(field, operator, literal);
  return (candidate) => {
    const value = field.read(candidate);
    return value != null && compare(value);
  };
}

/** @param {Field} field @param {Operator} operator @param {Literal} literal @returns {(value: Value) => boolean} */
function comparer(field, operator, literal) {
  if (operator === "like" || operator === "ilike") {
    const matches = like(String(literal.value), operator === "ilike");
    return (value) => texts(field, value).some(matches);
  }
  if (operator === "!=") {
    const equal = comparer(field, "=", literal);
    return (value) => !equal(value);
  }
  if (field.kind === "time") return timeComparer(operator, literal);
  checkLiteral(field, literal);
  const wanted = literal.value;
  if (typeof wanted === "number" || typeof wanted === "bigint" || field.kind === "number") {
    const number = exactNumber(wanted);
    return (value) => ordered(operator, toNumber(value), number);
  }
  if (operator === "=") return (value) => texts(field, value).some((text) => equalText(field, text, wanted));
  return (value) => {
    const areNumbers = isNumeric(wanted) && isNumeric(value);
    return areNumbers
      ? ordered(operator, exactNumber(value), exactNumber(wanted))
      : ordered(operator, text(value), String(wanted));
  };
}

/**
 * A time is compared as far as it is written: `start = "2026-11-23"` is all of that day.
 * @param {Operator} operator
 * @param {Literal} literal
 */
function timeComparer(operator, literal) {
  const wanted = String(literal.value).trim().replace(" ", "T").replace(/Z$/, "");
  if (
    typeof literal.value !== "string" ||
    !/^\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d(\.\d+)?)?)?)?)?)?$/.test(wanted)
  ) {
    throw new ExpressionError('a time is text such as "2026-11-23" or "2026-11-23 03:17", in UTC', literal);
  }
  return (/** @type {Value} */ value) => ordered(operator, text(value).slice(0, wanted.length), wanted);
}

/** @param {Field} field @param {Literal} literal */
function checkLiteral(field, literal) {
  const { value } = literal;
  if (field.kind === "number" && !isNumeric(value)) {
    throw new ExpressionError(`\`${field.id}\` is a number: compare it with one, such as 0.9`, literal);
  }
  if (field.kind === "outcome" && !OUTCOMES.includes(String(value))) {
    const instead = nearest(String(value), OUTCOMES) ?? OUTCOMES.slice(0, -1).join(", ");
    throw new ExpressionError(`no outcome has this name; did you mean ${instead}?`, literal);
  }
}

/**
 * What a value can be found by: a trigger by its name on the page and by its name in the record.
 * @param {Field} field
 * @param {Value} value
 */
function texts(field, value) {
  if (field.kind !== "trigger") return [text(value)];
  return [text(value), triggerName({ trigger: text(value), pull_request: "" })];
}

/** @param {Field} field @param {string} value @param {string | boolean} wanted */
function equalText(field, value, wanted) {
  if (typeof wanted === "boolean") return value.toLowerCase() === String(wanted); // Python writes True
  return (
    value === wanted ||
    (field.kind === "commit" && wanted.length >= 6 && value.startsWith(wanted.toLowerCase()))
  );
}

/** @param {Value} value */
function text(value) {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {Value} value undefined if it is not a number */
function toNumber(value) {
  return isNumeric(value) ? exactNumber(value) : undefined;
}

/** @param {Value} value */
function isNumeric(value) {
  if (typeof value === "number" || typeof value === "bigint") return true;
  return (
    typeof value === "string" && value.trim() !== "" && (value === "NaN" || !Number.isNaN(Number(value)))
  );
}

/**
 * @template {number | bigint | string} Comparable
 * @param {Operator} operator
 * @param {Comparable | undefined} value
 * @param {Comparable} wanted
 */
function ordered(operator, value, wanted) {
  if (value === undefined) return false;
  switch (operator) {
    case "<":
      return value < wanted;
    case "<=":
      return value <= wanted;
    case ">":
      return value > wanted;
    case ">=":
      return value >= wanted;
    default:
      return value === wanted || (Number.isNaN(value) && Number.isNaN(wanted)); // = NaN asks for NaN
  }
}
