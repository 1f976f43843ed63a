// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { extname } from "node:path";
import { commentLine, commentSyntax } from "../../comment-syntax";
import { isBinary, textStyle, toPlainText } from "./line-endings";
import { withoutCheckoutCrlf } from "./same-content";

/** The byte order mark of UTF-8, as `latin1` shows it. */
const BOM = "\xef\xbb\xbf";

const OPEN = ">>> ray-platform: this block is generated; edit outside it";
const CLOSE = "<<< ray-platform";

/** Whether a file can hold a block: a block needs comments. */
export function canHoldBlock(path: string): boolean {
  return commentSyntax(path) !== undefined;
}

/** Where the block lies in a file's text. */
export type BlockSearch =
  | { readonly kind: "found"; readonly start: number; readonly end: number; readonly body: string }
  | { readonly kind: "missing" }
  | { readonly kind: "damaged"; readonly problem: string };

/**
 * One managed block in a file that is otherwise the user's.
 * Texts are `latin1` strings, one character per byte, so that the user's bytes come out as they went in.
 */
export class BlockText {
  private readonly open: string;
  private readonly close: string;

  public constructor(private readonly path: string) {
    const style = commentSyntax(path);
    if (style === undefined) {
      throw new Error(`${path}: a block needs comments, and the comment syntax of ${extname(path)} files is not known`);
    }
    this.open = commentLine(style, OPEN);
    this.close = commentLine(style, CLOSE);
  }

  /** Finds the block; `body` has no markers, and LF line ends where all of it had CRLF. */
  public find(content: Buffer): BlockSearch {
    if (isBinary(content)) {
      return {
        kind: "damaged",
        problem: "it is binary or UTF-16, and a block goes into UTF-8 only; convert it, or delete it",
      };
    }
    const text = content.toString("latin1");
    const opens = lineStarts(text, this.open);
    const closes = lineStarts(text, this.close);
    if (opens.length === 0 && closes.length === 0) {
      return { kind: "missing" };
    }
    const [start] = opens;
    const [close] = closes;
    if (opens.length !== 1 || closes.length !== 1 || start === undefined || close === undefined || close < start) {
      return {
        kind: "damaged",
        problem: `its block markers are damaged (${opens.length} of ${JSON.stringify(this.open)}, ${closes.length} of ${JSON.stringify(this.close)}); restore one of each, or delete both`,
      };
    }
    const bodyStart = text.indexOf("\n", start) + 1;
    const body = Buffer.from(text.slice(bodyStart, close), "latin1");
    const plain = (withoutCheckoutCrlf(body) ?? body).toString("latin1");
    return { kind: "found", start, end: close + this.close.length, body: plain };
  }

  /** The file with the block's body replaced, or the block added where the file has none. */
  public put(content: Buffer, body: Buffer, position: "start" | "end"): Buffer {
    const search = this.find(content);
    const eol = textStyle(content).crlf ? "\r\n" : "\n";
    const block = this.render(body).replace(/\n/g, eol);
    const text = content.toString("latin1");
    switch (search.kind) {
      case "found":
        return Buffer.from(text.slice(0, search.start) + block + text.slice(search.end), "latin1");
      case "missing":
        return Buffer.from(position === "start" ? prepend(text, block, eol) : append(text, block, eol), "latin1");
      case "damaged":
        throw new Error(`${this.path}: ${search.problem}`);
    }
  }

  /** The file without the block. */
  public remove(content: Buffer): Buffer {
    const search = this.find(content);
    if (search.kind !== "found") {
      return content;
    }
    const text = content.toString("latin1");
    const after = text.slice(search.end).replace(/^\r?\n/, "");
    const before = text.slice(0, search.start);
    // The blank line that separated the block from the user's text goes with it.
    const [head, tail] =
      after === ""
        ? [before.replace(/(\n)\r?\n$/, "$1"), ""]
        : [before, before === "" || before === BOM ? after.replace(/^\r?\n/, "") : after];
    return Buffer.from(head + tail, "latin1");
  }

  /** A new file: what it says outside the block, and the block. */
  public create(initial: string, body: Buffer, position: "start" | "end"): Buffer {
    return this.put(Buffer.from(initial, "utf8"), body, position);
  }

  private render(body: Buffer): string {
    const text = toPlainText(body).toString("latin1");
    const lines = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    return `${this.open}\n${lines}${this.close}`;
  }
}

/** The bytes of a body as `find` returns them, for comparing and hashing. */
export function blockBody(body: Buffer): Buffer {
  const text = toPlainText(body);
  return text.length === 0 || text[text.length - 1] === 10 ? text : Buffer.concat([text, Buffer.from("\n")]);
}

function lineStarts(text: string, line: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(line); at !== -1; at = text.indexOf(line, at + 1)) {
    const before = at === 0 || text[at - 1] === "\n" || (at === BOM.length && text.startsWith(BOM));
    const after = text.slice(at + line.length, at + line.length + 2);
    if (before && (after === "" || after[0] === "\n" || after === "\r\n")) {
      found.push(at);
    }
  }
  return found;
}

function prepend(text: string, block: string, eol: string): string {
  const bom = text.startsWith(BOM) ? BOM.length : 0;
  const rest = text.slice(bom);
  return text.slice(0, bom) + block + eol + (rest === "" ? "" : eol) + rest;
}

function append(text: string, block: string, eol: string): string {
  const separator = text === "" ? "" : text.endsWith("\n") ? eol : eol + eol;
  return text + separator + block + eol;
}
