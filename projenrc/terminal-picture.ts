// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A line of a terminal: what was typed, or what a program printed. */
export interface TerminalLine {
  readonly kind: "typed" | "printed" | "omitted";
  readonly text: string;
}

const FONT = 13;
/** Width of a character of the font, and height of a line, in pixels. */
const COLUMN = 7.83;
const ROW = 20;
const MARGIN = 22;
const BAR = 36;

/** Words that a terminal picture has in colors: those that say how it went. */
const STRONG: readonly (readonly [RegExp, string])[] = [
  [/\bproven\b/g, "good"],
  [/\b(?:absent|unproven|delegated)\b/g, "fair"],
  [/\bviolated\b/g, "bad"],
  [/^[A-Z][A-Z0-9]*-\d\d\b/g, "name"],
];

/** Draws a terminal as SVG, readable on light and dark pages, with no font, script or file of elsewhere. */
export function terminalPicture(lines: readonly TerminalLine[], title: string, marker: string): string {
  const columns = Math.max(...lines.map(({ text }) => text.length + 2));
  const width = Math.ceil(columns * COLUMN + 2 * MARGIN);
  const height = BAR + lines.length * ROW + MARGIN;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<!-- ${marker} -->`,
    `<title id="title">${escaped(title)}</title>`,
    "<style>",
    `text { font: ${FONT}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d4d4e2; white-space: pre; }`,
    ".typed { fill: #ffffff; font-weight: 600; } .prompt { fill: #818cf8; } .omitted { fill: #8b8ba7; }",
    ".good { fill: #4ade80; } .fair { fill: #fbbf24; } .bad { fill: #f87171; } .name { fill: #93c5fd; }",
    "</style>",
    `<rect width="${width}" height="${height}" rx="12" fill="#14142b"/>`,
    `<path d="M0 12 a12 12 0 0 1 12 -12 H${width - 12} a12 12 0 0 1 12 12 V${BAR - 8} H0 Z" fill="#20203f"/>`,
    ...["#f87171", "#fbbf24", "#4ade80"].map(
      (color, index) => `<circle cx="${20 + index * 18}" cy="14" r="5.5" fill="${color}"/>`,
    ),
    ...lines.map((line, index) => drawn(line, BAR + (index + 0.75) * ROW)),
    "</svg>",
  ].join("\n")}\n`;
}

function drawn({ kind, text }: TerminalLine, y: number): string {
  const start = `<text x="${MARGIN}" y="${y}"`;
  if (kind === "typed") {
    return `${start}><tspan class="prompt">$</tspan> <tspan class="typed">${escaped(text)}</tspan></text>`;
  }
  return kind === "omitted"
    ? `${start} class="omitted">${escaped(text)}</text>`
    : `${start}>${colored(escaped(text))}</text>`;
}

function colored(text: string): string {
  return STRONG.reduce(
    (line, [word, color]) => line.replace(word, (match) => `<tspan class="${color}">${match}</tspan>`),
    text,
  );
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
