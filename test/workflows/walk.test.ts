// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKED_COMMIT, FakeChecks } from "./fake-checks";
import { environment, project, workflowFiles, write } from "./generated-workflows";
import { type Happening, MERGE_GROUP, pullRequest, type SimulatedJob, simulate } from "./simulated-runs";

/** A private repository with an environment for work and one for production, as its owners find it. */
const DIRECTORY = write(
  project({}, { environments: [environment("dev"), environment("prod", { accountId: "111122223333" })] }).project,
);
const FILES = workflowFiles(DIRECTORY);
const REQUIRED = JSON.parse(readFileSync(join(DIRECTORY, ".github/settings.json"), "utf8")).requiredChecks as string[];

const ONE_SET_UP = {
  AWS_PLAN_ROLE_ARN_DEV: "arn:plan",
  AWS_APPLY_ROLE_ARN_DEV: "arn:apply",
  AWS_DRIFT_ROLE_ARN_DEV: "arn:drift",
  AWS_MIRROR_ROLE_ARN_DEV: "arn:mirror",
};
const ALL_SET_UP = { ...ONE_SET_UP, BOOTSTRAPPED_PROD: "true", APP_ID: "Iv23liEXAMPLE" };

/** What one stage of a repository's life comes to. A job that is not named succeeds. */
interface Stage {
  readonly happening: Happening;
  /** Jobs that are skipped, by the name of their check; CodeQL, which waits for Code Security, is everywhere among them. */
  readonly skipped: readonly string[];
  /** Variables that the runs say are missing. */
  readonly told: readonly string[];
  /** Whether what sums up lets the change through; undefined where nothing waits for it. */
  readonly admitted?: boolean;
}

const pr = (more: Partial<Happening> = {}): Happening => ({ ...pullRequest("here"), ...more });
const DEPLOYMENTS = ["Apply (dev)", "Apply (prod)"];
const SAVED = ["Plan (dev)", "Plan (prod)"];
const PLANS = ["Plan (dev)", "Plan (prod)", "Controls that change", "Comment on the pull request"];

const WALK: Readonly<Record<string, Stage>> = {
  "new private repository, first push": {
    happening: { event: "push" },
    skipped: ["Required checks", "Report a failed deployment", ...SAVED, ...DEPLOYMENTS],
    told: ["AWS_APPLY_ROLE_ARN_DEV", "AWS_DRIFT_ROLE_ARN_DEV", "AWS_MIRROR_ROLE_ARN_DEV", "BOOTSTRAPPED_PROD"],
  },
  "first pull request": {
    happening: pr(),
    skipped: PLANS,
    told: ["AWS_PLAN_ROLE_ARN_DEV", "BOOTSTRAPPED_PROD"],
    admitted: true,
  },
  "dev is bootstrapped: first deployment": {
    happening: { event: "push", variables: ONE_SET_UP },
    skipped: ["Required checks", "Plan (prod)", "Apply (prod)"],
    told: ["BOOTSTRAPPED_PROD"],
  },
  "both are bootstrapped: a deployment, and a plan of production that waits": {
    happening: { event: "push", variables: ALL_SET_UP },
    skipped: ["Required checks", "Apply (prod)"],
    told: [],
  },
  "a deployment that fails before production": {
    happening: { event: "push", variables: ALL_SET_UP, ends: { "apply-dev": "failure" } },
    skipped: ["Required checks", "Plan (prod)", "Apply (prod)"],
    told: [],
  },
  "a pull request with plans": { happening: pr({ variables: ALL_SET_UP }), skipped: [], told: [], admitted: true },
  "a pull request whose plan fails": {
    happening: pr({ variables: ALL_SET_UP, ends: { "plan-prod": "failure" } }),
    skipped: [],
    told: [],
    admitted: false,
  },
  "the merge queue": {
    happening: { ...MERGE_GROUP, variables: ALL_SET_UP },
    skipped: PLANS,
    told: [],
    admitted: true,
  },
  "a fork": {
    happening: { ...pullRequest("fork"), variables: ALL_SET_UP },
    skipped: PLANS,
    told: [],
    admitted: true,
  },
  Dependabot: {
    happening: { ...pullRequest("dependabot"), variables: ALL_SET_UP },
    skipped: [],
    told: [],
    admitted: true,
  },
  "a leaked key": {
    happening: pr({ variables: ALL_SET_UP, ends: { gitleaks: "failure" } }),
    skipped: [],
    told: [],
    admitted: false,
  },
  "an expired exception": {
    happening: pr({ variables: ALL_SET_UP, ends: { build: "failure" } }),
    skipped: [],
    told: [],
    admitted: false,
  },
  "a check that somebody cancels": {
    happening: { ...MERGE_GROUP, variables: ALL_SET_UP, ends: { osv: "cancelled" } },
    skipped: PLANS,
    told: [],
    admitted: false,
  },
};

function jobsOf(happening: Happening): SimulatedJob[] {
  return Object.entries(FILES).flatMap(([file, text]) => simulate(file, text, happening) ?? []);
}

/** Runs a script of a job as a runner does. @returns its exit code and what it left in the run's summary */
function executed({ run, env }: SimulatedJob["scripts"][number]): { status: number | null; summary: string } {
  const directory = mkdtempSync(join(tmpdir(), "walk-"));
  const summary = join(directory, "summary.md");
  writeFileSync(summary, "");
  const { status } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    cwd: directory,
    env: { PATH: process.env.PATH, ...env, GITHUB_STEP_SUMMARY: summary },
    encoding: "utf8",
  });
  return { status, summary: readFileSync(summary, "utf8") };
}

const named = (jobs: readonly SimulatedJob[], name: string) =>
  jobs.flatMap(({ scripts }) => scripts.filter((script) => script.name === name));

/** What `Required checks` says of these jobs, by the script that runs there, with GitHub's answers played. */
async function sum(jobs: readonly SimulatedJob[]): Promise<number | null> {
  const plans = named(jobs, "Require that each plan succeeded").map((script) => executed(script).status);
  const conclusion = ({ id, result }: SimulatedJob) => (id === "terraform-plan" && plans[0] !== 0 ? "failure" : result);
  const github = new FakeChecks(jobs.map((job) => ({ name: job.name, conclusion: conclusion(job), steps: job.steps })));
  const env = {
    ...process.env,
    GITHUB_API_URL: await github.start(),
    GITHUB_REPOSITORY: "acme/gpu-platform",
    GITHUB_TOKEN: "token-of-the-run",
    THIS_CHECK: "Required checks",
  };
  const script = join(DIRECTORY, "scripts/required-checks.mjs");
  try {
    const child = spawn(process.execPath, [script, "--commit", CHECKED_COMMIT, "--minutes", "0"], {
      cwd: DIRECTORY,
      env,
    });
    return await new Promise((resolve) => child.on("close", resolve));
  } finally {
    await github.stop();
  }
}

describe("a repository's life on GitHub", () => {
  test.each(Object.entries(WALK))("%s", async (_title, { happening, skipped, told, admitted }) => {
    const jobs = jobsOf(happening);
    const codeql = jobs.filter(({ id }) => id.startsWith("codeql")).map(({ name }) => name);
    expect(codeql).toHaveLength(2);
    const failed = Object.keys(happening.ends ?? {});
    expect(Object.fromEntries(jobs.map(({ name, result }) => [name, result]))).toEqual(
      Object.fromEntries(
        jobs.map(({ id, name }) => {
          const expected = [...skipped, ...codeql].includes(name) ? "skipped" : "success";
          return [name, failed.includes(id) ? happening.ends?.[id] : expected];
        }),
      ),
    );
    expect(skipped.filter((name) => !jobs.some((job) => job.name === name))).toEqual([]);

    const readiness = named(jobs, "Say what is not set up").map(executed);
    expect(readiness.every(({ status }) => status === 0)).toBe(true);
    const missing = readiness.flatMap(({ summary }) =>
      [...summary.matchAll(/The variable (\w+)/g)].map(([, name]) => name),
    );
    expect([...new Set(missing)].sort()).toEqual([...told].sort());

    const isAwaited = REQUIRED.every((name) => jobs.some((job) => job.name === name));
    expect(isAwaited).toBe(admitted !== undefined);
    if (admitted !== undefined) {
      expect((await sum(jobs)) === 0).toBe(admitted);
    }
  });
});
