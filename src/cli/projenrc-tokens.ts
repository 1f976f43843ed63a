// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
/** Thrown for a source that does more than declare. */
export class NotDeclarative extends Error {}

/** A part of a source. */
export interface Token {
  readonly kind: "name" | "string" | "number" | "sign" | "end";
  readonly text: string;
  /** Whether a line ends between this token and the one before. */
  readonly isFirst: boolean;
}

/** Splits a source into tokens, each looked at once. */
export class Tokens {
  private position: number;
  private next: Token | undefined;

  public constructor(private readonly source: string) {
    this.position = source.startsWith("\uFEFF") ? 1 : 0;
  }

  public peek(): Token {
    this.next ??= this.scan();
    return this.next;
  }

  public take(): Token {
    const token = this.peek();
    this.next = undefined;
    return token;
  }

  /** Takes the next token if it is this one. */
  public skip(text: string): boolean {
    const { kind, text: found } = this.peek();
    const isIt = (kind === "sign" || kind === "name") && found === text;
    if (isIt) {
      this.take();
    }
    return isIt;
  }

  public expect(text: string): void {
    if (!this.skip(text)) {
      throw new NotDeclarative();
    }
  }

  public name(): string {
    const { kind, text } = this.take();
    if (kind !== "name") {
      throw new NotDeclarative();
    }
    return text;
  }

  private scan(): Token {
    const isFirst = this.skipBlanks();
    const character = this.source[this.position];
    if (character === undefined) {
      return { kind: "end", text: "", isFirst };
    }
    if (character === '"' || character === "'" || character === "`") {
      return { kind: "string", text: this.text(character), isFirst };
    }
    const word = this.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/uy);
    if (word !== undefined) {
      return { kind: "name", text: word, isFirst };
    }
    const number = this.match(/(?:0|[1-9](?:_?\d)*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\p{ID_Continue}$])/uy);
    if (number !== undefined) {
      return { kind: "number", text: number.replace(/_/g, ""), isFirst };
    }
    const sign = this.match(/\.\.\.|[{}[\](),:;.=*-]/y);
    if (sign === undefined) {
      throw new NotDeclarative();
    }
    return { kind: "sign", text: sign, isFirst };
  }

  /** @returns whether a line ended */
  private skipBlanks(): boolean {
    const start = this.position;
    for (;;) {
      this.match(/\s+/uy);
      if (this.source.startsWith("//", this.position)) {
        this.match(/[^\n\r\u2028\u2029]*/uy);
      } else if (this.source.startsWith("/*", this.position)) {
        const end = this.source.indexOf("*/", this.position + 2);
        if (end < 0) {
          throw new NotDeclarative();
        }
        this.position = end + 2;
      } else {
        return /[\n\r\u2028\u2029]/u.test(this.source.slice(start, this.position));
      }
    }
  }

  private text(quote: string): string {
    let text = "";
    for (let at = this.position + 1; at < this.source.length; at++) {
      const character = this.source[at] as string;
      if (character === quote) {
        this.position = at + 1;
        return text;
      }
      if (character === "\\") {
        const [value, length] = escaped(this.source, at + 1);
        text += value;
        at += length;
      } else if ((character === "\n" || character === "\r") && quote !== "`") {
        break;
      } else if (quote === "`" && (character === "\r" || this.source.startsWith("${", at))) {
        break; // A carriage return counts as a line feed there, and an expression is one.
      } else {
        text += character;
      }
    }
    throw new NotDeclarative();
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source)?.[0];
    this.position += found?.length ?? 0;
    return found;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v" },
  ...{ '"': '"', "'": "'", "`": "`", "\\": "\\", "/": "/", $: "$" },
};

/** The character that an escape stands for, and the length of what follows its backslash. */
function escaped(source: string, at: number): readonly [string, number] {
  const character = source[at] ?? "";
  if (Object.hasOwn(ESCAPES, character)) {
    return [ESCAPES[character] as string, 1];
  }
  const pattern = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})/y;
  pattern.lastIndex = at;
  const found = pattern.exec(source);
  if (found === null) {
    throw new NotDeclarative();
  }
  return [String.fromCharCode(Number.parseInt(found[1] ?? (found[2] as string), 16)), found[0].length];
}
