// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A fenced code block. */
export interface Snippet {
  readonly language: string;
  readonly code: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

const FENCE = /^( *)```(\S*)\n([\s\S]*?)^\1```$/gm;

/** Fenced code blocks, without the indentation of their fence. */
export function snippets(content: string): Snippet[] {
  return [...content.matchAll(FENCE)].map((match) => ({
    language: match[2],
    code: match[3].replace(new RegExp(`^${match[1]}`, "gm"), ""),
    line: content.slice(0, match.index).split("\n").length,
  }));
}

/** The text outside of fenced code. */
export function prose(content: string): string {
  return content.replace(FENCE, "");
}

/** Targets of links and images, as written. */
export function links(content: string): string[] {
  return [...prose(content).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]);
}

/** Text of inline code. */
export function inlineCode(content: string): string[] {
  return [...prose(content).matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map((match) => match[1]);
}

/** Anchors of headings, as GitHub makes them. */
export function anchors(content: string): string[] {
  return [...prose(content).matchAll(/^#+ +(.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
}

/** Ids of controls that a text names; a range such as "CI-01 to CI-06" stands for all in it. */
export function controlIds(content: string): string[] {
  const ranges = [...content.matchAll(/\b([A-Z]+[0-9]?)-(\d\d) to \1-(\d\d)\b/g)].flatMap(([, family, first, last]) =>
    Array.from(
      { length: Number(last) - Number(first) + 1 },
      (_, index) => `${family}-${String(Number(first) + index).padStart(2, "0")}`,
    ),
  );
  const single = [...content.matchAll(/\b[A-Z][A-Z0-9]*-\d\d\b/g)].map(([id]) => id);
  return [...new Set([...ranges, ...single])].sort();
}
