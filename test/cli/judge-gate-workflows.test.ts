// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { judgeGateWorkflows } from "../../src/cli/judge-gate-workflows";
import { GATES } from "../../src/gates";
import { PACKAGE_ROOT } from "../../src/package-root";
import { parseLock } from "../../src/sync/store/lock-file";
import { temporaryDirectory } from "../sync/mini-project";

const fileOf = (id: string) => `.github/workflows/${id}.yml`;

let root: string;
beforeEach(() => {
  root = temporaryDirectory();
  for (const { id } of GATES) {
    mkdirSync(dirname(join(root, fileOf(id))), { recursive: true });
    copyFileSync(join(PACKAGE_ROOT, "workflows", `${id}.yml`), join(root, fileOf(id)));
  }
});

/** Judges a repository whose lock has the gates' workflows, some of them released. */
function judged(released: readonly string[] = [], without: readonly string[] = []) {
  const entry = (id: string) => ({
    class: released.includes(id) ? "released" : "managed",
    component: "Gates",
    version: "1.0.0",
    sha256: "0".repeat(64),
    mode: "444",
  });
  const files = Object.fromEntries(
    GATES.filter(({ id }) => !without.includes(id)).map(({ id }) => [fileOf(id), entry(id)]),
  );
  return judgeGateWorkflows(root, root, parseLock(JSON.stringify({ format: 1, generator: "1.0.0", files })));
}

const write = (id: string, text: string) => {
  rmSync(join(root, fileOf(id)), { force: true });
  writeFileSync(join(root, fileOf(id)), text);
};

const JOB = "jobs:\n  scan:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: tfsec .\n";

test("gates as they were generated are no finding, nor are those that an option leaves out", () => {
  expect(judged()).toEqual([]);
  write("tfsec", "");
  expect(judged([], ["tfsec"])).toEqual([]);
});

test.each(GATES.map(({ id, tool }) => [id, tool]))("%s, emptied, is denied, released or not", (id, tool) => {
  write(id, "");
  for (const released of [[], [id]]) {
    expect(judged(released)).toMatchObject([
      {
        file: fileOf(id),
        warn: [],
        deny: [{ id: "workflow/gate", resource: tool, msg: expect.stringContaining("runs nothing") }],
      },
    ]);
  }
});

test.each([
  ["no text", "", "has no job with steps"],
  ["a comment", "# later\n", "has no job with steps"],
  ["no jobs", "on: pull_request\n", "has no job with steps"],
  ["jobs that are none", "on: pull_request\njobs: {}\n", "has no job with steps"],
  ["a job without steps", "on: pull_request\njobs:\n  scan:\n    runs-on: ubuntu-24.04\n    steps: []\n", "has no job"],
  ["a job that never runs", `on: pull_request\n${JOB.replace("steps", "if: ${{ false }}\n    steps")}`, "has no job"],
  ["what is not YAML", "on: [pull_request\njobs: {", "has no job with steps"],
  ["a start by hand", `on: workflow_dispatch\n${JOB}`, "is not started by pull requests"],
  ["a start by a push", `on:\n  push:\n    branches: [main]\n${JOB}`, "is not started by pull requests"],
])("a released gate with %s is denied, with what to do", (_, text, problem) => {
  write("tfsec", text);
  const [{ deny }] = judged(["tfsec"]);
  expect(deny).toMatchObject([
    {
      msg: expect.stringContaining(problem),
      path: ".github/workflows/tfsec.yml",
      fix: expect.stringMatching(/release .*workflows\.tfsec: \{ enabled: false \}/),
    },
  ]);
  expect(deny[0].msg).toContain("CI-01");
});

test.each([
  ["a string", `on: pull_request\n${JOB}`],
  ["a list", `on: [push, pull_request]\n${JOB}`],
  ["a map", `on:\n  pull_request:\n${JOB}`],
  ["a workflow that it calls", "on: pull_request\njobs:\n  scan:\n    uses: acme/scan/.github/workflows/a.yml@v1\n"],
])("a released gate that runs something is named, not denied: %s", (_, text) => {
  write("tfsec", text);
  expect(judged(["tfsec"])).toMatchObject([
    { deny: [], warn: [{ id: "workflow/gate", msg: expect.stringContaining("is released") }] },
  ]);
});

test("a gate whose workflow is gone is denied", () => {
  rmSync(join(root, fileOf("trivy")), { force: true });
  expect(judged()).toMatchObject([{ deny: [{ resource: "Trivy", msg: expect.stringContaining("is missing") }] }]);
});
