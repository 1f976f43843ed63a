// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment, project, workflowFiles, write } from "./generated-workflows";
import { type Happening, simulate } from "./simulated-runs";

const FILES = workflowFiles(
  write(
    project(
      { privateRunnerLabels: ["self-hosted", "private-eks"] },
      { environments: [environment("dev"), environment("prod", { accountId: "111122223333" })] },
    ).project,
  ),
);

/** No App is registered: what follows a failure does not wait for one. */
const VARIABLES = {
  AWS_APPLY_ROLE_ARN_DEV: "arn:apply",
  AWS_DRIFT_ROLE_ARN_DEV: "arn:drift",
  AWS_MIRROR_ROLE_ARN_DEV: "arn:mirror",
  BOOTSTRAPPED_PROD: "true",
};
const plan = (digit: string): string => `prod:${digit.repeat(64)}`;

/** The issues of a repository in a file, as the command shows them. */
const GH = `#!/usr/bin/env node
const { existsSync, readFileSync, writeFileSync, appendFileSync } = require("node:fs");
const [what, does, ...more] = process.argv.slice(2);
const option = (name) => (more.includes(name) ? more[more.indexOf(name) + 1] : undefined);
const issues = existsSync("issues.json") ? JSON.parse(readFileSync("issues.json", "utf8")) : [];
const text = () => readFileSync(option("--body-file"), "utf8");
const one = () => issues.find(({ number }) => number === Number(more[0]));
const acts = {
  "issue list": () => {
    const found = issues.filter(({ open }) => open).map(({ number, title }) => ({ number, title }));
    process.stdout.write(JSON.stringify(found));
  },
  "issue create": () => issues.push({ number: issues.length + 1, title: option("--title"), body: text(), open: true, comments: [] }),
  "issue edit": () => { one().body = text(); },
  "issue comment": () => { one().comments.push(text()); },
  "issue close": () => { one().open = false; },
  "workflow run": () => appendFileSync("started", more.join(" ") + "\\n"),
};
acts[what + " " + does]();
writeFileSync("issues.json", JSON.stringify(issues));
`;

interface Issue {
  readonly title: string;
  readonly body: string;
  readonly open: boolean;
  readonly comments: readonly string[];
}

/** A repository whose deployments end as they are told to, and whose last job is really run. */
class Repository {
  private readonly directory = mkdtempSync(join(tmpdir(), "failed-deployment-"));

  constructor() {
    mkdirSync(join(this.directory, "bin"));
    writeFileSync(join(this.directory, "bin/gh"), GH);
    chmodSync(join(this.directory, "bin/gh"), 0o755);
  }

  public deploy(happening: Happening): void {
    const jobs = simulate("terraform-apply.yml", FILES, { variables: VARIABLES, ...happening }) ?? [];
    const report = jobs.find(({ id }) => id === "report");
    expect(report?.result).toBe("success");
    for (const { run, env } of report?.scripts ?? []) {
      const { status, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
        cwd: this.directory,
        env: {
          RUN_URL: "https://github.example/run",
          COMMIT: "c".repeat(40),
          ...env,
          PATH: `${join(this.directory, "bin")}:${process.env.PATH}`,
        },
        encoding: "utf8",
      });
      expect([status, stderr]).toEqual([0, ""]);
    }
  }

  public get issues(): readonly Issue[] {
    return existsSync(join(this.directory, "issues.json"))
      ? JSON.parse(readFileSync(join(this.directory, "issues.json"), "utf8"))
      : [];
  }

  /** Workflows that were started. */
  public get started(): string {
    return existsSync(join(this.directory, "started")) ? readFileSync(join(this.directory, "started"), "utf8") : "";
  }
}

const TAKEN = { "deploy-prod/apply": { taken: "true" } };
const approved = (digit: string, more: Partial<Happening> = {}): Happening => ({
  event: "workflow_dispatch",
  inputs: { plan: plan(digit) },
  ...more,
});
const failing = approved("1", { ends: { "deploy-prod/apply": "failure" }, outputs: TAKEN });

describe("a deployment that fails", () => {
  test("opens an issue, without an App", () => {
    const repository = new Repository();
    repository.deploy({ event: "push", ends: { "deploy-dev/apply": "failure" } });
    expect(repository.issues.map(({ title, open }) => [title, open])).toEqual([["Failed deployment", true]]);
    expect(repository.issues[0]?.body).toContain("- `deploy-dev`: failure\n");
  });

  test("starts nothing by itself where nobody approved a plan: what fails always would fail for ever", () => {
    const repository = new Repository();
    repository.deploy({
      event: "push",
      ends: { "deploy-dev/apply": "failure" },
      outputs: { "deploy-dev/apply": { taken: "true" } },
    });
    expect(repository.started).toBe("");
    expect(repository.issues[0]?.body).toContain("start the workflow again, without a plan");
  });

  test.each([
    ["the hosted runner", failing],
    ["the private runner", { ...failing, ends: { "deploy-prod/apply-workloads": "failure" } }],
    ["a person who cancels it", { ...failing, ends: { "deploy-prod/apply": "cancelled" } }],
  ] as const)("after a plan was taken is planned again: by %s", (_, happening) => {
    const repository = new Repository();
    repository.deploy(happening);
    expect(repository.started).toBe("terraform-apply.yml --ref main\n");
    expect(repository.issues[0]).toMatchObject({ title: "Failed deployment of prod", open: true });
    expect(repository.issues[0]?.body).toContain("it is planned again now");
  });

  test("because its plan was refused leaves the newest plan alone", () => {
    const repository = new Repository();
    repository.deploy({ ...failing, outputs: {} });
    expect(repository.started).toBe("");
    expect(repository.issues[0]?.body).toContain("start the workflow again, with the newest plan");
  });

  test("has the name of the new plan at its issue, which stays open until it is applied", () => {
    const repository = new Repository();
    repository.deploy(failing);
    repository.deploy({ event: "workflow_dispatch", outputs: { "deploy-prod/plan-workloads": { plan: plan("2") } } });
    expect(repository.issues).toHaveLength(1);
    expect(repository.issues[0]?.open).toBe(true);
    expect(repository.issues[0]?.comments).toEqual([
      expect.stringContaining(`gh workflow run terraform-apply.yml --field plan=${plan("2")}`),
    ]);
    repository.deploy(approved("2", { outputs: TAKEN }));
    expect(repository.issues.map(({ open }) => open)).toEqual([false]);
  });

  test("again updates its issue, and opens no other", () => {
    const repository = new Repository();
    repository.deploy(failing);
    repository.deploy({ ...failing, ends: { "deploy-prod/apply-workloads": "failure" } });
    expect(repository.issues).toHaveLength(1);
    expect(repository.issues[0]?.body).toContain("- `deploy-prod`: failure\n");
  });
});

test("a deployment that succeeds says nothing where nothing had failed", () => {
  const repository = new Repository();
  repository.deploy({ event: "push", outputs: { "deploy-prod/plan-workloads": { plan: plan("2") } } });
  expect([repository.issues, repository.started]).toEqual([[], ""]);
});
