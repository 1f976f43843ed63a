// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type ts from "typescript";
import { ExplainedError } from "../explained-error";

/** Thrown where a projenrc cannot be rewritten; says what to type instead. */
export class RewriteError extends ExplainedError {}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The source of a `.projenrc.ts`, rewritten in place: whatever is not renamed keeps its every character. */
export class ProjenrcSource {
  /** Constants through which the options go to the project, as far as they were followed. */
  private readonly constants = new Set<string>();

  /**
   * @param compiler the TypeScript of the project.
   * @param fileName for messages.
   * @param className the project class whose options are meant.
   */
  public constructor(
    private readonly compiler: typeof ts,
    private readonly fileName: string,
    private source: string,
    private readonly className = "RayPlatformProject",
  ) {}

  public get text(): string {
    return this.source;
  }

  /**
   * Renames an option wherever the project's options are written out: in the constructor call, or in a constant of the
   * same file that is passed or spread there.
   * @throws RewriteError if the old name also stands where it cannot be renamed safely.
   */
  public renameOption(from: string, to: string): void {
    const file = this.parse();
    const segments = from.split(".");
    const name = segments[segments.length - 1] as string;
    if (!this.source.includes(name)) {
      return;
    }
    const edits: Edit[] = [];
    const renamed = new Set<ts.Node>();
    this.constants.clear();
    for (const options of this.optionObjects(file, segments.slice(0, -1))) {
      this.refuseBoth(file, options, name, to);
      for (const property of options.properties) {
        const edit = this.renameProperty(file, property, name, to);
        if (edit !== undefined) {
          edits.push(edit);
          renamed.add(property);
        }
      }
    }
    this.refuseOtherUses(file, from, to, renamed);
    for (const { start, end, text } of edits.sort((a, b) => b.start - a.start)) {
      this.source = this.source.slice(0, start) + text + this.source.slice(end);
    }
  }

  /**
   * Sets a field of a struct of the project's options, unless the file mentions it.
   * @returns false if the options, or that struct, are not written out in this file
   */
  public declareOption(struct: string, field: string, value: readonly string[]): boolean {
    const { compiler } = this;
    const file = this.parse();
    if (this.count(file, field) > 0) {
      return true;
    }
    const options = this.wholeOptions(file);
    if (options === undefined || options.properties.length === 0) {
      return false;
    }
    const holder = options.properties.find(({ name }) => name !== undefined && this.textOf(name) === struct);
    const text = `${field}: ${textOfList(value)}`;
    if (holder !== undefined) {
      const holds =
        compiler.isPropertyAssignment(holder) && this.count(file, struct) === 1
          ? this.unwrap(holder.initializer)
          : undefined;
      return holds !== undefined && compiler.isObjectLiteralExpression(holds) && this.addProperty(file, holds, text);
    }
    return this.count(file, struct) === 0 && this.addProperty(file, options, `${struct}: { ${text} }`);
  }

  /** Replaces string literals, such as the package specification among `devDeps`. */
  public replaceStrings(matches: (text: string) => boolean, replacement: string): void {
    const file = this.parse();
    const edits: Edit[] = [];
    this.visit(file, (node) => {
      if (this.compiler.isStringLiteralLike(node) && matches(node.text)) {
        const start = node.getStart(file);
        const quote = this.source[start] === "'" ? "'" : '"';
        edits.push({ start, end: node.getEnd(), text: quote + JSON.stringify(replacement).slice(1, -1) + quote });
      }
    });
    for (const { start, end, text } of edits.reverse()) {
      this.source = this.source.slice(0, start) + text + this.source.slice(end);
    }
  }

  /** The one literal that holds all options of the one project; undefined if it is spread from others, or made by code. */
  private wholeOptions(file: ts.SourceFile): ts.ObjectLiteralExpression | undefined {
    const { compiler } = this;
    const names = this.classNames(file);
    const made: ts.NewExpression[] = [];
    this.visit(file, (node) => {
      if (compiler.isNewExpression(node) && names.has(this.lastName(node.expression) ?? "")) {
        made.push(node);
      }
    });
    const [argument] = made[0]?.arguments ?? [];
    let bare = argument === undefined || made.length > 1 ? undefined : this.unwrap(argument);
    if (bare !== undefined && compiler.isIdentifier(bare)) {
      const initializer = this.initializer(file, bare.text);
      bare = initializer === undefined ? undefined : this.unwrap(initializer);
    }
    return bare !== undefined &&
      compiler.isObjectLiteralExpression(bare) &&
      !bare.properties.some((property) => compiler.isSpreadAssignment(property))
      ? bare
      : undefined;
  }

  /** How often a name is written, as an identifier or as text. */
  private count(file: ts.SourceFile, name: string): number {
    let count = 0;
    this.visit(file, (node) => {
      if ((this.compiler.isIdentifier(node) || this.compiler.isStringLiteralLike(node)) && node.text === name) {
        count++;
      }
    });
    return count;
  }

  /** Adds a property behind the last one, on a line of its own if that has one. */
  private addProperty(file: ts.SourceFile, object: ts.ObjectLiteralExpression, text: string): true {
    const last = object.properties[object.properties.length - 1];
    if (last === undefined) {
      const start = object.getStart(file);
      this.source = `${this.source.slice(0, start)}{ ${text} }${this.source.slice(object.getEnd())}`;
      return true;
    }
    const start = last.getStart(file);
    const indent = /(?:^|\n)([ \t]*)$/.exec(this.source.slice(0, start))?.[1];
    const rest = this.source.slice(last.getEnd());
    if (indent === undefined) {
      this.source = `${this.source.slice(0, last.getEnd())}, ${text}${rest}`;
      return true;
    }
    const [line = "", comma = "", comment = ""] = /^(,?)([ \t]*(?:\/\/[^\n]*)?)/.exec(rest) ?? [];
    const added = comma === "" ? `,${comment}\n${indent}${text}` : `,${comment}\n${indent}${text},`;
    this.source = this.source.slice(0, last.getEnd()) + added + rest.slice(line.length);
    return true;
  }

  private parse(): ts.SourceFile {
    return this.compiler.createSourceFile(this.fileName, this.source, this.compiler.ScriptTarget.Latest, true);
  }

  private renameProperty(
    file: ts.SourceFile,
    property: ts.ObjectLiteralElementLike,
    from: string,
    to: string,
  ): Edit | undefined {
    const { compiler } = this;
    if (compiler.isShorthandPropertyAssignment(property)) {
      const matches = property.name.text === from;
      return matches
        ? { start: property.name.getStart(file), end: property.name.getStart(file), text: `${to}: ` }
        : undefined;
    }
    const name = property.name;
    if (
      name === undefined ||
      !(compiler.isIdentifier(name) || compiler.isStringLiteralLike(name)) ||
      name.text !== from
    ) {
      return undefined;
    }
    // Without its quotes, if it has any: they stay.
    const quote = compiler.isStringLiteralLike(name) ? 1 : 0;
    return { start: name.getStart(file) + quote, end: name.getEnd() - quote, text: to };
  }

  /** The object literals at a path below the options. */
  private optionObjects(file: ts.SourceFile, path: readonly string[]): ts.ObjectLiteralExpression[] {
    const { compiler } = this;
    const names = this.classNames(file);
    let objects: ts.ObjectLiteralExpression[] = [];
    this.visit(file, (node) => {
      if (
        compiler.isNewExpression(node) &&
        names.has(this.lastName(node.expression) ?? "") &&
        node.arguments?.[0] !== undefined
      ) {
        objects.push(...this.literals(file, node.arguments[0]));
      }
    });
    for (const segment of path) {
      const list = segment.endsWith("[]");
      const key = list ? segment.slice(0, -2) : segment;
      objects = objects.flatMap((object) =>
        object.properties.flatMap((property) => {
          if (!compiler.isPropertyAssignment(property) || this.textOf(property.name) !== key) {
            return [];
          }
          return list ? this.elements(file, property.initializer) : this.literals(file, property.initializer);
        }),
      );
    }
    return objects;
  }

  /** The class's name, and the names under which it is imported. */
  private classNames(file: ts.SourceFile): Set<string> {
    const names = new Set([this.className]);
    this.visit(file, (node) => {
      if (this.compiler.isImportSpecifier(node) && node.propertyName?.text === this.className) {
        names.add(node.name.text);
      }
    });
    return names;
  }

  /** The last name of `a`, `x.a`, `a[0]`, ... */
  private lastName(expression: ts.Expression): string | undefined {
    const { compiler } = this;
    if (compiler.isElementAccessExpression(expression) || compiler.isNonNullExpression(expression)) {
      return this.lastName(expression.expression);
    }
    return compiler.isIdentifier(expression)
      ? expression.text
      : compiler.isPropertyAccessExpression(expression)
        ? expression.name.text
        : undefined;
  }

  /** The object literals that an expression stands for, as far as this file shows. */
  private literals(
    file: ts.SourceFile,
    expression: ts.Expression,
    seen = new Set<string>(),
  ): ts.ObjectLiteralExpression[] {
    const { compiler } = this;
    const bare = this.unwrap(expression);
    if (compiler.isObjectLiteralExpression(bare)) {
      const spread = bare.properties.flatMap((property) =>
        compiler.isSpreadAssignment(property) ? this.literals(file, property.expression, seen) : [],
      );
      return [bare, ...spread];
    }
    if (compiler.isConditionalExpression(bare)) {
      return [...this.literals(file, bare.whenTrue, seen), ...this.literals(file, bare.whenFalse, seen)];
    }
    if (compiler.isBinaryExpression(bare)) {
      return [...this.literals(file, bare.left, seen), ...this.literals(file, bare.right, seen)];
    }
    if (compiler.isIdentifier(bare) && !seen.has(bare.text)) {
      const initializer = this.initializer(file, bare.text);
      return initializer === undefined ? [] : this.literals(file, initializer, new Set([...seen, bare.text]));
    }
    return [];
  }

  private elements(file: ts.SourceFile, expression: ts.Expression): ts.ObjectLiteralExpression[] {
    const { compiler } = this;
    const bare = this.unwrap(expression);
    if (compiler.isArrayLiteralExpression(bare)) {
      return bare.elements.flatMap((element) =>
        compiler.isSpreadElement(element) ? this.elements(file, element.expression) : this.literals(file, element),
      );
    }
    const initializer = compiler.isIdentifier(bare) ? this.initializer(file, bare.text) : undefined;
    return initializer === undefined ? [] : this.elements(file, initializer);
  }

  private unwrap(expression: ts.Expression): ts.Expression {
    const { compiler } = this;
    let bare = expression;
    while (
      compiler.isParenthesizedExpression(bare) ||
      compiler.isAsExpression(bare) ||
      compiler.isSatisfiesExpression(bare)
    ) {
      bare = bare.expression;
    }
    return bare;
  }

  private initializer(file: ts.SourceFile, name: string): ts.Expression | undefined {
    const found: ts.VariableDeclaration[] = [];
    this.visit(file, (node) => {
      if (
        this.compiler.isVariableDeclaration(node) &&
        this.compiler.isIdentifier(node.name) &&
        node.name.text === name
      ) {
        found.push(node);
      }
    });
    const [declaration, another] = found;
    if (another !== undefined) {
      throw new RewriteError(
        `${name} is declared more than once in ${this.fileName}, ${this.place(file, another)} for one, and which of them holds ` +
          "the project's options is not clear: give one of them another name, and run the update again",
      );
    }
    this.constants.add(name);
    return declaration?.initializer;
  }

  /** Objects with the old name and the new: one of the two values would be lost. */
  private refuseBoth(file: ts.SourceFile, options: ts.ObjectLiteralExpression, name: string, to: string): void {
    const old = options.properties.find(
      (property) => property.name !== undefined && this.textOf(property.name) === name,
    );
    if (
      old !== undefined &&
      options.properties.some((property) => property.name !== undefined && this.textOf(property.name) === to)
    ) {
      throw new RewriteError(
        `the option ${name} is now called ${to}, and both are set at ${this.place(file, old)}: delete one of them, and run the update again`,
      );
    }
  }

  private textOf(name: ts.PropertyName): string | undefined {
    return this.compiler.isIdentifier(name) || this.compiler.isStringLiteralLike(name) ? name.text : undefined;
  }

  private place(file: ts.SourceFile, node: ts.Node): string {
    const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
    return `${this.fileName}:${line + 1}:${character + 1}`;
  }

  /** An option that is also set or read elsewhere, such as `options.region = ...`, would be left behind. */
  private refuseOtherUses(file: ts.SourceFile, from: string, to: string, renamed: ReadonlySet<ts.Node>): void {
    const { compiler } = this;
    const [name = "", parent] = from.replace(/\[\]/g, "").split(".").reverse();
    const isHolder = (expression: ts.Expression): boolean => {
      const holder = this.lastName(expression);
      return holder !== undefined && (holder === parent || (parent === undefined && this.constants.has(holder)));
    };
    const isUse = (node: ts.PropertyAccessExpression | ts.ElementAccessExpression): boolean =>
      isHolder(node.expression) || (parent === undefined && this.isTarget(node));
    const places: string[] = [];
    this.visit(file, (node) => {
      const assigned = compiler.isPropertyAccessExpression(node) && node.name.text === name && isUse(node);
      const keyed =
        compiler.isElementAccessExpression(node) &&
        compiler.isStringLiteralLike(node.argumentExpression) &&
        node.argumentExpression.text === name &&
        isUse(node);
      const unpacked =
        compiler.isBindingElement(node) &&
        this.textOf((node.propertyName ?? node.name) as ts.PropertyName) === name &&
        compiler.isVariableDeclaration(node.parent.parent) &&
        node.parent.parent.initializer !== undefined &&
        isHolder(node.parent.parent.initializer);
      const computed =
        compiler.isPropertyAssignment(node) &&
        compiler.isComputedPropertyName(node.name) &&
        compiler.isStringLiteralLike(node.name.expression) &&
        node.name.expression.text === name &&
        !renamed.has(node);
      if (assigned || keyed || unpacked || computed) {
        places.push(this.place(file, node));
      }
    });
    if (places.length > 0) {
      throw new RewriteError(
        `the option ${from} is now called ${to}, and ${places.join(", ")} cannot be rewritten safely: ` +
          `type ${to} instead of ${name} there, and run the update again`,
      );
    }
  }

  private isTarget(node: ts.Expression): boolean {
    const { compiler } = this;
    const { parent } = node;
    return (
      compiler.isBinaryExpression(parent) &&
      parent.left === node &&
      parent.operatorToken.kind === compiler.SyntaxKind.EqualsToken
    );
  }

  private visit(node: ts.Node, see: (node: ts.Node) => void): void {
    see(node);
    this.compiler.forEachChild(node, (child) => this.visit(child, see));
  }
}

/** A list of texts as a person would write it. */
export function textOfList(list: readonly string[]): string {
  return `[${list.map((item) => JSON.stringify(item)).join(", ")}]`;
}
