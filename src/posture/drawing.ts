// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { html, type Markup } from "./html";

/** A part of a drawing, and how much room it takes from its top. */
export interface Drawn {
  readonly height: number;
  readonly parts: readonly Markup[];
}

/** Where a part goes. */
export interface Room {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Draws a part where it is told to. */
export type Draw = (room: Room) => Drawn;

/** A line of a card: `strong` for what it is, `quiet` for what is said of it. */
export interface CardLine {
  readonly text: string;
  readonly style?: "strong" | "quiet";
}

/** A box with lines of text. */
export interface Card {
  readonly lines: readonly CardLine[];
  /** Class that colors it. */
  readonly tone?: string;
}

const GAP = 10;
const PADDING = 9;
const LINE = 17;
// Of the widest of the usual fixed-width fonts, at the size that the style gives text in drawings.
const CHARACTER = 7.3;

/** Lays parts one below the other. */
export function stack(...draws: readonly Draw[]): Draw {
  return (room) => {
    let height = 0;
    const parts: Markup[] = [];
    for (const draw of draws) {
      const top = height === 0 ? 0 : height + GAP;
      const drawn = draw({ ...room, y: room.y + top });
      if (drawn.height > 0) {
        height = top + drawn.height;
        parts.push(...drawn.parts);
      }
    }
    return { height, parts };
  };
}

/** Lays parts side by side where each has its least width, and in further rows where not. Parts of a row are of one height. */
export function grid(draws: readonly ((height: number) => Draw)[], leastWidth: number): Draw {
  return ({ x, y, width }) => {
    const fitting = Math.max(1, Math.floor((width + GAP) / (leastWidth + GAP)));
    const columns = Math.min(fitting, Math.max(1, draws.length));
    const each = Math.floor((width - GAP * (columns - 1)) / columns);
    const parts: Markup[] = [];
    let height = 0;
    for (let first = 0; first < draws.length; first += columns) {
      const top = y + (first === 0 ? 0 : height + GAP);
      const row = draws.slice(first, first + columns);
      const tallest = Math.max(...row.map((draw) => draw(0)({ x, y: top, width: each }).height));
      for (const [column, draw] of row.entries()) {
        parts.push(...draw(tallest)({ x: x + column * (each + GAP), y: top, width: each }).parts);
      }
      height = top - y + tallest;
    }
    return { height, parts };
  };
}

/** A frame with a heading around a part. */
export function frame(heading: string, tone: string, content: Draw, leastHeight = 0): Draw {
  return ({ x, y, width }) => {
    const title = wrap(heading, width - 2 * PADDING);
    const top = PADDING + title.length * LINE + 4;
    const inner = content({ x: x + PADDING + 2, y: y + top, width: width - 2 * (PADDING + 2) });
    const height = Math.max(leastHeight, top + inner.height + (inner.height > 0 ? PADDING + 2 : 0));
    return {
      height,
      parts: [
        box({ x, y, width }, height, tone),
        ...title.map((text, line) => label(x + PADDING + 2, y + PADDING + 11 + line * LINE, text, "strong")),
        ...inner.parts,
      ],
    };
  };
}

/** Cards in a grid. */
export function cards(list: readonly Card[], leastWidth: number): Draw {
  return grid(
    list.map((card) => (leastHeight) => drawCard(card, leastHeight)),
    leastWidth,
  );
}

function drawCard({ lines, tone = "" }: Card, leastHeight: number): Draw {
  return ({ x, y, width }) => {
    const wrapped = lines.flatMap(({ text, style }) =>
      wrap(text, width - 2 * PADDING).map((line) => ({ text: line, style })),
    );
    const height = Math.max(leastHeight, wrapped.length * LINE + 2 * PADDING - 3);
    return {
      height,
      parts: [
        box({ x, y, width }, height, `card ${tone}`.trim()),
        ...wrapped.map(({ text, style }, line) => label(x + PADDING, y + PADDING + 10 + line * LINE, text, style)),
      ],
    };
  };
}

/** Short texts, each in a box of its own width; one that is wider than its room takes more lines. */
export function chips(texts: readonly string[]): Draw {
  return ({ x, y, width }) => {
    let [left, top, tallest] = [0, 0, 0];
    const parts: Markup[] = [];
    for (const text of texts) {
      const lines = wrap(text, width - 14);
      const wide = Math.ceil(Math.max(...lines.map(({ length }) => length)) * CHARACTER) + 14;
      if (left > 0 && left + wide > width) {
        [left, top, tallest] = [0, top + tallest + 6, 0];
      }
      const height = lines.length * LINE + 6;
      parts.push(
        box({ x: x + left, y: y + top, width: wide }, height, "card"),
        ...lines.map((line, index) => label(x + left + 7, y + top + 16 + index * LINE, line)),
      );
      left += wide + 6;
      tallest = Math.max(tallest, height);
    }
    return { height: top + tallest, parts };
  };
}

/** Arrows between the part above and the part below, each with what it stands for. */
export function arrows(list: readonly { readonly isUp: boolean; readonly text: string }[]): Draw {
  return ({ x, y, width }) => {
    const each = width / Math.max(1, list.length);
    const wrapped = list.map(({ text }) => wrap(text, each - 26));
    const height = list.length === 0 ? 0 : Math.max(26, ...wrapped.map((lines) => lines.length * LINE + 6));
    return {
      height,
      parts: list.flatMap(({ isUp }, index) => {
        const at = Math.round(x + index * each + 10);
        const [tail, tip, barb] = isUp ? [y + height, y, 6] : [y, y + height, -6];
        const lines = wrapped[index];
        const first = y + height / 2 - ((lines.length - 1) * LINE) / 2 + 4;
        return [
          html`<path class="arrow" d="M${at} ${tail}V${tip}m-4 ${barb}l4 ${-barb} 4 ${barb}"/>`,
          ...lines.map((text, line) => label(at + 12, first + line * LINE, text, "quiet")),
        ];
      }),
    };
  };
}

function box({ x, y, width }: Room, height: number, tone: string): Markup {
  return html`<rect class="${tone}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`;
}

function label(x: number, y: number, text: string, style?: string): Markup {
  return html`<text${style === undefined ? undefined : html` class="${style}"`} x="${x}" y="${y}">${text}</text>`;
}

/** Breaks a text so that each line fits; within a word only where it must. */
export function wrap(text: string, width: number): string[] {
  const most = Math.max(8, Math.floor(width / CHARACTER));
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=[\s/:,.-])/).flatMap((part) => pieces(part, most))) {
    if (line !== "" && (line + word).trimEnd().length > most) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += word;
  }
  return [...lines, line.trimEnd()];
}

function pieces(word: string, most: number): string[] {
  return word.length <= most ? [word] : (word.match(new RegExp(`.{1,${most}}`, "gs")) ?? []);
}
