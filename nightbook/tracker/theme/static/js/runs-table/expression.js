// The language of the search box: text -> tokens -> a tree. It knows the grammar and no names of metrics.
//
//   expression := all ("or" all)*
//   all        := not ("and" not)*
//   not        := "not" not | "(" expression ")" | comparison
//   comparison := name ("=" | "==" | "!=" | "<" | "<=" | ">" | ">=") value
//               | name ["not"] ("like" | "ilike") text
//               | name ["not"] "in" "(" value ("," value)* ")"
//               | name "is" ["not"] "null"
//   name       := [scope "."] (word | `quoted` | "quoted")

import { exactNumber } from "../whole.js";

/** @typedef {"=" | "!=" | "<" | "<=" | ">" | ">=" | "like" | "ilike"} Operator */
/** @typedef {{start: number, end: number}} Place where something stands in the text */
/** @typedef {Place & {scope: string, name: string}} Name `scope` is empty where none is written */
/** @typedef {Place & {value: number | bigint | string | boolean}} Literal */

/**
 * @typedef {{kind: "and" | "or", parts: Expression[]}
 *   | {kind: "not", part: Expression}
 *   | {kind: "compare", name: Name, operator: Operator, literal: Literal}
 *   | {kind: "in", name: Name, literals: Literal[]}
 *   | {kind: "null", name: Name}} Expression
 */

/** @typedef {"word" | "quoted" | "text" | "number" | "symbol" | "end"} TokenType */
/**
 * @typedef {Place & {type: TokenType, text: string, closed: boolean}} Token
 * `text` is what is meant: without quotes, words of the language in lower case are compared by `is`.
 */

/** @typedef {"name" | "operator" | "value" | "connective"} Expected what would have been right */

/** What is wrong with an expression, and where. */
export class ExpressionError extends Error {
  /**
   * @param {string} message
   * @param {Place} place
   * @param {Expected} [expected]
   */
  constructor(message, { start, end }, expected) {
    super(message);
    this.start = start;
    this.end = end;
    this.expected = expected;
    /** @type {Name | undefined} what the operator or value would have belonged to */
    this.subject = undefined;
  }
}

const TOKEN = new RegExp(
  [
    "(?<space>\\s+)",
    "(?<number>[-+]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|Infinity|NaN)(?![\\p{L}\\p{N}_.:/-]))",
    // A word may end in a dot that a quoted name follows: metrics."f1 score".
    "(?<word>[\\p{L}\\p{N}_][\\p{L}\\p{N}_.:/-]*)",
    "(?<quoted>`(?:[^`]|``)*(?:`|$))",
    "(?<text>\"(?:[^\"]|\"\")*(?:\"|$)|'(?:[^']|'')*(?:'|$))",
    "(?<symbol>[=!<>&|~]+|.)",
  ].join("|"),
  "suy",
);

const SYMBOLS = new Map([
  ["==", "="],
  ["<>", "!="],
]);
const OPERATORS = new Set(["=", "!=", "<", "<=", ">", ">=", "like", "ilike"]);
const HINTS = new Map([
  ["&", "and"],
  ["&&", "and"],
  ["|", "or"],
  ["||", "or"],
  ["!", "not"],
  ["=<", "<="],
  ["=>", ">="],
  ["~", "like"],
  ["=~", "like"],
]);

/**
 * The tokens of a text, the last one of type "end". Any text has some.
 * @param {string} text
 * @returns {Token[]}
 */
export function tokenize(text) {
  /** @type {Token[]} */
  const tokens = [];
  for (const match of text.matchAll(new RegExp(TOKEN, "gsuy"))) {
    const [type, raw] = /** @type {[TokenType | "space", string]} */ (
      Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)
    );
    if (type === "space") continue;
    const quote = type === "quoted" || type === "text" ? raw[0] : "";
    const closed = !quote || raw.split(quote).length % 2 === 1; // a doubled quote stands for one
    const inner = quote ? raw.slice(1, closed ? -1 : undefined).replaceAll(quote + quote, quote) : raw;
    tokens.push({
      type,
      text: inner,
      closed,
      start: match.index,
      end: match.index + raw.length,
    });
  }
  return [
    ...tokens,
    {
      type: "end",
      text: "",
      closed: true,
      start: text.length,
      end: text.length,
    },
  ];
}

/**
 * The tree of an expression; null of an empty one, which everything matches.
 * @param {string} text
 * @returns {Expression | null}
 */
export function parse(text) {
  const parser = new Parser(tokenize(text));
  return parser.atEnd() ? null : parser.whole();
}

class Parser {
  /** @param {Token[]} tokens */
  constructor(tokens) {
    this.tokens = tokens;
    this.position = 0;
    /** @type {Name | undefined} */
    this.subject = undefined;
  }

  get next() {
    return /** @type {Token} */ (this.tokens[this.position]);
  }

  atEnd() {
    return this.next.type === "end";
  }

  whole() {
    const expression = this.any();
    if (this.atEnd()) return expression;
    if (this.is(")")) throw this.error("this parenthesis was never opened", "connective");
    throw this.error(`\`and\` or \`or\` is expected here${this.hint()}`, "connective");
  }

  /** @returns {Expression} */
  any() {
    return this.chain("or", () => this.all());
  }

  /** @returns {Expression} */
  all() {
    return this.chain("and", () => this.one());
  }

  /** @param {"and" | "or"} kind @param {() => Expression} part @returns {Expression} */
  chain(kind, part) {
    const first = part();
    const parts = [first];
    while (this.take(kind)) parts.push(part());
    return parts.length === 1 ? first : { kind, parts };
  }

  /** @returns {Expression} */
  one() {
    if (this.take("not")) return { kind: "not", part: this.one() };
    const open = this.next;
    if (!this.take("(")) return this.comparison();
    const inner = this.any();
    if (this.take(")")) return inner;
    if (this.atEnd()) throw new ExpressionError("this parenthesis is never closed", open, "connective");
    throw this.error(`\`and\`, \`or\` or \`)\` is expected here${this.hint()}`, "connective");
  }

  /** @returns {Expression} */
  comparison() {
    const name = this.name();
    this.subject = name;
    if (this.take("is")) return this.isNull(name);
    const negated = this.take("not");
    const expression = this.take("in") ? this.inList(name) : this.compared(name, negated);
    return negated ? { kind: "and", parts: [{ kind: "not", part: expression }, known(name)] } : expression;
  }

  /** @param {Name} name @returns {Expression} */
  isNull(name) {
    const negated = this.take("not");
    if (!this.take("null")) throw this.error("after `is` comes `null` or `not null`");
    return negated ? known(name) : { kind: "null", name };
  }

  /** @param {Name} name @returns {Expression} */
  inList(name) {
    if (!this.take("(")) throw this.error('after `in` come values in parentheses: in ("a", "b")');
    const literals = [this.literal()];
    while (this.take(",")) literals.push(this.literal());
    if (!this.take(")")) throw this.error("`,` or `)` is expected here");
    return { kind: "in", name, literals };
  }

  /** @param {Name} name @param {boolean} negated @returns {Expression} */
  compared(name, negated) {
    const token = this.next;
    const operator = SYMBOLS.get(token.text) ?? token.text.toLowerCase();
    const textual = operator === "like" || operator === "ilike";
    if (token.type === "text" || !OPERATORS.has(operator) || (negated && !textual)) {
      const choice = negated ? "`in`, `like` or `ilike`" : "a comparison such as `=`, `>` or `like`";
      throw this.error(`${choice} is expected here${this.hint()}`, "operator");
    }
    this.position += 1;
    const literal = this.literal();
    if (textual && typeof literal.value !== "string") {
      throw new ExpressionError(
        `\`${operator}\` takes text in quotes, in which % stands for anything`,
        literal,
      );
    }
    return {
      kind: "compare",
      name,
      operator: /** @type {Operator} */ (operator),
      literal,
    };
  }

  /** @returns {Name} */
  name() {
    const token = this.next;
    if (token.type === "quoted") return this.bare(token);
    if (token.type !== "word") throw this.error(this.wrongName(), "name");
    this.position += 1;
    const dot = token.text.indexOf(".");
    if (dot < 0)
      return {
        scope: "",
        name: token.text,
        start: token.start,
        end: token.end,
      };
    const [scope, name] = [token.text.slice(0, dot), token.text.slice(dot + 1)];
    if (name) return { scope, name, start: token.start, end: token.end };
    return this.quotedName(scope, token);
  }

  /** @param {string} scope @param {Token} before @returns {Name} */
  quotedName(scope, before) {
    const token = this.next;
    const adjacent = (token.type === "quoted" || token.type === "text") && token.start === before.end;
    if (!adjacent) throw this.error(`a name is expected after \`${scope}.\``, "name");
    return { ...this.bare(token), scope, start: before.start };
  }

  /** @param {Token} token @returns {Name} */
  bare(token) {
    if (!token.closed) throw new ExpressionError("this quote is never closed", token, "name");
    this.position += 1;
    return { scope: "", name: token.text, start: token.start, end: token.end };
  }

  /** @returns {Literal} */
  literal() {
    const token = this.next;
    const { start, end } = token;
    const value = literalValue(token);
    if (value === undefined) throw this.error(wrongValue(token), "value");
    if (!token.closed) throw new ExpressionError("this quote is never closed", token, "value");
    this.position += 1;
    return { value, start, end };
  }

  /** @param {string} text a word or symbol of the language */
  is(text) {
    const { type } = this.next;
    return (type === "word" || type === "symbol") && this.next.text.toLowerCase() === text;
  }

  /** Whether this came next; it is then behind us. @param {string} text */
  take(text) {
    const found = this.is(text);
    if (found) this.position += 1;
    return found;
  }

  hint() {
    const better = this.next.type === "symbol" && HINTS.get(this.next.text);
    return better ? `: write \`${better}\`` : "";
  }

  wrongName() {
    const { type } = this.next;
    if (type === "number" || type === "text") return "the name comes first: metrics.accuracy > 0.9";
    return `a name such as metrics.accuracy or branch is expected here${this.hint()}`;
  }

  /** @param {string} message @param {Expected} [expected] */
  error(message, expected) {
    const text = this.atEnd() ? message.replace(" here", " at the end") : message;
    return Object.assign(new ExpressionError(text, this.next, expected), {
      subject: this.subject,
    });
  }
}

/** @param {Name} name @returns {Expression} */
function known(name) {
  return { kind: "not", part: { kind: "null", name } };
}

/** @param {Token} token @returns {Literal["value"] | undefined} */
function literalValue({ type, text }) {
  if (type === "text") return text;
  if (type === "number") return exactNumber(text);
  return type === "word" && /^(true|false)$/i.test(text) ? text.toLowerCase() === "true" : undefined;
}

/** @param {Token} token */
function wrongValue({ type, text }) {
  if (type === "word" || type === "quoted") return `text stands in quotes: "${text.replaceAll('"', '""')}"`;
  return "a number or a text in quotes is expected here";
}
