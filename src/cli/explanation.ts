// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { isFileThere, isThere } from "../file-presence";
import { WORKFLOWS } from "../config/workflow-list";
import { type ControlRecord, controlRecords, frameworks, LAYERS } from "../controls/control-record";
import { statedControl } from "../controls/control-state";
import { pipelineOf, platformOf } from "../controls/repository-facts";
import { readForeignText } from "../foreign-file";
import { nearestKey } from "../nearest-key";
import { type DocumentedPath, optionAt, optionPaths } from "../options/option-paths";
import { type Rule, ruleList } from "../policy/rule-list";
import { portable, portableRelative } from "../portable-path";
import { type LockEntry, readLock } from "../sync/store/lock-file";
import { CommandError } from "./command-error";
import { explainWorkflow, workflowCalled } from "./workflow-explanation";

/** What stands behind a control, a rule, a workflow, an option or a file, in ten lines at most. */
export interface Explanation {
  readonly subject: string;
  readonly kind: "control" | "rule" | "workflow" | "option" | "file";
  readonly controls: readonly string[];
  readonly lines: readonly { readonly label: string; readonly text: string }[];
}

const DOCUMENT = "docs/security-architecture.md";
const ID = /\b[A-Z][A-Z0-9]*-\d\d\b/g;
/** How far above a line its control is looked for. */
const REACH = 60;

/** Explains what a name or a place in a repository stands for. @throws CommandError where it is none of these */
export function explain(asked: string, root: string, cwd: string): Explanation {
  const control = controlRecords().find(({ id }) => id === asked.toUpperCase());
  if (control !== undefined) {
    return explainControl(control, root);
  }
  const rule = ruleList().find(({ id }) => id === asked);
  if (rule !== undefined) {
    return explainRule(rule);
  }
  const [, path, line] = /^(.*?)(?::(\d+))?$/.exec(asked) ?? [];
  const file = portableRelative(root, resolve(cwd, path));
  if (!file.startsWith("..") && isFileThere(join(root, file))) {
    return explainFile(file, line === undefined ? undefined : Number(line), root);
  }
  const option = optionAt(asked);
  if (option !== undefined) {
    return explainOption(option, root);
  }
  const workflow = workflowCalled(asked, root);
  if (workflow !== undefined) {
    return { subject: workflow.id, kind: "workflow", ...explainWorkflow(workflow, root) };
  }
  const known = [controlRecords(), ruleList(), WORKFLOWS].flatMap((records) => records.map(({ id }) => id));
  const near = nearestKey(asked, [...known, ...optionPaths()]);
  throw new CommandError(
    `${JSON.stringify(asked)} is not a control, policy rule, workflow, option or file here${near === undefined ? "." : `; did you mean ${near}?`} ` +
      `${DOCUMENT} lists the controls, "ray-platform policy --explain all" the rules.`,
  );
}

function explainControl(record: ControlRecord, root: string): Explanation {
  const platform = platformOf(root);
  const statements = platform === undefined ? [] : statedControl(record, platform.environments, pipelineOf(root));
  const state =
    statements.length === 1
      ? STATES[statements[0].state]
      : statements.map(({ state: one, environments }) => `${STATES[one]} (${environments.join(", ")})`).join("; ");
  const numbers = frameworks()
    .filter(({ id }) => (record.mappings[id] ?? []).length > 0)
    .map(({ id, name }) => `${name}: ${record.mappings[id].join(", ")}`);
  return {
    subject: record.id,
    kind: "control",
    controls: [record.id],
    lines: [
      {
        label: "What",
        text: statements.length === 0 ? record.sentence : statements.map(({ sentence }) => sentence).join(" "),
      },
      { label: "State", text: state === "" ? "not known: this is not a generated repository" : state },
      {
        label: "Why",
        text: `layer ${record.layer}, ${LAYERS[record.layer - 1]}; ${numbers.join("; ") || "no number"}`,
      },
      { label: "Options", text: listed(record.options, "none: no option changes it") },
      { label: "Where", text: record.implemented.join(", ") },
      { label: "Policy", text: listed(record.rules, "none here: nothing in this repository refuses a breach") },
      { label: "Tests", text: `${TESTS[record.tested]} look at ${record.proves}` },
      { label: "Not shown", text: record.notProven ?? "nothing that is known" },
      { label: "Would show", text: record.wouldProve ?? "nothing that is known" },
      {
        label: "Change",
        text:
          record.options.length === 0
            ? "src/extensions.ts, or release the file in .projenrc.ts; the document then no longer vouches for it"
            : `set ${record.options[0]} in .projenrc.ts and run "npx projen"; ${DOCUMENT} says what follows`,
      },
    ],
  };
}

function explainRule(rule: Rule): Explanation {
  const controls = controlRecords().filter(({ rules }) => rules.includes(rule.id));
  const options = [...new Set(controls.flatMap((control) => control.options))];
  return {
    subject: rule.id,
    kind: "rule",
    controls: controls.map(({ id }) => id),
    lines: [
      { label: "What", text: `${rule.title}: ${rule.description.replace(/\s+/g, " ").trim()}` },
      {
        label: "Effect",
        text: rule.severity === "error" ? "denies; nothing is deployed" : "warns; a deployment goes on",
      },
      { label: "Why", text: controls.map(({ id, sentence }) => `${id} ${sentence}`).join(" ") || "a guardrail alone" },
      { label: "Options", text: listed(options, "policyLimits, where it has a limit") },
      { label: "Where", text: `policies/${rule.id.split("/")[0]}/, limits in policies/data.json` },
      { label: "Tests", text: `"npx projen policy --test" runs those next to it` },
      { label: "Document", text: `${DOCUMENT}, row "${rule.row}"` },
      { label: "Change", text: rule.fix },
    ],
  };
}

function explainOption({ path, summary, fallback }: DocumentedPath, root: string): Explanation {
  const bare = path.replace(/^environments\./, "");
  const controls = controlRecords().filter(({ options }) =>
    options.some((one) => one === bare || one.startsWith(`${bare}.`) || bare.startsWith(`${one}.`)),
  );
  const files = [...readLock(root).lock.files].filter(([, { options = [] }]) =>
    options.some((one) => bare === one || bare.startsWith(`${one}.`)),
  );
  const shown = files.slice(0, 6).map(([file]) => file);
  return {
    subject: path,
    kind: "option",
    controls: controls.map(({ id }) => id),
    lines: [
      { label: "What", text: summary },
      { label: "Default", text: fallback || "none" },
      {
        label: "Why",
        text: controls.map(({ id, sentence }) => `${id} ${sentence}`).join(" ") || "no control depends on it",
      },
      {
        label: "Files",
        text: `${listed(shown, "none")}${files.length > shown.length ? ` and ${files.length - shown.length} more` : ""}`,
      },
      {
        label: "Policy",
        text: listed([...new Set(controls.flatMap(({ rules }) => rules))], "none"),
      },
      {
        label: "Change",
        text: `set it in .projenrc.ts and run "npx projen"; "npx ray-platform diff" shows the effect`,
      },
    ],
  };
}

function explainFile(path: string, line: number | undefined, root: string): Explanation {
  const text = readForeignText(join(root, path)).split("\n");
  if (line !== undefined && (line < 1 || line > text.length)) {
    throw new CommandError(`${path} has ${text.length} lines, and no line ${line}`);
  }
  const entry = readLock(root).lock.files.get(path);
  const resource = line === undefined ? undefined : resourceAt(text, line);
  const makers = resource === undefined ? [] : makersOf(resource.type, root);
  const near = line === undefined ? [] : idsNear(text, line);
  const implementing = controlRecords().filter(({ implemented }) =>
    [path, ...makers].some((file) =>
      implemented.some((one) => (one.endsWith("/") ? file.startsWith(one) : file === one)),
    ),
  );
  const named = controlRecords().filter(({ id }) => near.includes(id));
  const controls = named.length > 0 ? named : implementing;
  const options = [...new Set([...(entry?.options ?? []), ...controls.flatMap((control) => control.options)])];
  return {
    subject: line === undefined ? path : `${path}:${line}`,
    kind: "file",
    controls: controls.map(({ id }) => id),
    lines: [
      { label: "What", text: whatIs(path, entry) },
      ...(line === undefined ? [] : [{ label: "Line", text: text[line - 1].trim() || "an empty line" }]),
      ...(resource === undefined
        ? []
        : [
            {
              label: "Resource",
              text: `${resource.type}.${resource.name}${makers.length > 0 ? `, made by ${makers.join(", ")}` : ""}`,
            },
          ]),
      {
        label: "Why",
        text: controls.map(({ id, sentence }) => `${id} ${sentence}`).join(" ") || "no control is bound to it",
      },
      { label: "Options", text: listed(options.slice(0, 8), "none") },
      { label: "Policy", text: listed([...new Set(controls.flatMap(({ rules }) => rules))], "none here") },
      {
        label: "Tests",
        text: listed([...new Set(controls.map(({ tested }) => TESTS[tested]))], "none that is bound to a control"),
      },
      { label: "Change", text: howToChange(path, entry) },
    ],
  };
}

const STATES = {
  held: "in force",
  weakened: "weaker by option",
  delegated: "the owner's",
  absent: "not here",
} as const;

const TESTS: Readonly<Record<string, string>> = {
  synth: "stack tests of ray-platform (not shipped)",
  policies: "policy tests",
  workflows: "workflow rules of ray-platform",
};

function listed(values: readonly string[], nothing: string): string {
  return values.length === 0 ? nothing : values.join(", ");
}

function whatIs(path: string, entry: LockEntry | undefined): string {
  if (entry === undefined) {
    return path.startsWith("cdktf.out/") ? 'written by "npx projen synth"' : "not generated: your own";
  }
  return `${OWNERS[entry.class]}; component ${entry.component}, of ray-platform ${entry.version}`;
}

const OWNERS: Readonly<Record<LockEntry["class"], string>> = {
  managed: "managed: regenerated, a local edit is restored",
  seeded: "seeded: written once, yours since",
  block: "yours except for the marked block",
  released: "released: yours, and no longer regenerated",
};

function howToChange(path: string, entry: LockEntry | undefined): string {
  switch (entry?.class) {
    case "managed":
      return `change the option, add to src/extensions.ts, or take the file over: release: ["${path}"] in .projenrc.ts`;
    case "block":
      return "edit it outside the marked block; the block follows .projenrc.ts";
    case undefined:
      return path.startsWith("cdktf.out/")
        ? 'change .projenrc.ts or src/extensions.ts, then "npx projen build"'
        : "edit it";
    default:
      return "edit it";
  }
}

/** Controls that a line names, or the nearest line above it that names some. */
function idsNear(text: readonly string[], line: number): string[] {
  for (let index = line - 1; index >= Math.max(0, line - REACH); index -= 1) {
    const found = text[index].match(ID)?.filter((id) => controlRecords().some((control) => control.id === id));
    if (found !== undefined && found.length > 0) {
      return found;
    }
  }
  return [];
}

/** The Terraform resource that a line of a synthesized stack belongs to: keys at the third level of indentation. */
function resourceAt(
  text: readonly string[],
  line: number,
): { readonly type: string; readonly name: string } | undefined {
  const keyAbove = (from: number, indent: number): { readonly key: string; readonly index: number } | undefined => {
    for (let index = from; index >= 0; index -= 1) {
      const [, spaces, key] = /^( *)"([^"]+)": \{/.exec(text[index]) ?? [];
      if (spaces?.length === indent) {
        return { key, index };
      }
      if (spaces !== undefined && spaces.length < indent) {
        return undefined;
      }
    }
    return undefined;
  };
  const name = keyAbove(line - 1, 6);
  const type = name && keyAbove(name.index - 1, 4);
  const block = type && keyAbove(type.index - 1, 2);
  return block?.key === "resource" ? { type: type!.key, name: name!.key } : undefined;
}

/** The stack files that make a type of resource: those that import its class. */
function makersOf(type: string, root: string): string[] {
  const directory = join(root, "src", "platform");
  const module = `/lib/${type.replace(/^aws_/, "").replace(/_/g, "-")}"`;
  if (!isThere(directory)) {
    return [];
  }
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && readForeignText(join(directory, file)).includes(module))
    .map((file) => `src/platform/${portable(file)}`)
    .sort();
}
