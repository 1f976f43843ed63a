// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

const regoFiles = ["controls", "lib", "ray", "terraform"].flatMap((folder) =>
  readdirSync(join(directory, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".rego") && !file.endsWith("_test.rego"))
    .map((file) => `${folder}/${file}`),
);

test("policy.wasm is built from these sources: node policies/build.mjs", () => {
  const sources = Object.fromEntries(["capabilities.json", ...regoFiles].sort().map((file) => [file, sha256(file)]));
  expect(sources).toEqual(manifest.sources);
});

test("policy.wasm and rules.json are those that were built", () => {
  expect([sha256("policy.wasm"), sha256("rules.json")]).toEqual([manifest.wasm, manifest.rules]);
});

test("rules report the ids of their METADATA, and every id there is reported", () => {
  const sources = regoFiles.map((file) => readFileSync(join(directory, file), "utf8").replace(/^\s*#.*$/gm, ""));
  const reported = sources.flatMap((text) =>
    [...text.matchAll(/"((?:controls|ray|terraform)\/[a-z0-9-]+)"/g)].map(([, id]) => id),
  );
  expect([...new Set(reported)].sort()).toEqual([...new Set(ruleList().map(({ id }) => id))].sort());
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
