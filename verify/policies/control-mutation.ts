// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Changes each condition of the rules of the controls in turn, and sees that some way to break a control, or some healthy platform,
// notices. Each change is a build, so it takes a quarter of an hour and is no check of `npm run verify`: run it after a change of
// policies/controls.
//
//   OPA=/absolute/path/to/opa npx tsx verify/policies/control-mutation.ts [FILE.rego...]
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { environmentInputs } from "../../src/environment/environment-inputs";
import type { JsonObject } from "../../src/json-object";
import { ruleList } from "../../src/policy/rule-list";
import { breaks } from "../../test/environment/breaks/index";
import { BrokenPlatform } from "../../test/environment/broken-platform";
import { harmless } from "../../test/environment/harmless";
import { optionSets, platformOf } from "../../test/environment/option-sets";
import { unreadableInputs } from "../../test/environment/unreadable-inputs";

/** An input, and the rules that deny it. */
interface Case {
  readonly name: string;
  readonly input: unknown;
  readonly controls: readonly string[];
}

/** The changes of one condition, in the order to try them. */
interface Mutants {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly tries: readonly { readonly what: string; readonly text: string }[];
}

const exec = promisify(execFile);
const POLICIES = resolve(__dirname, "../../policies");
const OPA = process.env.OPA ?? "opa";
const MEMORY = { initial: 1024, maximum: 8192 };
const AT_ONCE = 2;
const controlsOf = new Map(ruleList().map(({ id, controls = [] }) => [id, controls]));
type Policy = Awaited<ReturnType<typeof loadPolicy>>;

/** Every break, every harmless change, and every environment of every healthy platform. */
function everyCase(): Case[] {
  const healthy = Object.keys(optionSets).flatMap((set) => {
    const { config, stacks } = platformOf(set);
    return inputs(config as unknown as JsonObject, stacks).map((input) => ({ name: set, input, controls: [] }));
  });
  const changed = [...breaks, ...harmless.map((one) => ({ ...one, red: undefined }))].map(({ red, how, on, apply }) => {
    const platform = new BrokenPlatform(on ?? "default");
    apply(platform);
    const [input] = inputs(platform.config, platform.stacks);
    return { name: `${red ?? "none"}: ${how}`, input, controls: red === undefined ? [] : [red] };
  });
  return [...changed, ...healthy];
}

/** As values that share no object: WebAssembly gets them as text. */
function inputs(config: JsonObject, stacks: Readonly<Record<string, JsonObject>>): unknown[] {
  return environmentInputs(config, stacks).map((input) => JSON.parse(JSON.stringify(input)) as unknown);
}

/** Whether a policy says of a case something else than the rules do. */
function differs(policy: Policy, { input, controls }: Case, absent: string): boolean {
  try {
    return JSON.stringify(redIn(policy, input)) !== JSON.stringify(controls) || absentIn(policy, input) !== absent;
  } catch {
    return true;
  }
}

/** The controls that turn red; of a rule that proves none, the rule. */
function redIn(policy: Policy, input: unknown): string[] {
  policy.setData({});
  const denied = policy.evaluate(input, "controls/deny")[0].result as { readonly id: string }[];
  return [...new Set(denied.flatMap(({ id }) => (controlsOf.get(id)?.length ? (controlsOf.get(id) ?? []) : [id])))];
}

function absentIn(policy: Policy, input: unknown): string {
  return JSON.stringify((policy.evaluate(input, "controls/absent")[0].result as string[]).sort());
}

async function compiled(directory: string): Promise<Policy | undefined> {
  const options = [
    "-t",
    "wasm",
    "--prune-unused",
    "--ignore",
    "*_test.rego",
    "-e",
    "controls/deny",
    "-e",
    "controls/absent",
  ];
  const bundle = join(directory, "bundle.tar.gz");
  try {
    await exec(OPA, ["build", ...options, "-o", bundle, "lib", "controls"], { cwd: directory });
  } catch {
    return undefined;
  }
  await exec("tar", ["-xzf", bundle, "-C", directory, "/policy.wasm"]);
  return loadPolicy(readFileSync(join(directory, "policy.wasm")), MEMORY);
}

async function main(files: readonly string[]): Promise<void> {
  const { mutantGroups } = await import("./mutants.mjs");
  const equivalent = JSON.parse(readFileSync(join(__dirname, "equivalent-mutants.json"), "utf8")) as Record<
    string,
    Record<string, string> | undefined
  >;
  const waiting = (mutantGroups(POLICIES, ["controls"]) as Mutants[]).filter(
    ({ file }) => files.length === 0 || files.includes(basename(file)),
  );
  const cases = everyCase();
  const whole = copy();
  const policy = await compiled(whole);
  rmSync(whole, { recursive: true });
  if (policy === undefined) {
    throw new Error(`${OPA} does not build policies/controls`);
  }
  for (const [name, input] of Object.entries(unreadableInputs)) {
    cases.push({ name, input, controls: redIn(policy, input) });
  }
  const absent = new Map(cases.map((one) => [one, absentIn(policy, one.input)]));
  const wrong = cases.filter((one) => differs(policy, one, absent.get(one) ?? ""));
  if (wrong.length > 0) {
    throw new Error(`the rules as they are say something else of: ${wrong.map(({ name }) => name).join("; ")}`);
  }
  const started = Date.now();
  const counts = { noticed: 0, excused: 0 };
  const survivors: string[] = [];
  await Promise.all(Array.from({ length: AT_ONCE }, judge));
  console.log(
    `${counts.noticed} noticed, ${counts.excused} that change no verdict, ${survivors.length} survive, ` +
      `${Math.round((Date.now() - started) / 1000)} s`,
  );
  process.exitCode = survivors.length === 0 ? 0 : 1;

  async function judge(): Promise<void> {
    const directory = copy();
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      const { file, line, source, tries } = group;
      if (await isNoticed(directory, group)) counts.noticed += 1;
      else if (equivalent[file]?.[source] !== undefined) counts.excused += 1;
      else {
        survivors.push(source);
        console.log(`survives: ${file}:${line} ${tries[0]?.what}: ${source}`);
      }
    }
    rmSync(directory, { recursive: true });
  }

  async function isNoticed(directory: string, { file, tries }: Mutants): Promise<boolean> {
    const path = join(directory, file);
    try {
      for (const { text } of tries) {
        writeFileSync(path, text);
        const mutant = await compiled(directory);
        if (mutant === undefined) continue;
        return notices(mutant);
      }
      return true; // OPA refuses the policy either way: its build notices.
    } finally {
      writeFileSync(path, readFileSync(join(POLICIES, file)));
    }
  }

  /** Those first that noticed other changes: most notice several. */
  function notices(mutant: Policy): boolean {
    const position = cases.findIndex((one) => differs(mutant, one, absent.get(one) ?? ""));
    if (position > 0) cases.unshift(...cases.splice(position, 1));
    return position >= 0;
  }
}

function copy(): string {
  const directory = mkdtempSync(join(tmpdir(), "controls-"));
  for (const name of ["lib", "controls"]) cpSync(join(POLICIES, name), join(directory, name), { recursive: true });
  return directory;
}

void main(process.argv.slice(2));
