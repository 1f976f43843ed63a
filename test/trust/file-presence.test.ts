// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { judgeGateWorkflows } from "../../src/cli/judge-gate-workflows";
import { judgeStackFiles } from "../../src/cli/stack-files";
import { pipelineOf, platformOf } from "../../src/controls/repository-facts";
import { synthesizedStacks } from "../../src/environment/synthesized-stacks";
import { entriesOf, isFileThere, isThere, namesIn } from "../../src/file-presence";
import { gateJobs } from "../../src/local-gates/gate-job";
import { PACKAGE_ROOT } from "../../src/package-root";
import { judgeByCustomPolicies } from "../../src/policy/custom-policies";
import { differingPolicies } from "../../src/policy/own-policies";
import { readInputs } from "../../src/policy/policy-input";
import { repositoryLimits } from "../../src/policy/repository-limits";
import { readStacks } from "../../src/rehearsal/stack-manifest";
import { isInstalled } from "../../src/sync/run/installation";
import { projenrcOf } from "../../src/sync/run/projenrc-files";
import { automationFiles } from "../../src/workflow-rules/files-on-disk";
import { temporaryDirectory } from "./hostile-repository";

/** A directory of which nobody can say what it holds; a mode does not stop root, who runs tests in containers. */
function obstruct(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(basename(path), path);
}

const lock = {
  files: new Map([[".github/workflows/trivy.yml", { class: "managed", sha256: "" }]]),
} as unknown as Parameters<typeof judgeGateWorkflows>[2];

/** Who looks for files that may be missing: the directory that they are in, the look, and what is said if it is missing. */
const LOOKS: Readonly<Record<string, readonly [directory: string, look: (root: string) => unknown, absent: unknown]>> =
  {
    "the stacks of the controls": ["cdktf.out/stacks", synthesizedStacks, {}],
    "files beside the stacks": ["cdktf.out/stacks", (root) => judgeStackFiles(root, root), []],
    "what the policies judge": [
      "cdktf.out/stacks",
      (root) => readInputs(root, root, [], () => ""),
      /contains no synthesized stack/,
    ],
    "the stacks of a rehearsal": ["cdktf.out", (root) => readStacks(join(root, "cdktf.out")), /is missing/],
    "the limits": ["policies", (root) => repositoryLimits(root, root), undefined],
    "custom policies": ["policies", (root) => judgeByCustomPolicies(root, [], undefined), []],
    "changed policies": ["policies", differingPolicies, []],
    "the resolved options": ["src/platform", platformOf, undefined],
    "workflows, as controls see them": [".github", pipelineOf, expect.objectContaining({ usesApp: false })],
    "workflows of gates": [".github", (root) => judgeGateWorkflows(root, root, lock), [expect.anything()]],
    "jobs of gates": [".github", gateJobs, []],
    automation: ["checkout", (root) => automationFiles(join(root, "checkout")), []],
    "an installation": ["node_modules", isInstalled, false],
    "a projenrc": ["member", (root) => projenrcOf(join(root, "member")), undefined],
  };

describe.each(Object.entries(LOOKS))("%s", (_, [directory, look, absent]) => {
  const looked = (root: string): unknown => {
    try {
      return look(root);
    } catch (error) {
      return (error as Error).message;
    }
  };

  test("may be missing", () => {
    const found = looked(temporaryDirectory());
    if (absent instanceof RegExp) {
      expect(found).toMatch(absent);
    } else {
      expect(found).toEqual(absent);
    }
  });

  test("is not called missing where it cannot be looked at", () => {
    const root = temporaryDirectory();
    obstruct(join(root, directory));
    expect(looked(root)).toMatch(new RegExp(`${basename(directory)}.* cannot be read: ELOOP`));
  });
});

describe("presence", () => {
  const root = temporaryDirectory();
  writeFileSync(join(root, "b"), "");
  mkdirSync(join(root, "a"));
  symlinkSync("nothing", join(root, "dangling"));
  symlinkSync("b", join(root, "link"));
  obstruct(join(root, "circle"));

  test.each([
    ["b", true, true],
    ["a", true, false],
    ["link", true, true],
    ["dangling", true, false],
    ["nothing", false, false],
    ["b/below-a-file", false, false],
  ])("%s", (path, there, file) => {
    expect([isThere(join(root, path)), isFileThere(join(root, path))]).toEqual([there, file]);
  });

  test("a link in a circle is there, and what it leads to is not known", () => {
    expect(isThere(join(root, "circle"))).toBe(true);
    expect(() => isFileThere(join(root, "circle"))).toThrow(/circle cannot be read: ELOOP/);
    expect(() => isThere(join(root, "circle", "x"))).toThrow(/circle\/x cannot be read: ELOOP/);
    expect(() => entriesOf(join(root, "circle"))).toThrow(/circle cannot be read: ELOOP/);
  });

  test("names are sorted, and a file has none", () => {
    expect(namesIn(root)).toEqual(["a", "b", "circle", "dangling", "link"]);
    expect(namesIn(join(root, "b"))).toEqual([]);
  });

  (process.getuid?.() === 0 ? test.skip : test)("a directory without permissions", () => {
    mkdirSync(join(root, "closed"));
    chmodSync(join(root, "closed"), 0o000);
    expect(() => isThere(join(root, "closed", "x"))).toThrow(/closed\/x cannot be read: EACCES/);
    expect(() => entriesOf(join(root, "closed"))).toThrow(/closed cannot be read: EACCES/);
    expect(automationFiles(root)).toEqual([]);
    chmodSync(join(root, "closed"), 0o700);
  });
});

/** Every module that asks `existsSync`, and why what cannot be looked at may count as missing there. */
const MAY_ASK: Readonly<Record<string, string>> = {
  "src/file-presence.ts": "says why the others do not",
  "src/components/configuration-document.ts": "what is installed",
  "src/rehearsal/provider/bindings-schema.ts": "what is installed",
  "src/rehearsal/stack-bindings.ts": "what is installed",
  "src/sync/comparison/originals.ts": "what is installed",
  "src/cli/program-run.ts": "where compiled code may be kept",
  "src/cli/program-process.ts": "what a confined program may read: less, then",
  "src/sync/files/staging.ts": "what is linked into a directory of its own",
  "src/local-gates/judge-job.ts": "what was just made",
  "src/local-gates/gate-programs.ts": "what was just downloaded",
  "src/sync/store/durable-files.ts": "empty directories that may stay",
  "src/policy/repository-root.ts": "looks further up, where the user may have no rights",
  "src/sync/run/repository-place.ts": "looks further up, where the user may have no rights",
  "src/sync/run/workspace.ts": "looks further up, where the user may have no rights",
  "templates/scripts/ray-platform.mjs": "what is installed",
  "templates/src/platform/stale-output.ts": "what synthesis wrote",
  "templates/src/platform/examples/write-examples.ts": "what synthesis wrote",
};

test("whatever asks for a file that may be missing says so if it cannot be looked at", () => {
  const found = ["src", "templates/scripts", "templates/src"].flatMap((directory) =>
    readdirSync(join(PACKAGE_ROOT, directory), { recursive: true, encoding: "utf8" })
      .map((file) => `${directory}/${file}`)
      .filter(
        (file) => /\.(ts|m?js)$/.test(file) && /\bexistsSync\b/.test(readFileSync(join(PACKAGE_ROOT, file), "utf8")),
      ),
  );
  expect(found.sort()).toEqual(Object.keys(MAY_ASK).sort());
});
