// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type ts from "typescript";
import { ExplainedError } from "../explained-error";

/** Thrown where a projenrc cannot be rewritten; says what to type instead. */
export class RewriteError extends ExplainedError {
  public constructor(message: string) {
    super(message);
    this.name = "RewriteError";
  }
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The source of a `.projenrc.ts`, rewritten in place: whatever is not renamed keeps its every character. */
export class ProjenrcSource {
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
    const edits: Edit[] = [];
    const renamed = new Set<ts.Node>();
    for (const options of this.optionObjects(file, segments.slice(0, -1))) {
      for (const property of options.properties) {
        const edit = this.renameProperty(file, property, name, to);
        if (edit !== undefined) {
          edits.push(edit);
          renamed.add(property);
        }
      }
    }
    this.refuseOtherUses(file, from, to, name, renamed);
    for (const { start, end, text } of edits.sort((a, b) => b.start - a.start)) {
      this.source = this.source.slice(0, start) + text + this.source.slice(end);
    }
  }

  /** Replaces string literals, such as the package specification among `devDeps`. */
  public replaceStrings(matches: (text: string) => boolean, replacement: string): void {
    const file = this.parse();
    const edits: Edit[] = [];
    this.visit(file, (node) => {
      if (this.compiler.isStringLiteralLike(node) && matches(node.text)) {
        edits.push({ start: node.getStart(file), end: node.getEnd(), text: JSON.stringify(replacement) });
      }
    });
    for (const { start, end, text } of edits.reverse()) {
      this.source = this.source.slice(0, start) + text + this.source.slice(end);
    }
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
      return matches ? { start: property.name.getStart(file), end: property.name.getStart(file), text: `${to}: ` } : undefined;
    }
    const name = property.name;
    if (name === undefined || !(compiler.isIdentifier(name) || compiler.isStringLiteralLike(name)) || name.text !== from) {
      return undefined;
    }
    const quoted = compiler.isStringLiteralLike(name);
    return { start: name.getStart(file), end: name.getEnd(), text: quoted ? JSON.stringify(to) : to };
  }

  /** The object literals at a path below the options. */
  private optionObjects(file: ts.SourceFile, path: readonly string[]): ts.ObjectLiteralExpression[] {
    const { compiler } = this;
    let objects: ts.ObjectLiteralExpression[] = [];
    this.visit(file, (node) => {
      if (
        compiler.isNewExpression(node) &&
        compiler.isIdentifier(node.expression) &&
        node.expression.text === this.className &&
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
          if (!compiler.isPropertyAssignment(property) || this.nameOf(property) !== key) {
            return [];
          }
          return list ? this.elements(file, property.initializer) : this.literals(file, property.initializer);
        }),
      );
    }
    return objects;
  }

  private nameOf(property: ts.PropertyAssignment): string | undefined {
    const { name } = property;
    return this.compiler.isIdentifier(name) || this.compiler.isStringLiteralLike(name) ? name.text : undefined;
  }

  /** The object literals that an expression stands for, as far as this file shows. */
  private literals(file: ts.SourceFile, expression: ts.Expression, seen = new Set<string>()): ts.ObjectLiteralExpression[] {
    const { compiler } = this;
    const bare = this.unwrap(expression);
    if (compiler.isObjectLiteralExpression(bare)) {
      const spread = bare.properties.flatMap((property) =>
        compiler.isSpreadAssignment(property) ? this.literals(file, property.expression, seen) : [],
      );
      return [bare, ...spread];
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
    let found: ts.Expression | undefined;
    this.visit(file, (node) => {
      if (this.compiler.isVariableDeclaration(node) && this.compiler.isIdentifier(node.name) && node.name.text === name) {
        found ??= node.initializer;
      }
    });
    return found;
  }

  /** An option that is also set or read elsewhere, such as `options.region = ...`, would be left behind. */
  private refuseOtherUses(
    file: ts.SourceFile,
    from: string,
    to: string,
    name: string,
    renamed: ReadonlySet<ts.Node>,
  ): void {
    const { compiler } = this;
    const places: string[] = [];
    this.visit(file, (node) => {
      const assigned =
        compiler.isPropertyAccessExpression(node) && node.name.text === name && !from.includes(".") && this.isTarget(node);
      const keyed =
        compiler.isElementAccessExpression(node) &&
        compiler.isStringLiteralLike(node.argumentExpression) &&
        node.argumentExpression.text === name &&
        this.isTarget(node);
      const computed =
        compiler.isPropertyAssignment(node) &&
        compiler.isComputedPropertyName(node.name) &&
        compiler.isStringLiteralLike(node.name.expression) &&
        node.name.expression.text === name &&
        !renamed.has(node);
      if (assigned || keyed || computed) {
        const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
        places.push(`${this.fileName}:${line + 1}:${character + 1}`);
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
