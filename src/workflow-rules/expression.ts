// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What is not known before a workflow runs. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A value of GitHub's expression language, or the lack of knowledge of it. */
export type Value = string | number | boolean | null | object | typeof UNKNOWN;

/** What the names in an expression stand for: the contexts by name. A context that is absent is unknown. */
export type Contexts = Readonly<Record<string, Value | undefined>>;

/** Functions beyond those that need no context, by name in lower case. */
export type Functions = Readonly<Record<string, (...parameters: Value[]) => Value>>;

type Token = { readonly kind: "name" | "string" | "number" | "sign" | "end"; readonly text: string };
type Evaluation = (contexts: Contexts, functions: Functions) => Value;

const TOKEN =
  /\s*(?:([A-Za-z_][\w-]*)|'((?:[^']|'')*)'|(-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))|(\|\||&&|==|!=|<=|>=|[<>!()[\],.*]))/y;

/** An object of which only these properties are known; every other one is unknown. Elsewhere, what is absent is null. */
export function partly(known: Readonly<Record<string, Value>>): object {
  return { ...known, [UNKNOWN]: true };
}

/** Text that is not an expression of GitHub. */
export class NotAnExpression extends Error {}

/**
 * Evaluates an expression of GitHub, with or without `${{ }}` around it. What it cannot know is `UNKNOWN`, and so is what
 * depends on that: `false && UNKNOWN` is false, `true && UNKNOWN` is unknown.
 *
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 *
 * @throws NotAnExpression
 */
export function evaluate(text: string, contexts: Contexts, functions: Functions = {}): Value {
  const inner = /^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(text)?.[1] ?? text;
  return new Parser(inner).parse()(contexts, functions);
}

/** Whether a value counts as true in a condition; undefined if that is unknown. */
export function isTrue(value: Value): boolean | undefined {
  return value === UNKNOWN ? undefined : !(value === false || value === null || value === "" || value === 0);
}

/** Recursive descent, from the weakest operator to the strongest. */
class Parser {
  private readonly tokens: Token[];
  private position = 0;

  public constructor(private readonly text: string) {
    this.tokens = tokensOf(text);
  }

  public parse(): Evaluation {
    const evaluation = this.or();
    if (this.next.kind !== "end") {
      throw new NotAnExpression(`'${this.next.text}' is not expected in '${this.text.trim()}'`);
    }
    return evaluation;
  }

  private get next(): Token {
    return this.tokens[this.position] as Token;
  }

  private take(...signs: string[]): string | undefined {
    const { kind, text } = this.next;
    if (kind !== "sign" || !signs.includes(text)) {
      return undefined;
    }
    this.position += 1;
    return text;
  }

  private expect(sign: string): void {
    if (this.take(sign) === undefined) {
      throw new NotAnExpression(`'${sign}' is expected before '${this.next.text}' in '${this.text.trim()}'`);
    }
  }

  private or(): Evaluation {
    let left = this.and();
    while (this.take("||")) {
      const [one, other] = [left, this.and()];
      left = (contexts, functions) => {
        const value = one(contexts, functions);
        switch (isTrue(value)) {
          case true:
            return value;
          case false:
            return other(contexts, functions);
          default:
            return isTrue(other(contexts, functions)) === true ? true : UNKNOWN;
        }
      };
    }
    return left;
  }

  private and(): Evaluation {
    let left = this.equality();
    while (this.take("&&")) {
      const [one, other] = [left, this.equality()];
      left = (contexts, functions) => {
        const value = one(contexts, functions);
        switch (isTrue(value)) {
          case false:
            return value;
          case true:
            return other(contexts, functions);
          default:
            return isTrue(other(contexts, functions)) === false ? false : UNKNOWN;
        }
      };
    }
    return left;
  }

  private equality(): Evaluation {
    let left = this.unary();
    for (let sign = this.comparison(); sign !== undefined; sign = this.comparison()) {
      const [one, other, operator] = [left, this.unary(), sign];
      left = (contexts, functions) => compare(operator, one(contexts, functions), other(contexts, functions));
    }
    return left;
  }

  private comparison(): string | undefined {
    return this.take("==", "!=", "<", "<=", ">", ">=");
  }

  private unary(): Evaluation {
    if (this.take("!")) {
      const operand = this.unary();
      return (contexts, functions) => {
        const truth = isTrue(operand(contexts, functions));
        return truth === undefined ? UNKNOWN : !truth;
      };
    }
    return this.access(this.primary());
  }

  /** `.name`, `.*` and `[index]` behind a value. */
  private access(from: Evaluation): Evaluation {
    let value = from;
    for (;;) {
      const before = value;
      if (this.take(".")) {
        if (this.take("*")) {
          value = () => UNKNOWN;
          continue;
        }
        const name = this.next.text;
        this.position += 1;
        value = (contexts, functions) => propertyOf(before(contexts, functions), name);
      } else if (this.take("[")) {
        const index = this.or();
        this.expect("]");
        value = (contexts, functions) => propertyOf(before(contexts, functions), index(contexts, functions));
      } else {
        return value;
      }
    }
  }

  private primary(): Evaluation {
    if (this.take("(")) {
      const inner = this.or();
      this.expect(")");
      return inner;
    }
    const { kind, text } = this.next;
    this.position += 1;
    switch (kind) {
      case "string":
        return () => text;
      case "number":
        return () => Number(text);
      case "name":
        return this.take("(") ? this.call(text) : named(text);
      default:
        throw new NotAnExpression(`a value is expected before '${text}' in '${this.text.trim()}'`);
    }
  }

  private call(name: string): Evaluation {
    const parameters: Evaluation[] = [];
    while (this.take(")") === undefined) {
      parameters.push(this.or());
      this.take(",");
    }
    return (contexts, functions) => {
      const called = functions[name.toLowerCase()];
      return called === undefined ? UNKNOWN : called(...parameters.map((parameter) => parameter(contexts, functions)));
    };
  }
}

function named(name: string): Evaluation {
  const constants: Readonly<Record<string, Value>> = { true: true, false: false, null: null };
  const constant = constants[name.toLowerCase()];
  return constant === undefined ? (contexts) => contexts[name] ?? UNKNOWN : () => constant;
}

/** A property that an object does not have is null, and so is every property of a value that is no object. */
function propertyOf(value: Value, name: Value): Value {
  if (value === UNKNOWN || name === UNKNOWN) {
    return UNKNOWN;
  }
  if (value === null || typeof value !== "object") {
    return null;
  }
  const found = (value as Record<string, Value>)[String(name)];
  return found === undefined ? (UNKNOWN in value ? UNKNOWN : null) : found;
}

/** GitHub compares texts without regard to case, and values of different kinds as numbers. */
function compare(operator: string, one: Value, other: Value): Value {
  if (one === UNKNOWN || other === UNKNOWN) {
    return UNKNOWN;
  }
  const texts = typeof one === "string" && typeof other === "string";
  const [left, right] = texts ? [one.toLowerCase(), other.toLowerCase()] : [numberOf(one), numberOf(other)];
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}

function numberOf(value: Value): number {
  return value === null || value === "" ? 0 : Number(typeof value === "object" ? Number.NaN : (value as string));
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) {
      throw new NotAnExpression(`'${text.slice(from).trim()}' is not an expression`);
    }
    const [, name, string, number, sign] = match;
    if (name !== undefined) {
      tokens.push({ kind: "name", text: name });
    } else if (string !== undefined) {
      tokens.push({ kind: "string", text: string.replace(/''/g, "'") });
    } else if (number !== undefined) {
      tokens.push({ kind: "number", text: number });
    } else {
      tokens.push({ kind: "sign", text: sign as string });
    }
  }
  return [...tokens, { kind: "end", text: "the end" }];
}
