// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What a provider's bindings say about the arguments of a resource or of a block in it. */
export type ArgumentDescriptions = Readonly<
  Record<string, { readonly value: unknown; readonly isBlock?: boolean } | undefined>
>;

/** A block of HCL from the value that Terraform JSON has for it. What is null is left out, as Terraform takes it. */
export function hclBlock(
  header: string,
  json: Readonly<Record<string, unknown>>,
  descriptions: ArgumentDescriptions,
): string {
  const lines = Object.entries(json).flatMap(([name, value]) => {
    if (value === null) {
      return [];
    }
    const description = descriptions[name];
    if (description?.isBlock !== true || typeof value !== "object") {
      return [`${name} = ${hclExpression(value)}`];
    }
    const described = [description.value].flat() as readonly (ArgumentDescriptions | undefined)[];
    return [value]
      .flat()
      .map((block, index) =>
        hclBlock(name, block as Readonly<Record<string, unknown>>, described[index] ?? described[0] ?? {}),
      );
  });
  return `${header} {\n${lines.map((line) => `${line.trimEnd().replace(/^/gm, "  ")}\n`).join("")}}\n`;
}

/** Text that scanners read as a comment of theirs wherever it is, even in a value. */
const SILENCING = /(checkov|bridgecrew|cortex|tfsec|trivy)(\s*):/gi;

/** A value of Terraform JSON as an expression. */
export function hclExpression(value: unknown): string {
  if (typeof value === "string") {
    return hclTemplate(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(hclExpression).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${hclTemplate(key)} = ${hclExpression(item)}`);
    return `{ ${entries.join(", ")} }`;
  }
  return JSON.stringify(value);
}

/**
 * A string of Terraform JSON as a quoted template. JSON's escapes are HCL's; what stands in `${}` or `%{}` is an expression in
 * both and keeps its own quotes.
 */
export function hclTemplate(text: string): string {
  let result = "";
  let position = 0;
  while (position < text.length) {
    const start = nextExpression(text, position);
    result += harmless(JSON.stringify(text.slice(position, start)).slice(1, -1));
    const { hcl, end } = start < text.length ? expressionAt(text, start) : { hcl: "", end: start };
    result += hcl;
    position = end;
  }
  return `"${result}"`;
}

/** The same text in HCL, in which no scanner finds an exception: one that a value holds was registered by nobody. */
function harmless(text: string): string {
  return text.replace(SILENCING, "$1$2\\u003a");
}

/** Where the next `${` or `%{` stands that is not the escape `$${` or `%%{`. */
function nextExpression(text: string, from: number): number {
  for (const { index } of text.slice(from).matchAll(/[$%]\{/g)) {
    if (text[from + index - 1] !== text[from + index]) {
      return from + index;
    }
  }
  return text.length;
}

/** A part of a template as it is written, and the position after it. */
interface Part {
  readonly hcl: string;
  readonly end: number;
}

const COMMENT = /\/\*[\s\S]*?(?:\*\/|$)|(?:\/\/|#)[^\n]*/y;

/** The expression that begins at a `${`, without its comments. Braces in its strings do not count. */
function expressionAt(text: string, start: number): Part {
  let hcl = text.slice(start, start + 2);
  let depth = 1;
  let at = start + 2;
  while (at < text.length) {
    COMMENT.lastIndex = at;
    const comment = COMMENT.exec(text)?.[0];
    const character = text[at] as string;
    if (comment !== undefined) {
      hcl += " ";
      at += comment.length;
    } else if (character === '"') {
      const string = stringAt(text, at);
      hcl += string.hcl;
      at = string.end;
    } else {
      hcl += character;
      at++;
      depth += character === "{" ? 1 : character === "}" ? -1 : 0;
      if (depth === 0) {
        return { hcl, end: at };
      }
    }
  }
  throw new Error(`an interpolation is not closed: ${text}`);
}

/** The quoted template that begins at a quote within an expression; its escapes are HCL's already. */
function stringAt(text: string, start: number): Part {
  let hcl = '"';
  let literal = start + 1;
  let at = literal;
  while (at < text.length) {
    if (text[at] === '"') {
      return { hcl: `${hcl}${harmless(text.slice(literal, at))}"`, end: at + 1 };
    }
    if (nextExpression(text.slice(at - 1, at + 2), 1) === 1) {
      const { hcl: inner, end } = expressionAt(text, at);
      hcl += harmless(text.slice(literal, at)) + inner;
      literal = end;
      at = end;
    } else {
      at += text[at] === "\\" ? 2 : 1;
    }
  }
  throw new Error(`an interpolation is not closed: ${text}`);
}
