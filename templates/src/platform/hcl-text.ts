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

/** What scanners take for a comment of theirs wherever on a line it stands, in a value too. */
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
    const entries = Object.entries(value).map(
      ([key, item]) => `${harmless(JSON.stringify(key))} = ${hclExpression(item)}`,
    );
    return `{ ${entries.join(", ")} }`;
  }
  return JSON.stringify(value);
}

/**
 * A string of Terraform JSON as a quoted template. JSON's escapes are HCL's; what stands in `${}` is an expression in both
 * and keeps its own quotes.
 */
export function hclTemplate(text: string): string {
  let result = "";
  let position = 0;
  while (position < text.length) {
    const start = nextInterpolation(text, position);
    result += JSON.stringify(text.slice(position, start)).slice(1, -1);
    const end = start < text.length ? endOfInterpolation(text, start) : start;
    result += text.slice(start, end);
    position = end;
  }
  return `"${harmless(result)}"`;
}

/** The same text in HCL, in which no scanner finds an exception: one that a value holds was registered by nobody. */
function harmless(text: string): string {
  return text.replace(SILENCING, "$1$2\\u003a");
}

/** Where the next `${` stands that is not the escape `$${`. */
function nextInterpolation(text: string, from: number): number {
  for (let index = text.indexOf("${", from); index >= 0; index = text.indexOf("${", index + 2)) {
    if (text[index - 1] !== "$") {
      return index;
    }
  }
  return text.length;
}

/** The position after the brace that closes an interpolation; braces in its strings do not count. */
function endOfInterpolation(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (quoted) {
      if (character === "\\") index++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return index + 1;
  }
  throw new Error(`an interpolation is not closed: ${text}`);
}
