// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type ts from "typescript";

/**
 * Whether two texts of a projenrc differ in nothing but the names of properties, and in the specification of this package:
 * all that a migration changes.
 */
export function differsInNamesOnly(compiler: typeof ts, before: string, after: string): boolean {
  const [one, other] = [before, after].map((text) => withoutNames(compiler, text));
  return one !== undefined && one === other;
}

/** A text without the names of properties; undefined for what is no TypeScript. */
function withoutNames(compiler: typeof ts, text: string): string | undefined {
  const file = compiler.createSourceFile("projenrc.ts", text, compiler.ScriptTarget.Latest, true);
  if ((file as unknown as { parseDiagnostics: readonly unknown[] }).parseDiagnostics.length > 0) {
    return undefined;
  }
  const cuts: Array<{ readonly start: number; readonly end: number; readonly text: string }> = [];
  const visit = (node: ts.Node): void => {
    const start = node.getStart(file);
    if (compiler.isShorthandPropertyAssignment(node)) {
      // `{ title }` is renamed to `{ heading: title }`.
      cuts.push({ start, end: start, text: "NAME: " });
    } else if (
      compiler.isPropertyAssignment(node) &&
      (compiler.isIdentifier(node.name) || compiler.isStringLiteral(node.name))
    ) {
      cuts.push({ start, end: node.name.getEnd(), text: "NAME" });
      visit(node.initializer);
      return;
    } else if (compiler.isStringLiteralLike(node) && /^ray-platform@[\w.^~<>=*+-]+$/.test(node.text)) {
      cuts.push({ start, end: node.getEnd(), text: '"ray-platform"' });
    }
    node.forEachChild(visit);
  };
  visit(file);
  return cuts
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end, text: by }) => rest.slice(0, start) + by + rest.slice(end), text);
}
