// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeOptions, type OptionDescription, type ValueDescription } from "../../src/options/describe-options";
import { PACKAGE_ROOT } from "../../src/package-root";
import { optionAt, withValueAt } from "../../test/options/assembly";
import { EFFECTS } from "../../test/options/effects";
import { anchorOf, anchors, introduction, sections } from "./markdown";
import type { Page } from "./page";

const DOCUMENT = "docs/options.md";
const SOURCE = "src/options";
const WIDTH = 100;

/**
 * One page for each area of docs/options.md, each table followed by an example of every option in it. The examples are the
 * values of test/options/effects.ts, which the tests resolve and look for in what is generated.
 */
export function optionPages(): Page[] {
  const text = readFileSync(join(PACKAGE_ROOT, DOCUMENT), "utf8").replace(/^<!--.*-->\n/gm, "");
  const [first, ...areas] = sections(text);
  const index: Page = {
    path: "reference/options/index",
    title: "Options",
    group: "Reference",
    content: `# Options\n\n${introduction(text)}\n\n${first.text}\n\n## All options\n\n${areas.map(areaLink).join("\n")}\n`,
    source: DOCUMENT,
    shows: [{ document: DOCUMENT, anchors: ["options", anchorOf(first.title)] }],
  };
  return [
    index,
    ...areas.map(
      ({ title, text: area }): Page => ({
        path: pathOf(title),
        title,
        group: "Reference",
        within: "Options",
        content: `# ${title}\n\n${area.replace(/^## .*\n/, "").replace(/^###/gm, "##")}`
          .split(/^(?=## )/m)
          .map(withExamples)
          .join(""),
        source: SOURCE,
        shows: [{ document: DOCUMENT, anchors: anchors(area) }],
      }),
    ),
  ];
}

function areaLink({ title, text }: { readonly title: string; readonly text: string }): string {
  const names = sections(text, 3).map(({ title: name }) => `\`${name}\``);
  return `- [${title}](/${pathOf(title)}): ${names.slice(0, 4).join(", ")}${names.length > 4 ? " and others" : ""}`;
}

function pathOf(area: string): string {
  return `reference/options/${anchorOf(area)}`;
}

/** A struct's table, and below it an example for each of its options. */
function withExamples(struct: string): string {
  const name = /^## (\w+)/.exec(struct)?.[1];
  const examples = name === undefined ? [] : examplesOf(name);
  return examples.length === 0
    ? struct
    : `${struct.trim()}\n\n::: details An example of each\n\n\`\`\`ts\n${examples.join("\n")}\n\`\`\`\n\n:::\n\n`;
}

/** Lines of an options literal, one for each option of a struct. */
export function examplesOf(struct: string): string[] {
  const seen = new Set<string>();
  return EFFECTS.flatMap(({ option, value, beside }) => {
    const { id } = optionAt(option);
    if (!id.startsWith(`${struct}.`) || seen.has(id)) {
      return [];
    }
    seen.add(id);
    return [literalOf(withValueAt(beside ?? {}, option, value))];
  });
}

/** Options as a person writes them in `.projenrc.ts`, without the braces around them. */
function literalOf(options: object): string {
  return fields(options, described, "").join("\n");
}

const described: ValueDescription = {
  kind: "struct",
  name: "RayPlatformProjectOptions",
  options: describeOptions("RayPlatformProjectOptions"),
};

function fields(value: object, type: ValueDescription | undefined, indent: string): string[] {
  return Object.entries(value).map(([name, inner]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${indent}${key}: ${written(inner, typeOf(type, name), indent)},`;
  });
}

function written(value: unknown, type: ValueDescription | undefined, indent: string): string {
  const line = onOneLine(value, type);
  if (line.length + indent.length <= WIDTH || typeof value !== "object" || value === null) {
    return line;
  }
  const inner = `${indent}  `;
  return Array.isArray(value)
    ? `[\n${value.map((item) => `${inner}${written(item, elementOf(type), inner)},`).join("\n")}\n${indent}]`
    : `{\n${fields(value, type, inner).join("\n")}\n${indent}}`;
}

function onOneLine(value: unknown, type: ValueDescription | undefined): string {
  if (type?.kind === "enum") {
    const member = type.members.find((candidate) => candidate.value === value);
    return member === undefined ? JSON.stringify(value) : `${type.name}.${member.name}`;
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => onOneLine(item, elementOf(type))).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const inner = fields(value, type, "").map((field) => field.slice(0, -1).replace(/\n\s*/g, " "));
    return inner.length === 0 ? "{}" : `{ ${inner.join(", ")} }`;
  }
  return JSON.stringify(value);
}

function elementOf(type: ValueDescription | undefined): ValueDescription | undefined {
  return type?.kind === "list" || type?.kind === "map" ? type.element : undefined;
}

function typeOf(type: ValueDescription | undefined, name: string): ValueDescription | undefined {
  return type?.kind === "struct"
    ? type.options.find((option: OptionDescription) => option.name === name)?.type
    : elementOf(type);
}
