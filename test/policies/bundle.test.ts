// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { parse } from "yaml";
import { ruleList } from "../../src/policy/rule-list";

const directory = join(__dirname, "..", "..", "policies");
const manifest = JSON.parse(readFileSync(join(directory, "policy.wasm.json"), "utf8")) as {
  readonly opa: string;
  readonly wasm: string;
  readonly rules: string;
  readonly sources: Readonly<Record<string, string>>;
};
const sha256 = (file: string) =>
  createHash("sha256")
    .update(readFileSync(join(directory, file)))
    .digest("hex");

/** The fixes of METADATA, written as Rego. */
const FIXES = "lib/rules/rules.rego";

const regoFiles = ["controls", "lib", "ray", "terraform"].flatMap((folder) =>
  readdirSync(join(directory, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".rego") && !file.endsWith("_test.rego"))
    .map((file) => `${folder}/${file}`),
);

const ruleFiles = regoFiles.filter((file) => !file.startsWith("lib/"));

interface Annotation {
  readonly id: string;
  readonly severity: string;
  readonly fix: string;
  readonly fixes?: Readonly<Record<string, string>>;
}

/** The METADATA of rules with an id. */
function annotations(text: string): Annotation[] {
  return [...text.matchAll(/^# METADATA\n((?:#.*\n)+)/gm)].flatMap(([, block]) => {
    const { custom } = parse(block!.replace(/^# ?/gm, "")) as { readonly custom?: Annotation };
    return custom?.id === undefined ? [] : [custom];
  });
}

/** Where a file of rules says something else than the METADATA above each rule, or says it again. */
function metadataProblems(text: string): string[] {
  // What a rule reports is in its head, or in the function that its head calls.
  const called = new Map(
    [...text.matchAll(/^(_\w+)\([^)]*\) := result\.violation\("([^"]+)", /gm)].map(([, name, id]) => [name!, id!]),
  );
  const known = annotations(text);
  const problems: string[] = [];
  let current: Annotation | undefined;
  let reported = "";
  for (const line of text.split("\n")) {
    const id = /^# {3}id: (\S+)/.exec(line)?.[1];
    const rule = /^(deny|warn) contains (?:[\w.]+\("((?:controls|ray|terraform)\/[^"]+)"|(_\w+)\()?/.exec(line);
    const own = rule?.[2] ?? called.get(rule?.[3] ?? "");
    const severity = /^# {3}severity: (\S+)/.exec(line)?.[1];
    current =
      severity === undefined ? current : known.find((entry) => entry.id === reported && entry.severity === severity);
    reported = id ?? /result\.violation\("([^"]+)"/.exec(line)?.[1] ?? own ?? reported;
    const cause = /"cause": "([^"]+)"/.exec(line)?.[1];
    if (rule !== null && (own ?? current?.id) !== current?.id) {
      problems.push(`${line}: the METADATA above is of ${current?.id}`);
    }
    // What reports the findings of other rules has no METADATA of its own.
    if (rule !== null && current !== undefined && current.severity !== (rule[1] === "deny" ? "error" : "warning")) {
      problems.push(`${line}: the METADATA above has the severity ${current?.severity}`);
    }
    if (/"fix": /.test(line)) {
      problems.push(`${line}: the fix belongs into METADATA`);
    }
    const hasFix = known.some(
      (entry) => entry.id === reported && (cause === entry.severity || cause! in (entry.fixes ?? {})),
    );
    if (cause !== undefined && !hasFix) {
      problems.push(`${line}: METADATA of ${reported} has no fix for it`);
    }
  }
  return problems;
}

test("policy.wasm.br is built from these sources: node policies/build.mjs", () => {
  const sources = Object.fromEntries(["capabilities.json", ...regoFiles].sort().map((file) => [file, sha256(file)]));
  expect(sources).toEqual(manifest.sources);
});

test("what policy.wasm.br unpacks to and rules.json are those that were built", () => {
  const wasm = brotliDecompressSync(readFileSync(join(directory, "policy.wasm.br")));
  expect([createHash("sha256").update(wasm).digest("hex"), sha256("rules.json")]).toEqual([
    manifest.wasm,
    manifest.rules,
  ]);
});

test("rules report the ids of their METADATA, and every id there is reported", () => {
  const sources = regoFiles
    .filter((file) => file !== FIXES)
    .map((file) => readFileSync(join(directory, file), "utf8").replace(/^\s*#.*$/gm, ""));
  const reported = sources.flatMap((text) =>
    [...text.matchAll(/"((?:controls|ray|terraform)\/[a-z0-9-]+)"/g)].map(([, id]) => id),
  );
  expect([...new Set(reported)].sort()).toEqual([...new Set(ruleList().map(({ id }) => id))].sort());
});

test.each(ruleFiles)("%s reports under the METADATA above each rule: its id, its severity, its fixes alone", (file) => {
  expect(metadataProblems(readFileSync(join(directory, file), "utf8"))).toEqual([]);
});

test.each([
  ["an id", '"terraform/region"', '"terraform/regions"'],
  ["a severity", "severity: error", "severity: warning"],
  ["a fix in the code", '"problem": ', '"fix": "Use another region.", "problem": '],
  ["a cause without a fix", '"problem": ', '"cause": "unheard-of", "problem": '],
])("%s that differs from METADATA is found", (_what, from, to) => {
  const text = readFileSync(join(directory, "terraform", "region.rego"), "utf8");
  expect(metadataProblems(text.replace(from, to))).not.toEqual([]);
});

test("fixes in Rego are those of METADATA", () => {
  const described = regoFiles.flatMap((file) => annotations(readFileSync(join(directory, file), "utf8")));
  const expected: Record<string, Record<string, string>> = {};
  for (const { id, severity, fix, fixes } of described.sort((a, b) => (a.severity < b.severity ? -1 : 1))) {
    const cause = expected[id] === undefined ? "default" : severity;
    expected[id] = { ...expected[id], [cause]: fix, ...fixes };
  }
  const written = /^fixes := (\{[\s\S]*\})$/m.exec(readFileSync(join(directory, FIXES), "utf8"))![1]!;
  expect(JSON.parse(written.replace(/,(\s*\})/g, "$1"))).toEqual(expected);
});

test("no rule has anything left to be written", () => {
  const cases = join(__dirname, "cases");
  const files = [
    join(directory, "rules.json"),
    ...readdirSync(cases)
      .filter((name) => name.endsWith(".yaml"))
      .map((name) => join(cases, name)),
  ];
  expect(files.filter((file) => readFileSync(file, "utf8").includes("<to be written>"))).toEqual([]);
});

test("the bundle is built with the OPA that the workflows and verify use", () => {
  const { tools } = JSON.parse(readFileSync(join(directory, "..", "workflows", "pins.json"), "utf8"));
  expect(manifest.opa).toBe(tools.opa.version);
});

test("nothing that the host would have to provide is allowed in the policies", () => {
  const { builtins } = JSON.parse(readFileSync(join(directory, "capabilities.json"), "utf8")) as {
    builtins: { name: string }[];
  };
  const names = builtins.map(({ name }) => name);
  expect(
    names.filter((name) => /^(sprintf|units\.|time\.|http\.|rand\.|opa\.|regex\.replace|object\.subset)/.test(name)),
  ).toEqual([]);
});

// OPA evaluates the operands of a negated call before the negation: undefined ones silence the rule.
test.each(regoFiles)("%s negates no call whose operands may be undefined", (file) => {
  const lines = readFileSync(join(directory, file), "utf8").split("\n");
  const nested = lines.filter(
    (line) => /^\s*not .*\(.*\(|\bnot [\w.]+\(.*\) (in|==|!=|<|>)/.test(line) || /\bif not [\w.]+\([^)]*\(/.test(line),
  );
  expect(nested).toEqual([]);
});

test.each(regoFiles)("%s carries the license header and its package its directory's name", (file) => {
  const text = readFileSync(join(directory, file), "utf8");
  expect(text.startsWith("# Copyright the ray-platform authors\n# SPDX-License-Identifier: Apache-2.0\n")).toBe(true);
  const name = /^package (\S+)$/m.exec(text)?.[1];
  expect(name).toBe(file.split("/").slice(0, -1).join("."));
});
