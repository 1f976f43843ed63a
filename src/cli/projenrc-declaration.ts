// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../explained-error";
import { NotDeclarative, Tokens } from "./projenrc-tokens";

/** The package and the class whose options a projenrc declares. */
const PACKAGE = "ray-platform";
const PROJECT = "RayPlatformProject";

/** Deeper than anybody writes options; a reader that calls itself must end somewhere. */
const DEEPEST = 100;

/** What a module exports, as a projenrc sees it. */
type Exports = Readonly<Record<string, unknown>>;

/**
 * More than anybody writes. Without a limit, a few lines of constants that use each other could produce any number of values.
 */
const MOST_VALUES = 200_000;

/** A value of the declaration. */
interface Value {
  /** What it is, once the package's exports are known. */
  readonly of: (exports: Exports) => unknown;
  /** How many values it contains, counted each time they occur. */
  readonly size: number;
  /** How deep it is nested, constants that it names included. */
  readonly depth: number;
}

/** A value with nothing in it. */
function single(of: (exports: Exports) => unknown): Value {
  return { of, size: 1, depth: 0 };
}

/** A value with others in it. @throws ExplainedError where that is more than a reader can be asked to read */
function compound(parts: readonly Value[], of: (exports: Exports) => unknown): Value {
  const size = parts.reduce((sum, part) => sum + part.size, 1);
  const depth = parts.reduce((most, part) => Math.max(most, part.depth), 0) + 1;
  if (size > MOST_VALUES) {
    throw new ExplainedError(
      `the options in .projenrc.ts come to more than ${MOST_VALUES} values, counting a constant each time it is used. Use fewer, or shorter, lists. Nothing was generated.`,
    );
  }
  refuseDepth(depth);
  return { of, size, depth };
}

function refuseDepth(depth: number): void {
  if (depth > DEEPEST) {
    throw new ExplainedError(`the options in the projenrc are nested more than ${DEEPEST} deep; nothing was generated`);
  }
}

/** A projenrc that only declares options. */
export interface DeclaredOptions {
  /** The options of its one project. @param exports of `ray-platform`, of which it names enums */
  options(exports: Exports): unknown;
}

/**
 * Reads a projenrc as data, if it only declares options: it imports from `ray-platform` and nothing else, names constants,
 * makes one `RayPlatformProject` of literals, enums and those constants, and synthesizes it. None of it is run.
 *
 * @returns undefined for a program: anything else
 * @throws ExplainedError for literals that are nested beyond reason
 */
export function readDeclaration(source: string): DeclaredOptions | undefined {
  try {
    return new Reader(new Tokens(source)).declaration();
  } catch (error) {
    if (error instanceof NotDeclarative) {
      return undefined;
    }
    throw error;
  }
}

/** The statements of a projenrc, as far as they declare. */
class Reader {
  /** What the imports call: the name of an export, or undefined for all of them. */
  private readonly imports = new Map<string, string | undefined>();
  private readonly constants = new Map<string, Value>();
  private project: { readonly name: string | undefined; readonly options: Value } | undefined;
  private isSynthesized = false;

  public constructor(private readonly tokens: Tokens) {}

  public declaration(): DeclaredOptions {
    while (this.tokens.peek().kind !== "end") {
      if (!this.tokens.skip(";")) {
        this.statement();
      }
    }
    const { project } = this;
    if (project === undefined || !this.isSynthesized) {
      throw new NotDeclarative();
    }
    return { options: (exports) => project.options.of(exports) };
  }

  private statement(): void {
    const { tokens } = this;
    if (this.isSynthesized) {
      throw new NotDeclarative(); // Whatever follows is not about the options.
    }
    if (tokens.skip("import")) {
      this.importStatement();
    } else if (tokens.skip("const")) {
      this.constant();
    } else if (tokens.peek().text === "new") {
      this.newProject(undefined);
      this.synthesis();
    } else if (this.project?.name !== undefined && tokens.skip(this.project.name)) {
      this.synthesis();
    } else {
      throw new NotDeclarative();
    }
    this.endOfStatement();
  }

  private importStatement(): void {
    const { tokens } = this;
    const isType = tokens.peek().text === "type" && tokens.skip("type");
    if (tokens.skip("*")) {
      tokens.expect("as");
      this.bind(tokens.name(), undefined);
    } else {
      tokens.expect("{");
      while (!tokens.skip("}")) {
        const first = tokens.name();
        const isTypeOnly = isType || (first === "type" && tokens.peek().kind === "name");
        const name = first === "type" && tokens.peek().kind === "name" ? tokens.name() : first;
        const local = tokens.skip("as") ? tokens.name() : name;
        if (!isTypeOnly) {
          this.bind(local, name);
        }
        if (!tokens.skip(",")) {
          tokens.expect("}");
          break;
        }
      }
    }
    tokens.expect("from");
    const { kind, text } = tokens.take();
    if (kind !== "string" || text !== PACKAGE) {
      throw new NotDeclarative();
    }
  }

  private bind(local: string, name: string | undefined): void {
    this.refuseKnown(local);
    this.imports.set(local, name);
  }

  private constant(): void {
    const { tokens } = this;
    const name = tokens.name();
    this.refuseKnown(name);
    if (tokens.skip(":")) {
      this.type();
    }
    tokens.expect("=");
    if (tokens.peek().text === "new" && tokens.peek().kind === "name") {
      this.newProject(name);
    } else {
      this.constants.set(name, this.value(0));
    }
  }

  private refuseKnown(name: string): void {
    if (this.imports.has(name) || this.constants.has(name) || this.project?.name === name) {
      throw new NotDeclarative();
    }
  }

  private newProject(name: string | undefined): void {
    const { tokens } = this;
    tokens.expect("new");
    const first = tokens.name();
    const exported = this.imports.get(first) ?? (this.imports.has(first) ? this.member() : undefined);
    if (exported !== PROJECT || this.project !== undefined) {
      throw new NotDeclarative();
    }
    tokens.expect("(");
    const options = this.value(0);
    tokens.skip(",");
    tokens.expect(")");
    this.project = { name, options };
  }

  private synthesis(): void {
    const { tokens } = this;
    if (this.member() !== "synth") {
      throw new NotDeclarative();
    }
    tokens.expect("(");
    tokens.expect(")");
    this.isSynthesized = true;
  }

  private member(): string {
    this.tokens.expect(".");
    return this.tokens.name();
  }

  /** A type says nothing about a value: a name, of whichever module, and lists of it. */
  private type(): void {
    const { tokens } = this;
    tokens.name();
    while (tokens.skip(".")) {
      tokens.name();
    }
    while (tokens.skip("[")) {
      tokens.expect("]");
    }
  }

  private endOfStatement(): void {
    const { kind, text, isFirst } = this.tokens.peek();
    if (!(isFirst || kind === "end" || text === ";") || (isFirst && kind === "sign" && text !== ";")) {
      throw new NotDeclarative(); // A sign at the start of a line goes on with the line before.
    }
  }

  private value(depth: number): Value {
    refuseDepth(depth);
    const value = this.simpleValue(depth);
    for (;;) {
      if (this.tokens.peek().isFirst) {
        return value;
      }
      if (this.tokens.skip("as")) {
        if (!this.tokens.skip("const")) {
          this.type();
        }
      } else if (this.tokens.skip("satisfies")) {
        this.type();
      } else {
        return value;
      }
    }
  }

  private simpleValue(depth: number): Value {
    const token = this.tokens.take();
    switch (token.kind) {
      case "string":
        return single(() => token.text);
      case "number":
        return single(() => Number(token.text));
      case "name":
        return this.named(token.text);
      case "sign":
        return this.signed(token.text, depth);
      case "end":
        throw new NotDeclarative();
    }
  }

  private signed(sign: string, depth: number): Value {
    const { tokens } = this;
    if (sign === "[") {
      return this.list(depth);
    }
    if (sign === "{") {
      return this.struct(depth);
    }
    if (sign === "(") {
      const inner = this.value(depth + 1);
      tokens.expect(")");
      return inner;
    }
    const number = sign === "-" ? tokens.take() : undefined;
    if (number?.kind !== "number") {
      throw new NotDeclarative();
    }
    return single(() => -Number(number.text));
  }

  private named(name: string): Value {
    switch (name) {
      case "true":
        return single(() => true);
      case "false":
        return single(() => false);
      case "null":
        return single(() => null);
      case "undefined":
        return single(() => undefined);
    }
    const constant = this.constants.get(name);
    if (constant !== undefined) {
      return constant;
    }
    if (!this.imports.has(name)) {
      throw new NotDeclarative();
    }
    const exported = this.imports.get(name) ?? this.member();
    const key = this.member();
    return single((exports) => memberOfEnum(exports, exported, key));
  }

  private list(depth: number): Value {
    const { tokens } = this;
    const parts: Array<{ readonly value: Value; readonly isSpread: boolean }> = [];
    while (!tokens.skip("]")) {
      const isSpread = tokens.skip("...");
      parts.push({ value: this.value(depth + 1), isSpread });
      if (!tokens.skip(",")) {
        tokens.expect("]");
        break;
      }
    }
    return compound(
      parts.map(({ value }) => value),
      (exports) =>
        parts.flatMap(({ value, isSpread }) => (isSpread ? spreadList(value.of(exports)) : [value.of(exports)])),
    );
  }

  private struct(depth: number): Value {
    const { tokens } = this;
    const parts: Array<{ readonly key: string | undefined; readonly value: Value }> = [];
    while (!tokens.skip("}")) {
      parts.push(this.field(depth));
      if (!tokens.skip(",")) {
        tokens.expect("}");
        break;
      }
    }
    return compound(
      parts.map(({ value }) => value),
      (exports) => {
        const struct: Record<string, unknown> = {};
        for (const { key, value } of parts) {
          Object.assign(struct, key === undefined ? spreadStruct(value.of(exports)) : { [key]: value.of(exports) });
        }
        return struct;
      },
    );
  }

  private field(depth: number): { readonly key: string | undefined; readonly value: Value } {
    const { tokens } = this;
    if (tokens.skip("...")) {
      return { key: undefined, value: this.value(depth + 1) };
    }
    const { kind, text } = tokens.take();
    if (!["name", "string", "number"].includes(kind) || text === "__proto__") {
      throw new NotDeclarative();
    }
    const key = kind === "number" ? String(Number(text)) : text;
    if (tokens.skip(":")) {
      return { key, value: this.value(depth + 1) };
    }
    const constant = kind === "name" ? this.constants.get(text) : undefined;
    if (constant === undefined) {
      throw new NotDeclarative();
    }
    return { key, value: constant };
  }
}

/** Only what an enum of ours has: a value, and no way to anything else. */
function memberOfEnum(exports: Exports, name: string, key: string): unknown {
  const owner = Object.hasOwn(exports, name) ? exports[name] : undefined;
  const isEnum = typeof owner === "object" && owner !== null && Object.hasOwn(owner, key);
  const value = isEnum ? (owner as Exports)[key] : undefined;
  if (typeof value !== "string" && typeof value !== "number") {
    throw new ExplainedError(`${name}.${key}: ${PACKAGE} has no such value`);
  }
  return value;
}

function spreadList(value: unknown): unknown[] {
  if (!Array.isArray(value)) {
    throw new ExplainedError("the projenrc spreads a value that is not a list into a list");
  }
  return value;
}

function spreadStruct(value: unknown): object {
  if (typeof value !== "object" || value === null) {
    throw new ExplainedError("the projenrc spreads a value that is not a struct into a struct");
  }
  return value;
}
