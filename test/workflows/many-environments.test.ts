// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsedWithCalls } from "../../src/components/parsed-size";
import { adjustedWorkflow } from "../../src/components/workflow-adjustments";
import { Workflows } from "../../src/components/workflows";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { resolveWorkflowSettings } from "../../src/config/workflow-settings";
import type { GitHubEnvironment } from "../../src/config/github-repository";
import { filesOfWorkflow } from "../../src/gates/workflow-record";
import { IssueList } from "../../src/options/option-issues";
import { HardenRunner, PlanComment, type WorkflowOptions } from "../../src/options/workflow-options";
import { checkWorkflow, formatViolation } from "../../src/workflow-rules/check-workflow";
import { githubLimit, githubLimits } from "../../src/workflow-rules/github-limits";
import { readPinTable } from "../../src/workflow-rules/pin-table";
import { calledFile, mapOf, parseWorkflow, scalarsBelow } from "../../src/workflow-rules/workflow-view";
import { lintWorkflows } from "./actionlint";
import { environment, facts, project, workflowFiles, write } from "./generated-workflows";
import { pullRequest, simulate } from "./simulated-runs";

/** As long as a name may be. */
const nameOf = (index: number): string => `environment-${String(index).padStart(4, "0")}`;
const many = (count: number, more: (index: number) => Partial<GitHubEnvironment> = () => ({})): GitHubEnvironment[] =>
  Array.from({ length: count }, (_, index) => environment(nameOf(index), more(index)));

const BLOCK = { hardenRunner: HardenRunner.BLOCK, hardenRunnerEndpoints: ["api.github.com:443"] };
const PRIVATE = { privateRunnerLabels: ["self-hosted", "gpu-vpc"] };
const isProduction = (index: number) => ({ production: index % 2 === 0 });
const inAccount = (index: number) => ({ ...isProduction(index), accountId: String(100000000000 + index) });
/** Everything that differs between environments. */
const mixed = (index: number): Partial<GitHubEnvironment> => ({
  ...isProduction(index),
  ...(index % 3 === 0 ? { accountId: String(100000000000 + index) } : {}),
  ...(index % 3 === 1 ? { githubEnvironment: `deploys-${nameOf(index)}` } : {}),
  ...(index % 4 === 0 ? { mirrored: false, stacks: ["cluster", "workloads"] } : {}),
  ...(index % 5 === 0 ? { region: "cn-north-1", accountId: "111122223333" } : {}),
});

/** Options and environments. Between them each way in which a workflow may be for many of them. */
const SETS: Readonly<Record<string, readonly [WorkflowOptions, readonly GitHubEnvironment[]]>> = {
  "one environment": [{}, many(1)],
  "one environment, with private runners": [PRIVATE, many(1)],
  "three environments, the App comments, with reviewers, by hand": [
    {
      terraformPlan: { comment: PlanComment.APP },
      terraformApply: { onPush: false },
      environmentReviewers: { [nameOf(0)]: ["@acme/platform"] },
    },
    many(3, isProduction),
  ],
  "three environments that differ in everything": [PRIVATE, many(6, mixed)],
  "60 environments": [{ terraformPlan: { comment: PlanComment.NONE } }, many(60)],
  "60 environments, private runners, blocked networks": [{ ...PRIVATE, ...BLOCK }, many(60, isProduction)],
  "200 environments": [{}, many(200)],
  "200 environments, private runners, known accounts": [PRIVATE, many(200, inAccount)],
  "200 environments that differ in everything": [{ ...PRIVATE, ...BLOCK }, many(200, mixed)],
};

function settingsOf(options: WorkflowOptions, environments: readonly GitHubEnvironment[]) {
  return resolveWorkflowSettings(options, facts({ environments }), new IssueList());
}

const FILES = new Map(
  Object.entries(SETS).map(([title, [options, environments]]) => [
    title,
    workflowFiles(write(project(options, { environments }).project)),
  ]),
);
/** The workflows that have something to do in environments, with what they call. */
const GROWING = WORKFLOWS.filter(({ called }) => called !== undefined);
const namesOf = (title: string): string[] =>
  GROWING.flatMap(filesOfWorkflow)
    .map((id) => `${id}.yml`)
    .filter((name) => name in (FILES.get(title) ?? {}));

describe.each(Object.keys(SETS))("%s", (title) => {
  const files = FILES.get(title) as Record<string, string>;
  const views = new Map(namesOf(title).map((name) => [name, parseWorkflow(name, files[name] as string)]));

  test("have workflows of at most 70% of what GitHub starts", () => {
    const largest = Math.max(...namesOf(title).map((name) => Buffer.byteLength(files[name] as string)));
    expect(largest / githubLimit("workflowFileBytes")).toBeLessThan(0.7);
  });

  test("break no rule", () => {
    const workflowAt = (path: string) => views.get(path.split("/").at(-1) as string);
    const violations = namesOf(title).flatMap((name) =>
      checkWorkflow(name, files[name] as string, {
        pins: readPinTable(),
        required: name === "terraform-plan.yml",
        requiredJobs: ["terraform-plan"],
        workflowAt,
      }),
    );
    expect(violations.map(formatViolation)).toEqual([]);
  });

  test("are called with each input that is asked for, and with no other", () => {
    for (const [name, view] of views) {
      const calls = view.jobs.filter((job) => job.node.has("uses"));
      expect(new Set(calls.map(calledFile)).size).toBeLessThanOrEqual(githubLimit("calledWorkflows"));
      for (const job of calls) {
        const called = views.get(calledFile(job)?.split("/").at(-1) as string);
        const inputs = called?.triggers[0]?.filter && mapOf(called.triggers[0].filter, "inputs");
        const passed = Object.keys(mapOf(job.node, "with")?.toJSON() ?? {}).sort();
        expect([name, job.id, passed]).toEqual([name, job.id, Object.keys(inputs?.toJSON() ?? {}).sort()]);
      }
    }
  });

  test("have no expression that is longer than GitHub evaluates", () => {
    const longest = [...views.values()]
      .flatMap(({ root }) => scalarsBelow(root))
      .map(({ node, path }) => (path.at(-1) === "if" ? `\${{ ${node.value} }}` : String(node.value)))
      .filter((text) => text.includes("${{"))
      .reduce((most, { length }) => Math.max(most, length), 0);
    expect(longest).toBeLessThan(githubLimit("expressionCharacters") / 2);
  });

  test("have no matrix, and so no limit of one", () => {
    expect([...views.values()].flatMap(({ jobs }) => jobs.filter(({ node }) => node.has("strategy")))).toEqual([]);
  });
});

test("the workflows of each set pass actionlint", () => {
  const all = [...FILES].flatMap(([title, files]) =>
    namesOf(title).map((name) => [`${title}/${name}`, files[name] as string]),
  );
  expect(lintWorkflows(Object.fromEntries(all), ["gpu-vpc"])).toEqual([]);
}, 60_000);

describe("one more environment", () => {
  const bytes = (files: Record<string, string>, name: string) => Buffer.byteLength(files[name] as string);

  /** What a further environment may add to the file of its workflow, in bytes; what is called stays as it is. */
  test.each([
    ["terraform-plan.yml", 1150],
    ["terraform-apply.yml", 1550],
    ["drift-detection.yml", 700],
    ["mirror-images.yml", 700],
  ])("adds little to %s", (name, most) => {
    const few = FILES.get("60 environments") as Record<string, string>;
    const all = FILES.get("200 environments") as Record<string, string>;
    const added = (bytes(all, name) - bytes(few, name)) / 140;
    expect(added).toBeLessThan(most);
    expect(added).toBeGreaterThan(most / 2);
    const called = name.replace(".yml", "-environment.yml");
    expect(all[called]).toBe(few[called]);
    expect(all[called]).toBe((FILES.get("one environment") as Record<string, string>)[called]);
  });

  test("adds nothing to any other workflow", () => {
    const one = workflowFiles(write(project({}, { environments: many(1) }).project));
    const all = FILES.get("200 environments") as Record<string, string>;
    const grown = Object.keys(all).filter((name) => all[name] !== one[name]);
    expect(grown).toEqual(GROWING.map(({ id }) => `${id}.yml`).sort());
  });

  test.each([
    ["200 environments", {}, many(200), 0.75],
    ["200 environments in blocked networks", BLOCK, many(200), 0.9],
    ["150 environments with private runners", PRIVATE, many(150), 0.9],
  ] as const)("leaves GitHub's parser the memory that it has: %s", (_title, options, environments, part) => {
    const context = {
      settings: settingsOf(options, environments),
      facts: facts({ environments }),
      pins: readPinTable(),
    };
    for (const { id, called } of GROWING) {
      const taken = parsedWithCalls(adjustedWorkflow(id, context), adjustedWorkflow(called as string, context));
      expect([id, taken / githubLimit("parsedBytes") < part]).toEqual([id, true]);
    }
  });

  test("is told where GitHub's parser may have too little", () => {
    const told = (count: number) => {
      const { project: made } = project(PRIVATE, { environments: many(count) });
      const warn = jest.spyOn(made.logger, "warn").mockImplementation(() => undefined);
      made.components.forEach((component) => void (component instanceof Workflows && component.preSynthesize()));
      return warn.mock.calls.map(([text]) => String(text));
    };
    expect(told(100)).toEqual([]);
    expect(told(230)).toEqual([
      expect.stringMatching(/^\.github\/workflows\/terraform-apply\.yml comes to 1\d\.\d MiB/),
    ]);
  });
});

describe("what 200 environments come to when they run", () => {
  const files = FILES.get("200 environments") as Record<string, string>;
  const variables = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => nameOf(index)).flatMap((name) =>
      ["PLAN", "APPLY", "DRIFT", "MIRROR"].map((kind) => [
        `AWS_${kind}_ROLE_ARN_${name.toUpperCase().replace("-", "_")}`,
        `arn:aws:iam::111122223333:role/acme-${name}-${kind.toLowerCase()}`,
      ]),
    ),
  );
  const outputs = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => nameOf(index)).flatMap((name) => [
      [`deploy-${name}/plan`, { plan: `${name}:${"0".repeat(64)}` }],
      [`deploy-${name}/apply`, { taken: "true" }],
    ]),
  );

  /** Runs the scripts of a job, with a `gh` that keeps what it is given. */
  function run(
    file: string,
    job: string,
    happening: Parameters<typeof simulate>[2],
    more: Record<string, string> = {},
  ) {
    const directory = mkdtempSync(join(tmpdir(), "many-environments-"));
    mkdirSync(join(directory, "bin"));
    writeFileSync(
      join(directory, "bin/gh"),
      `#!/bin/bash\necho "$@" >> asked\ncase "$1 $2" in "issue list") echo '[]' ;; esac\n`,
    );
    chmodSync(join(directory, "bin/gh"), 0o755);
    writeFileSync(join(directory, "asked"), "");
    const found = (simulate(file, files, happening) ?? []).find(({ id }) => id === job);
    expect(found?.result).toBe("success");
    const ended = (found?.scripts ?? []).map(({ run: script, env }) => {
      for (const [name, value] of Object.entries(env)) {
        expect(`${name}=${value}`.length).toBeLessThan(githubLimit("variableBytes"));
      }
      writeFileSync(join(directory, "summary"), "");
      const { status, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
        cwd: directory,
        env: {
          RUN_URL: "https://github.example/run",
          COMMIT: "c".repeat(40),
          ...env,
          ...more,
          PATH: `${join(directory, "bin")}:${process.env.PATH}`,
          GITHUB_STEP_SUMMARY: join(directory, "summary"),
        },
        encoding: "utf8",
      });
      return { status, stderr, summary: readFileSync(join(directory, "summary"), "utf8") };
    });
    const read = (name: string) => readFileSync(join(directory, name), "utf8");
    return { ended, asked: read("asked").trim().split("\n"), read };
  }

  test("a deployment whose last environment fails is reported in one issue, with few questions", () => {
    const last = `deploy-${nameOf(199)}/apply`;
    const { ended, asked, read } = run("terraform-apply.yml", "report", {
      event: "push",
      variables,
      outputs,
      ends: { [last]: "failure" },
    });
    expect(ended.map(({ status, stderr }) => [status, stderr])).toEqual([[0, ""]]);
    expect(asked.length).toBeLessThan(10);
    expect(read("issue.md").length).toBeLessThan(githubLimit("issueCharacters"));
    expect(read("issue.md")).toContain(`- \`deploy-${nameOf(199)}\`: failure\n`);
    expect(read("issue.md")).toContain(`- \`deploy-${nameOf(0)}\`: success\n`);
    const [title = ""] = /--title (.*) --body-file/.exec(asked.join("\n"))?.slice(1) ?? [];
    expect(title.length).toBeLessThan(githubLimit("issueTitleCharacters"));
  });

  test.each([
    ["terraform-apply.yml", { event: "push" }],
    ["drift-detection.yml", { event: "schedule" }],
    ["mirror-images.yml", { event: "schedule" }],
  ] as const)("%s says of each what is not set up", (file, happening) => {
    const { ended } = run(file, "readiness", happening, { PLAN: "" });
    expect(ended.map(({ status }) => status)).toEqual(ended.map(() => 0));
    const [{ summary } = { summary: "" }] = ended;
    expect(summary.match(/^- The variable/gm)?.length).toBeGreaterThanOrEqual(200);
    expect(Buffer.byteLength(summary)).toBeLessThan(githubLimit("summaryBytes"));
  });

  test("one check sums up the plans of a pull request", () => {
    const planned = run("terraform-plan.yml", "terraform-plan", { ...pullRequest("here"), variables });
    expect(planned.ended.map(({ status }) => status)).toEqual([0, 0]);
    const failed = run("terraform-plan.yml", "terraform-plan", {
      ...pullRequest("here"),
      variables,
      ends: { [`plan-${nameOf(199)}/plan`]: "failure" },
    });
    expect(failed.ended.map(({ status }) => status)).toEqual([0, 1]);
  });

  test("no more checks than GitHub keeps of a commit", () => {
    const jobs = Object.keys(files).flatMap((file) => simulate(file, files, { event: "push", variables }) ?? []);
    expect(jobs.length).toBeGreaterThan(600);
    expect(jobs.length).toBeLessThan(githubLimit("checkRuns") / 10);
  });
});

test("every limit is one that a test compares with, and says where GitHub says it", () => {
  for (const [name, { most, of, source }] of Object.entries(githubLimits())) {
    expect([name, Number.isInteger(most) && most > 0, of.length > 10, source]).toEqual([
      name,
      true,
      true,
      expect.stringMatching(/^https:\/\/(docs\.github\.com|github\.com\/actions\/runner|man7\.org)\//),
    ]);
  }
  expect(() => githubLimit("nothing")).toThrow("github-limits.json");
});
