// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { GATES } from "../../src/gates";
import { filesOfWorkflow } from "../../src/gates/workflow-record";
import { WORKFLOWS_DIRECTORY } from "../../src/workflow-rules/pin-table";
import { steps } from "../../src/workflow-rules/rule";
import { mapOf, parseWorkflow, type StepView } from "../../src/workflow-rules/workflow-view";

/** Programs that a step may be asked to run. Each is replaced by one that records its call and ends as it is told. */
const PROGRAMS = [
  "npm",
  "npx",
  "node",
  "opa",
  "terraform",
  "docker",
  "git",
  "gh",
  "curl",
  "sha256sum",
  "tar",
  "install",
  "bash",
];
/** Programs that a step unpacks into the runner's temporary directory. */
const UNPACKED = GATES.flatMap(({ pins }) => pins).filter((name) => !PROGRAMS.includes(name));

interface Outcome {
  readonly status: number | null;
  readonly called: readonly string[];
  readonly stderr: string;
}

/** Run a step's script with every program replaced, one of them failing. */
function runStep(step: StepView, failing?: string): Outcome {
  const directory = mkdtempSync(join(tmpdir(), "gate-"));
  const [bin, runnerTemp, work] = ["bin", "runner-temp", "work"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [bin, runnerTemp, work, join(work, "summaries")]) {
    mkdirSync(path, { recursive: true });
  }
  writeFileSync(join(runnerTemp, "body.md"), "text of a pull request");
  const log = join(directory, "log");
  const fake = (path: string, name: string) => {
    const answer = name === failing ? "exit 7" : "exit 0";
    writeFileSync(path, `#!/bin/sh\necho ${name} >> '${log}'\n${answer}\n`);
    chmodSync(path, 0o755);
  };
  for (const name of PROGRAMS) {
    fake(join(bin, name), name);
  }
  for (const name of UNPACKED) {
    fake(join(runnerTemp, name), name);
  }
  for (const name of [
    "awk",
    "cat",
    "sort",
    "find",
    "xargs",
    "head",
    "mkdir",
    "cp",
    "date",
    "id",
    "jq",
    "rm",
    "printf",
  ]) {
    const real = ["/bin", "/usr/bin"].map((place) => join(place, name)).find(existsSync);
    if (real) {
      symlinkSync(real, join(bin, name));
    } else {
      fake(join(bin, name), name);
    }
  }
  const env: Record<string, string> = {};
  for (const item of mapOf(step.node, "env")?.items ?? []) {
    env[String((item.key as { value: unknown }).value)] = String((item.value as { value: unknown }).value).replace(
      /\$\{\{.*?\}\}/g,
      "value",
    );
  }
  const { status, stderr } = spawnSync(
    "/bin/bash",
    ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run as string],
    {
      cwd: work,
      env: { ...env, PATH: bin, RUNNER_TEMP: runnerTemp, GITHUB_OUTPUT: join(directory, "output"), HOME: directory },
      encoding: "utf8",
    },
  );
  return { status, called: existsSync(log) ? [...new Set(readFileSync(log, "utf8").trim().split("\n"))] : [], stderr };
}

const SCRIPTS = WORKFLOWS.flatMap((record) =>
  filesOfWorkflow(record).flatMap((file) => {
    const workflow = parseWorkflow(`${file}.yml`, readFileSync(join(WORKFLOWS_DIRECTORY, `${file}.yml`), "utf8"));
    return [...steps(workflow)]
      .filter(({ step }) => step.run !== undefined)
      .map(({ job, step }) => [record.id, `${file}/${job.id}`, step.name as string, step] as const);
  }),
);

describe("no step ends green when a program in it does not", () => {
  test.each(SCRIPTS)("%s, job %s: %s", (_name, _job, _title, step) => {
    for (const program of runStep(step).called) {
      expect([program, runStep(step, program).status]).not.toEqual([program, 0]);
    }
  });

  test("each workflow starts the programs that its record names", () => {
    const called = new Map<string, string[]>();
    for (const [name, , , step] of SCRIPTS) {
      called.set(name, [...(called.get(name) ?? []), ...runStep(step).called]);
    }
    for (const { id, starts } of WORKFLOWS) {
      expect([id, called.get(id) ?? []]).toEqual([id, expect.arrayContaining([...starts])]);
    }
  });

  test("the aggregate check of the plans fails unless each plan succeeded or could not be made", () => {
    const [, , , step] = SCRIPTS.find(
      ([, job, title]) => job === "terraform-plan/terraform-plan" && title === "Require that each plan succeeded",
    ) as (typeof SCRIPTS)[number];
    const status = (dev: string, prod: string, canPlan = true, ready = "DEV PROD", synthesized = "success") => {
      const results = { "plan-dev": dev, "plan-prod": prod, synthesize: synthesized };
      const needs = JSON.stringify(Object.fromEntries(Object.entries(results).map(([id, result]) => [id, { result }])));
      const env = {
        PATH: process.env.PATH,
        NEEDS: needs,
        CAN_PLAN: String(canPlan),
        WAITS_FOR: "plan-dev=DEV plan-prod=PROD",
        ...Object.fromEntries(["DEV", "PROD"].map((name) => [name, ready.includes(name) ? "arn:plan" : ""])),
      };
      return spawnSync("/bin/bash", ["-c", step.run as string], { env }).status;
    };
    expect(status("success", "success")).toBe(0);
    expect(status("success", "failure")).toBe(1);
    expect(status("cancelled", "success")).toBe(1);
    // A plan that could be made was not: something is wrong with the workflow.
    expect(status("skipped", "success")).toBe(1);
    expect(status("skipped", "success", true, "PROD")).toBe(0);
    expect(status("skipped", "skipped", true, "")).toBe(0);
    expect(status("skipped", "skipped", false)).toBe(0);
    expect(status("skipped", "failure", false)).toBe(1);
    expect(status("skipped", "skipped", true, "", "skipped")).toBe(0);
    expect(status("success", "success", true, "DEV PROD", "failure")).toBe(1);
  });
});
