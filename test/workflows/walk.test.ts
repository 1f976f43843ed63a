// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorkflowOptions } from "../../src/options/workflow-options";
import { type Change, type ExecutedGate, PullRequestOnDisk } from "./executed-gates";
import { CHECKED_COMMIT, FakeChecks } from "./fake-checks";
import { environment, project, workflowFiles, write } from "./generated-workflows";
import { HOSTILE, type Hostile } from "./hostile-upgrades";
import { type Happening, MERGE_GROUP, pullRequest, type SimulatedJob, simulate } from "./simulated-runs";
import { publishableVersions, UpgradeRun } from "./upgrade-run";

/** A private repository with an environment for work and one for production, as its owners find it. */
const ENVIRONMENTS = [environment("dev"), environment("prod", { accountId: "111122223333" })];
const repository = (options: WorkflowOptions = {}): string =>
  write(project(options, { environments: ENVIRONMENTS }).project);
const DIRECTORY = repository();
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
const DEPLOYMENTS = ["Deploy (dev)", "Deploy (prod)"];
const PLANS = [
  "Synthesize for the plans",
  "Plan (dev)",
  "Plan (prod)",
  "Controls that change",
  "Comment on the pull request",
];

const WALK: Readonly<Record<string, Stage>> = {
  "new private repository, first push": {
    happening: { event: "push" },
    skipped: ["Required checks", "Report a failed deployment", ...DEPLOYMENTS],
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
    skipped: ["Required checks", "Deploy (prod)"],
    told: ["BOOTSTRAPPED_PROD"],
  },
  "both are bootstrapped: a deployment, and a plan of production that waits": {
    happening: { event: "push", variables: ALL_SET_UP },
    skipped: ["Required checks", "Deploy (prod) / Apply"],
    told: [],
  },
  "a deployment that fails before production": {
    happening: { event: "push", variables: ALL_SET_UP, ends: { "deploy-dev/apply": "failure" } },
    skipped: ["Required checks", "Deploy (prod)"],
    told: [],
  },
  "a pull request with plans": { happening: pr({ variables: ALL_SET_UP }), skipped: [], told: [], admitted: true },
  "a pull request whose plan fails": {
    happening: pr({ variables: ALL_SET_UP, ends: { "plan-prod/plan": "failure" } }),
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
  "a check that somebody cancels": {
    happening: { ...MERGE_GROUP, variables: ALL_SET_UP, ends: { osv: "cancelled" } },
    skipped: PLANS,
    told: [],
    admitted: false,
  },
};

/** A pull request whose change is made and whose gates run: how they end, and the options if not the default ones. */
interface ExecutedStage {
  readonly change: Change;
  readonly options?: WorkflowOptions;
  readonly ends: Readonly<Record<ExecutedGate, "success" | "failure">>;
}

/** Assembled here, so that no scan finds it in this file. */
const LEAK = `export AWS_ACCESS_KEY_ID=${["AKIA", "Q7WX2MZ5TR4NPL6B"].join("")}\n`;
const green = { gitleaks: "success", build: "success" } as const;
const found = { gitleaks: "failure", build: "success" } as const;
const refused = { gitleaks: "success", build: "failure" } as const;
const exception = (expires: string): WorkflowOptions => ({
  trivy: { exceptions: [{ id: "AVD-AWS-0040", reason: "the endpoint is behind the VPN", expires }] },
});

const EXECUTED: Readonly<Record<string, ExecutedStage>> = {
  "a healthy pull request": { change: (on) => on.write("notes.md", "Nothing to see.\n"), ends: green },
  "a leaked key": { change: (on) => on.write("settings.sh", LEAK), ends: found },
  "a leaked key that a later commit removes": {
    change(on) {
      on.write("settings.sh", LEAK);
      on.commit("Settings");
      on.remove("settings.sh");
    },
    ends: found,
  },
  "a leaked key that only a merge has": {
    change(on) {
      on.git("switch", "--quiet", "--create", "side");
      on.commit("Beside");
      on.git("switch", "--quiet", "main");
      on.commit("Before");
      on.git("merge", "--quiet", "--no-ff", "--no-commit", "side");
      on.write("settings.sh", LEAK);
      on.commit("Merge");
      on.remove("settings.sh");
    },
    ends: found,
  },
  "a key that leaked on another branch": {
    change(on) {
      on.git("switch", "--quiet", "--create", "side");
      on.write("settings.sh", LEAK);
      on.commit("Settings");
      on.git("switch", "--quiet", "main");
      on.write("notes.md", "Nothing to see.\n");
    },
    ends: green,
  },
  "an exception on its last days": { change: () => {}, options: exception("2999-12-31"), ends: green },
  "an expired exception": { change: () => {}, options: exception("2020-01-31"), ends: refused },
  "an expired exception for a file": {
    change: (on) => on.write("notes.sh", "# tfsec:ignore:AVD-AWS-0040\n"),
    options: { inlineSuppressions: [{ path: "notes.sh", reason: "an example", expires: "2020-01-31" }] },
    ends: refused,
  },
  "a comment that silences a gate and that nobody registered": {
    change: (on) => on.write("notes.sh", "# tfsec:ignore:AVD-AWS-0040\n"),
    ends: refused,
  },
};

const hostile = (title: string): Hostile => HOSTILE.find((one) => one.title === title) as Hostile;
const STOPPED = { readiness: "success", regenerate: "success", verify: "failure", propose: "skipped" };

/** The upgrade's own workflow: how its jobs end, all of whose steps run. */
const UPGRADES: Readonly<Record<string, { readonly attack?: Hostile; readonly states: Record<string, string> }>> = {
  "a hostile upgrade: a workflow of its own": { attack: hostile("a workflow of its own"), states: STOPPED },
  "a hostile upgrade: a script that its lock vouches for": {
    attack: hostile("a changed script with its line in the lock"),
    states: STOPPED,
  },
  "a hostile upgrade: code in .projenrc.ts": { attack: hostile("a projenrc that runs something"), states: STOPPED },
  "a hostile upgrade: an installed package": { attack: hostile("an installed package"), states: STOPPED },
  "a hostile upgrade: a hook of git's": { attack: hostile("a hook of git's"), states: STOPPED },
  "an upgrade": {
    states: { readiness: "success", regenerate: "success", verify: "success", propose: "success" },
  },
};

/** What reports a check: a job that only calls others has none. */
function jobsOf(happening: Happening): SimulatedJob[] {
  return Object.keys(FILES).flatMap((file) => (simulate(file, FILES, happening) ?? []).filter(({ calls }) => !calls));
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
    expect(Object.fromEntries(jobs.map(({ name, result }) => [name, result]))).toEqual(
      Object.fromEntries(
        jobs.map(({ id, name }) => {
          const expected = [...skipped, ...codeql].includes(name) ? "skipped" : "success";
          return [name, happening.ends?.[id] ?? expected];
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

  test.each(Object.entries(EXECUTED))("%s, with its gates executed", async (_title, { change, options, ends }) => {
    const directory = options === undefined ? DIRECTORY : repository(options);
    const onDisk = new PullRequestOnDisk(directory);
    try {
      const happening = { ...onDisk.happening(workflowFiles(directory), change), variables: ALL_SET_UP };
      expect(happening.ends).toEqual(ends);
      const admitted = Object.values(ends).every((result) => result === "success");
      expect((await sum(jobsOf(happening))) === 0).toBe(admitted);
    } finally {
      onDisk.end();
    }
  });

  describe("upgrades, with every step executed", () => {
    let run: UpgradeRun;
    let made: string;
    let patch: Buffer;
    const file = () => join(run.directory, "artifacts/upgrade/upgrade.patch");
    beforeAll(() => {
      run = new UpgradeRun(publishableVersions("walk"), { helper: { "1.0.0": 50, "1.1.0": 20 } });
      expect([run.job("readiness").result, run.job("regenerate").result]).toEqual(["success", "success"]);
      made = run.output("regenerate", "digest");
      patch = readFileSync(file());
    });

    test.each(Object.entries(UPGRADES))("%s", (_title, { attack, states }) => {
      writeFileSync(file(), patch);
      run.forge("regenerate", "digest", made);
      if (attack !== undefined) {
        run.tamper(attack.change ?? (() => {}), attack.patch);
      }
      const ends: Record<string, "success" | "failure"> = { verify: run.job("verify").result };
      if (ends.verify === "success") {
        ends.propose = run.job("propose").result;
      }
      const happening: Happening = { event: "schedule", variables: ALL_SET_UP, ends };
      const jobs = simulate("upgrade.yml", FILES, happening) ?? [];
      expect(Object.fromEntries(jobs.map(({ id, result }) => [id, result]))).toEqual(states);
      expect(run.pushed() !== undefined).toBe(states.propose === "success");
    });
  });
});
