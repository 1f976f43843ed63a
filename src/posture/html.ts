// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Text that is markup already. */
export class Markup {
  constructor(readonly text: string) {}
}

type Value = Markup | string | number | undefined | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A template of HTML or SVG: what it is given is text, unless it is markup, and nothing where it is undefined. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(strings.map((part, index) => part + textOf(values[index])).join(""));
}

function textOf(value: Value): string {
  if (value === undefined) {
    return "";
  }
  if (typeof value === "string" || typeof value === "number") {
    return String(value).replace(/[&<>"]/g, (character) => ENTITIES[character]);
  }
  return value instanceof Markup ? value.text : value.map(({ text }) => text).join("");
}
