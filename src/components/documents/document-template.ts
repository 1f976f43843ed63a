// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import Mustache from "mustache";

/** A token as Mustache has it: kind, value, first and last place, and of a section its tokens and where its end begins. */
export type Token = [kind: string, value: string, start: number, end: number, tokens?: Token[], close?: number];

const TAG = /\{\{\s*(?:\{\s*([\s\S]*?)\s*\}\}\}|([#^/&!>=]?)\s*([\s\S]*?)\s*\}\})/g;
/** What no document uses, and what is not read here: partials and other brackets. */
const OTHER_TAGS = new Set([">", "="]);

/** Fills in a document's template. Nothing is escaped: it is Markdown, and not HTML. */
export function renderTemplate(template: string, view: object): string {
  return new TemplateWriter().render(template, view, undefined, { escape: String });
}

class TemplateWriter extends Mustache.Writer {
  public override parse(template: string): never {
    return parseTemplate(template) as never;
  }
}

/**
 * Reads a template as Mustache does, by lines and tags and not by characters: that was a tenth of a rendering. What is wrong, or
 * uses what no document does, is left to Mustache.
 */
export function parseTemplate(template: string): Token[] {
  return new TemplateReader(template).read() ?? (Mustache.parse(template) as unknown as Token[]);
}

class TemplateReader {
  private readonly root: Token[] = [];
  private readonly sections: Token[] = [];
  private collected = this.root;
  /** What is blank on the line so far: it goes if nothing but sections and comments stands there. */
  private blanks: Token[] = [];
  private hasTag = false;
  private hasText = false;
  private tokens: Token[] = [];

  public constructor(private readonly template: string) {}

  public read(): Token[] | undefined {
    const { template } = this;
    let at = 0;
    for (const match of template.matchAll(TAG)) {
      const [tag, unescaped, kind = "", value = ""] = match;
      if (OTHER_TAGS.has(kind) || /[{}]/.test(unescaped ?? value)) {
        return undefined;
      }
      this.text(at, match.index);
      at = match.index + tag.length;
      this.hasTag = true;
      if (unescaped !== undefined || kind === "" || kind === "&") {
        this.hasText = true;
      }
      const symbol = unescaped !== undefined ? "&" : kind === "" ? "name" : kind;
      this.tokens.push([symbol, unescaped ?? value, match.index, at]);
    }
    if (template.includes("{{", at)) {
      return undefined; // A tag without an end.
    }
    this.text(at, template.length);
    this.endLine();
    return this.nested();
  }

  /** The text between two tags, in pieces that each belong to one line. */
  private text(from: number, to: number): void {
    for (let start = from; start < to; ) {
      const newline = this.template.indexOf("\n", start);
      const end = newline === -1 || newline >= to ? to : newline + 1;
      const piece = this.template.slice(start, end);
      const token: Token = ["text", piece, start, end];
      this.tokens.push(token);
      if (/\S/.test(piece)) {
        this.hasText = true;
      } else {
        this.blanks.push(token);
      }
      if (end === newline + 1) {
        this.endLine();
      }
      start = end;
    }
  }

  private endLine(): void {
    if (this.hasTag && !this.hasText) {
      for (const blank of this.blanks) {
        blank[1] = "";
      }
    }
    this.blanks = [];
    this.hasTag = false;
    this.hasText = false;
  }

  private nested(): Token[] | undefined {
    let last: Token | undefined;
    for (const token of this.tokens) {
      const [kind, value, start, end] = token;
      if (kind === "text") {
        if (value === "") {
          continue;
        }
        if (last?.[0] === "text") {
          last[1] += value;
          last[3] = end;
          continue;
        }
        this.collected.push(token);
      } else if (kind === "#" || kind === "^") {
        this.collected.push(token);
        this.sections.push(token);
        this.collected = [];
        token[4] = this.collected;
      } else if (kind === "/") {
        const section = this.sections.pop();
        if (section?.[1] !== value) {
          return undefined;
        }
        section[5] = start;
        this.collected = this.sections.at(-1)?.[4] ?? this.root;
      } else {
        this.collected.push(token);
      }
      last = token;
    }
    return this.sections.length === 0 ? this.root : undefined;
  }
}
