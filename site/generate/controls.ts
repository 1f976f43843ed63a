// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type ControlRecord, controlRecords, frameworks, LAYERS } from "../../src/controls/control-record";
import { ruleLink } from "./rules";
import { cell, table } from "./markdown";
import type { Page } from "./page";

const SOURCE = "data/controls.json";

const STATES = {
  held: "In force",
  weakened: "Weaker",
  delegated: "Someone else must prove it",
  absent: "Nothing here for it to apply to",
} as const;

const CONDITIONS_NOTE =
  "What a control says depends on the options. The table of a control lists the facts that change it; " +
  "`docs/security-architecture.md` of a repository says what holds there, and `npx ray-platform posture` proves it.";

/** An overview of the controls, and one page for each layer of the security document. */
export function controlPages(): Page[] {
  const all = controlRecords();
  const layers = LAYERS.map((name, index) => ({
    title: `${name[0].toUpperCase()}${name.slice(1)}`,
    path: `reference/controls/${name.replace(/ /g, "-")}`,
    records: all.filter(({ layer }) => layer === index + 1),
  }));
  const overview = layers.flatMap(({ title, path, records }) => [
    `## ${title}`,
    "",
    table(
      ["Control", "What it says"],
      records.map(({ id, sentence }) => [`[${id}](/${path}#${id.toLowerCase()})`, cell(sentence)]),
    ),
    "",
  ]);
  return [
    {
      path: "reference/controls/index",
      title: "Controls",
      group: "Reference",
      content: [
        "# Controls",
        "",
        `A generated platform has ${all.length} controls in ${LAYERS.length} layers. Each says what is proven, what is not, and where. ${CONDITIONS_NOTE}`,
        "",
        ...overview,
        "## Frameworks",
        "",
        "The numbers say which requirement a control helps with. Meeting a framework takes more than a platform.",
        "",
        table(
          ["Framework", "Numbers", "Source"],
          frameworks().map(({ name, numbers, source }) => [name, String(numbers.length), cell(source)]),
        ),
      ].join("\n"),
      source: SOURCE,
    },
    ...layers.map(
      ({ title, path, records }): Page => ({
        path,
        title,
        group: "Reference",
        within: "Controls",
        content: [`# Controls: ${title.toLowerCase()}`, "", ...records.flatMap(section)].join("\n"),
        source: SOURCE,
      }),
    ),
  ];
}

function section(record: ControlRecord): string[] {
  const numbers = frameworks().flatMap(({ id, name }) =>
    record.mappings[id] === undefined ? [] : [`${name}: ${record.mappings[id].join(", ")}`],
  );
  return [
    `## ${record.id}`,
    "",
    record.sentence,
    "",
    table(
      ["", ""],
      [
        ["**Proven**", cell(record.proves)],
        ["**Not proven**", cell(record.notProven ?? "nothing that is known")],
        ...(record.wouldProve === undefined ? [] : [["**What would show the rest**", cell(record.wouldProve)]]),
        ["**Policy rules**", record.rules.map(ruleLink).join(", ") || "none"],
        ["**Options**", record.options.map((option) => `\`${option}\``).join(", ") || "none changes it"],
        ["**Where**", record.implemented.map((path) => `\`${path}\``).join(", ")],
        ["**Frameworks**", cell(numbers.join("; ")) || "none"],
      ],
    ),
    "",
    ...variants(record),
  ];
}

function variants({ variants: list = [] }: ControlRecord): string[] {
  return list.length === 0
    ? []
    : [
        "Where options say otherwise:",
        "",
        table(
          ["State", "What it says then"],
          list.map(({ state, sentence }) => [STATES[state], cell(sentence)]),
        ),
        "",
      ];
}
