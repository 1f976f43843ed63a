// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A heading of a document with all that stands below it, down to the next one of its level. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

const FENCE = /^( *)(```+)[^\n]*\n[\s\S]*?^\1\2[ \t]*$/gm;

/** Changes what is no fenced code. */
export function outsideOfCode(content: string, change: (prose: string) => string): string {
  const parts: string[] = [];
  let last = 0;
  for (const match of content.matchAll(FENCE)) {
    parts.push(change(content.slice(last, match.index)), match[0]);
    last = match.index + match[0].length;
  }
  return [...parts, change(content.slice(last))].join("");
}

/** What stands above the first `## ` heading, without the title. */
export function introduction(content: string): string {
  return splitAt(content, 2)[0]
    .replace(/^[\s\S]*?^# .*\n/m, "")
    .trim();
}

/** The sections of a level, `##` for 2. */
export function sections(content: string, level = 2): Section[] {
  return splitAt(content, level)
    .slice(1)
    .map((text) => ({ title: /^#+ +(.*)/.exec(text)?.[1] ?? "", text: text.trim() }));
}

/** Anchors of headings, as GitHub and the site make them. */
export function anchors(content: string): string[] {
  const found: string[] = [];
  outsideOfCode(content, (prose) => {
    found.push(...[...prose.matchAll(/^#+ +(.+)$/gm)].map(([, heading]) => anchorOf(heading)));
    return prose;
  });
  return found;
}

/** The anchor of a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

/** Text in a cell of a table. */
export function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/\|/g, "\\|").trim();
}

/** Plain text as Markdown: what looks like a tag or a Vue expression outside of inline code is text. */
export function prose(text: string): string {
  return text
    .split(/((?<!`)`(?!`)[^`]*`(?!`))/)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part)))
    .join("");
}

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function escaped(text: string): string {
  return text.replace(/<(?=[a-z/!?])(?!\/?br\b)/gi, "&lt;").replace(/\{\{/g, "&#123;&#123;");
}

/** The text before the first heading of a level, and each section from its heading. */
function splitAt(content: string, level: number): string[] {
  const parts = [""];
  const heading = new RegExp(`^#{1,${level}} `);
  const begins = new RegExp(`^#{${level}} `);
  let fence: string | undefined;
  let inside = true;
  for (const line of content.split("\n")) {
    const mark = /^ *(```+)/.exec(line)?.[1];
    if (mark !== undefined) {
      fence = fence === undefined ? mark : mark === fence ? undefined : fence;
    } else if (fence === undefined && begins.test(line)) {
      parts.push("");
      inside = true;
    } else if (fence === undefined && parts.length > 1 && heading.test(line)) {
      inside = false; // a higher heading ends the section
    }
    if (inside) {
      parts[parts.length - 1] += `${line}\n`;
    }
  }
  return parts;
}
