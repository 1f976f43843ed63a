// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PlanComment, RepositoryVisibility, type WorkflowOptions } from "../../src/options/workflow-options";
import { environment, project, workflowFiles, write } from "./generated-workflows";
import { type Happening, MERGE_GROUP, pullRequest, type SimulatedJob, simulate } from "./simulated-runs";

const ENVIRONMENTS = [environment("dev"), environment("prod", { accountId: "111122223333" })];
/** Everything that a person sets after the bootstrap of both environments. */
const SET_UP = {
  AWS_PLAN_ROLE_ARN_DEV: "arn:plan",
  AWS_APPLY_ROLE_ARN_DEV: "arn:apply",
  AWS_DRIFT_ROLE_ARN_DEV: "arn:drift",
  AWS_MIRROR_ROLE_ARN_DEV: "arn:mirror",
  BOOTSTRAPPED_PROD: "true",
  APP_ID: "Iv23liEXAMPLE",
};

interface Repository {
  readonly files: Record<string, string>;
  readonly requiredChecks: readonly string[];
}

function repository(options: WorkflowOptions = {}): Repository {
  const directory = write(project(options, { environments: ENVIRONMENTS }).project);
  const { requiredChecks } = JSON.parse(readFileSync(join(directory, ".github/settings.json"), "utf8"));
  return { files: workflowFiles(directory), requiredChecks };
}

const DEFAULT = repository();
const BOUGHT = repository({ codeSecurity: true });
const PUBLIC = repository({ visibility: RepositoryVisibility.PUBLIC });

/** Every job that an event starts, by workflow. */
function runs({ files }: Repository, happening: Happening): Map<string, SimulatedJob[]> {
  return new Map(
    Object.keys(files).flatMap((file) => {
      const jobs = simulate(file, files, happening);
      return jobs === undefined ? [] : [[file.replace(/\.yml$/, ""), jobs] as const];
    }),
  );
}

const jobOf = (all: Map<string, SimulatedJob[]>, workflow: string, id: string): SimulatedJob | undefined =>
  all.get(workflow)?.find((job) => job.id === id);
const flat = (all: Map<string, SimulatedJob[]>): SimulatedJob[] => [...all.values()].flat();

/** The state of each required check. */
function checks(repo: Repository, happening: Happening): Record<string, string> {
  const jobs = flat(runs(repo, happening));
  return Object.fromEntries(
    repo.requiredChecks.map((name) => [name, jobs.find((job) => job.name === name)?.result ?? "missing"]),
  );
}

const PUSH: Happening = { event: "push" };
const SCHEDULE: Happening = { event: "schedule" };
const BY_HAND: Happening = { event: "workflow_dispatch" };
const withSetUp = (happening: Happening): Happening => ({ ...happening, variables: SET_UP });

describe("required checks are reported, and none needs what was not bought", () => {
  test.each<readonly [string, Repository, Happening]>([
    ["the first pull request of a private repository", DEFAULT, pullRequest("here")],
    ["a pull request after the bootstrap", DEFAULT, withSetUp(pullRequest("here"))],
    ["a pull request from a fork", DEFAULT, withSetUp(pullRequest("fork"))],
    ["a pull request of Dependabot", DEFAULT, withSetUp(pullRequest("dependabot"))],
    ["the merge queue", DEFAULT, withSetUp(MERGE_GROUP)],
    ["a pull request with Code Security", BOUGHT, withSetUp(pullRequest("here"))],
    ["the merge queue with Code Security", BOUGHT, withSetUp(MERGE_GROUP)],
    ["a fork of a public repository", PUBLIC, withSetUp({ ...pullRequest("fork"), visibility: "public" })],
  ])("%s", (_title, repo, happening) => {
    expect(checks(repo, happening)).toEqual(Object.fromEntries(repo.requiredChecks.map((name) => [name, "success"])));
  });

  test("without Code Security nothing is uploaded, reviewed or analyzed by CodeQL, on no event", () => {
    for (const happening of [pullRequest("here"), PUSH, MERGE_GROUP, SCHEDULE, BY_HAND].map(withSetUp)) {
      const jobs = flat(runs(DEFAULT, happening));
      expect(jobs.length).toBeGreaterThan(0);
      expect(
        jobs.flatMap(({ actions }) => actions.filter((action) => /codeql-action|dependency-review/.test(action))),
      ).toEqual([]);
    }
  });

  test("with it, findings are uploaded for pull requests and pushes, and neither from a fork nor from a merge queue", () => {
    const uploads = (happening: Happening) =>
      flat(runs(BOUGHT, happening)).filter(({ actions }) => actions.includes("github/codeql-action/upload-sarif"))
        .length;
    expect(uploads(pullRequest("here"))).toBe(5);
    expect(uploads(PUSH)).toBe(6);
    expect(uploads(pullRequest("fork"))).toBe(0);
    expect(uploads(MERGE_GROUP)).toBe(0);
  });

  test("what is uploaded or not, summary and artifact are there", () => {
    for (const happening of [pullRequest("here"), pullRequest("fork"), MERGE_GROUP]) {
      for (const repo of [DEFAULT, BOUGHT]) {
        const kept = flat(runs(repo, happening)).filter(({ steps }) => steps.includes("Keep the findings"));
        expect(kept.map(({ id }) => id)).toEqual(
          expect.arrayContaining(["tfsec", "trivy", "checkov", "osv", "zizmor"]),
        );
      }
    }
  });
});

/** States of the jobs that deploy or look after what is deployed. */
const DEPLOYMENTS: readonly (readonly [string, Happening, string, Record<string, string>])[] = [
  [
    "first push",
    PUSH,
    "terraform-apply",
    { readiness: "success", "deploy-dev": "skipped", "deploy-prod": "skipped", report: "skipped" },
  ],
  [
    "first pull request",
    pullRequest("here"),
    "terraform-plan",
    {
      "plan-dev": "skipped",
      "plan-prod": "skipped",
      controls: "skipped",
      comment: "skipped",
      "terraform-plan": "success",
    },
  ],
  [
    "first night",
    SCHEDULE,
    "drift-detection",
    { readiness: "success", "drift-dev": "skipped", "drift-prod": "skipped", report: "skipped" },
  ],
  ["first week, images", SCHEDULE, "mirror-images", { readiness: "success", "mirror-dev": "skipped" }],
  [
    "first week, upgrade",
    SCHEDULE,
    "upgrade",
    { readiness: "success", regenerate: "success", verify: "success", propose: "skipped" },
  ],
  [
    "a push after the bootstrap",
    withSetUp(PUSH),
    "terraform-apply",
    {
      readiness: "success",
      "deploy-dev/plan": "success",
      "deploy-dev/apply": "success",
      "deploy-prod/plan": "success",
      "deploy-prod/apply": "skipped", // its plan waits for a person
      report: "success",
    },
  ],
  [
    "a person who has read the plan of production",
    { ...withSetUp(BY_HAND), inputs: { plan: `prod:${"0".repeat(64)}` } },
    "terraform-apply",
    {
      "deploy-dev": "skipped",
      "deploy-prod/plan": "skipped",
      "deploy-prod/apply": "success",
      report: "success",
    },
  ],
  [
    "a person with a plan of an environment that needs none",
    { ...withSetUp(BY_HAND), inputs: { plan: `dev:${"0".repeat(64)}` } },
    "terraform-apply",
    { "deploy-dev": "skipped", "deploy-prod": "skipped", report: "skipped" },
  ],
  [
    "a person with a plan, on another branch",
    { ...withSetUp(BY_HAND), ref: "refs/heads/mine", inputs: { plan: `prod:${"0".repeat(64)}` } },
    "terraform-apply",
    { "deploy-prod": "skipped", report: "skipped" },
  ],
  [
    "a person without a plan",
    withSetUp(BY_HAND),
    "terraform-apply",
    {
      "deploy-dev/plan": "success",
      "deploy-dev/apply": "success",
      "deploy-prod/plan": "success",
      "deploy-prod/apply": "skipped",
    },
  ],
  [
    "a push after a bootstrap of an earlier version, whose roles save no plans",
    {
      ...withSetUp(PUSH),
      outputs: { "deploy-dev/plan": { unsaved: "true" }, "deploy-prod/plan": { unsaved: "true" } },
    },
    "terraform-apply",
    {
      "deploy-dev/plan": "success",
      "deploy-dev/apply": "success",
      "deploy-prod/plan": "success",
      "deploy-prod/apply": "success",
    },
  ],
  [
    "a push after one of an earlier version in an environment that is not of production",
    { ...withSetUp(PUSH), outputs: { "deploy-dev/plan": { unsaved: "true" } } },
    "terraform-apply",
    { "deploy-dev/apply": "success", "deploy-prod/plan": "success", "deploy-prod/apply": "skipped" },
  ],
  [
    "a push before there is an App",
    { ...PUSH, variables: { ...SET_UP, APP_ID: "" } },
    "terraform-apply",
    { "deploy-dev/apply": "success", report: "success" },
  ],
  [
    "a push with one environment bootstrapped, not the first",
    { ...PUSH, variables: { BOOTSTRAPPED_PROD: "true" } },
    "terraform-apply",
    { "deploy-dev": "skipped", "deploy-prod/plan": "success", "deploy-prod/apply": "skipped" },
  ],
  [
    "a push that fails in the first environment",
    { ...withSetUp(PUSH), ends: { "deploy-dev/apply": "failure" } },
    "terraform-apply",
    { "deploy-dev/apply": "failure", "deploy-prod": "skipped", report: "success" },
  ],
  [
    "a start by hand from another branch",
    { ...withSetUp(BY_HAND), ref: "refs/heads/mine" },
    "terraform-apply",
    { "deploy-dev": "skipped", "deploy-prod": "skipped", report: "skipped" },
  ],
  [
    "a pull request after the bootstrap",
    withSetUp(pullRequest("here")),
    "terraform-plan",
    {
      "plan-dev": "success",
      "plan-prod": "success",
      controls: "success",
      comment: "success",
      "terraform-plan": "success",
    },
  ],
  [
    "a pull request whose plan fails",
    { ...withSetUp(pullRequest("here")), ends: { "plan-dev/plan": "failure" } },
    "terraform-plan",
    { "plan-dev": "failure", controls: "success", comment: "success" },
  ],
  [
    "a fork",
    withSetUp(pullRequest("fork")),
    "terraform-plan",
    {
      "plan-dev": "skipped",
      "plan-prod": "skipped",
      controls: "skipped",
      comment: "skipped",
      "terraform-plan": "success",
    },
  ],
  [
    "the merge queue",
    withSetUp(MERGE_GROUP),
    "terraform-plan",
    { "plan-dev": "skipped", controls: "skipped", comment: "skipped", "terraform-plan": "success" },
  ],
  [
    "a night after the bootstrap",
    withSetUp(SCHEDULE),
    "drift-detection",
    { "drift-dev": "success", "drift-prod": "success", report: "success" },
  ],
  [
    "a night with one of two roles of an environment, which is said",
    { ...SCHEDULE, variables: { AWS_APPLY_ROLE_ARN_DEV: "arn:apply", APP_ID: "Iv23liEXAMPLE" } },
    "drift-detection",
    { readiness: "success", "drift-dev": "skipped", "drift-prod": "skipped", report: "success" },
  ],
  [
    "a comparison that is started on another branch, which no role trusts",
    { ...withSetUp(BY_HAND), ref: "refs/heads/mine" },
    "drift-detection",
    { readiness: "success", "drift-dev": "skipped", "drift-prod": "skipped", report: "skipped" },
  ],
  [
    "an upgrade that is started on another branch, which the App's environment does not admit",
    { ...withSetUp(BY_HAND), ref: "refs/heads/mine" },
    "upgrade",
    { regenerate: "success", verify: "success", propose: "skipped" },
  ],
  [
    "images that are copied from another branch",
    { ...BY_HAND, ref: "refs/heads/mine", variables: SET_UP },
    "mirror-images",
    { readiness: "success", "mirror-dev": "skipped", "mirror-prod": "skipped" },
  ],
  [
    "a push with the role that plans a deployment, and not yet the one that applies it",
    { ...PUSH, variables: { AWS_DRIFT_ROLE_ARN_DEV: "arn:drift", AWS_MIRROR_ROLE_ARN_DEV: "arn:mirror" } },
    "terraform-apply",
    { "deploy-dev/plan": "success", "deploy-dev/apply": "skipped", "deploy-prod": "skipped", report: "success" },
  ],
  [
    "a push with the role that applies, and not yet the one that plans",
    { ...PUSH, variables: { AWS_APPLY_ROLE_ARN_DEV: "arn:apply", AWS_MIRROR_ROLE_ARN_DEV: "arn:mirror" } },
    "terraform-apply",
    { "deploy-dev": "skipped", "deploy-prod": "skipped", report: "skipped" },
  ],
  [
    "a push without the role that fills the registry",
    { ...PUSH, variables: { AWS_APPLY_ROLE_ARN_DEV: "arn:apply", AWS_DRIFT_ROLE_ARN_DEV: "arn:drift" } },
    "terraform-apply",
    { "deploy-dev/plan": "success", "deploy-dev/apply": "skipped" },
  ],
  [
    "a pull request with every role but the one that plans it",
    {
      ...pullRequest("here"),
      variables: { AWS_APPLY_ROLE_ARN_DEV: "arn:apply", AWS_DRIFT_ROLE_ARN_DEV: "arn:drift" },
    },
    "terraform-plan",
    { synthesize: "skipped", "plan-dev": "skipped", comment: "skipped", "terraform-plan": "success" },
  ],
  [
    "a night with drift",
    { ...withSetUp(SCHEDULE), ends: { "drift-dev/drift": "failure" } },
    "drift-detection",
    { "drift-dev": "failure", "drift-prod": "success", report: "success" },
  ],
];

describe("what deploys waits until its environment is set up", () => {
  test.each(DEPLOYMENTS)("%s: %s %s", (_title, happening, workflow, expected) => {
    const jobs = runs(DEFAULT, happening).get(workflow) ?? [];
    expect(Object.fromEntries(jobs.map(({ id, result }) => [id, result]))).toMatchObject(expected);
  });

  test("and says why: every job that waits is in a workflow that names its variable", () => {
    for (const [file, text] of Object.entries(DEFAULT.files)) {
      const waitedFor = new Set(
        [...text.matchAll(/^ {4}if: .*$/gm)].flatMap(([line]) => line.match(/\bvars\.(\w+)/g) ?? []),
      );
      const said = [...text.matchAll(/^ {10}VARIABLES: (.+)$/gm)].flatMap(([, names]) => (names as string).split(" "));
      expect([file, [...waitedFor].filter((name) => !said.includes(name.slice("vars.".length)))]).toEqual([file, []]);
    }
  });

  test("a job of an environment for the default branch runs on no other", () => {
    for (const ref of ["refs/heads/mine", "refs/tags/main", "refs/pull/1/merge"]) {
      for (const event of ["push", "schedule", "workflow_dispatch", "pull_request"]) {
        const happening = { ...(event === "pull_request" ? pullRequest("here") : {}), event, ref, variables: SET_UP };
        const inEnvironment = flat(runs(DEFAULT, happening)).filter(
          ({ environment: name, result }) => name !== undefined && result !== "skipped",
        );
        expect([ref, event, inEnvironment.map(({ id }) => id)]).toEqual([ref, event, []]);
      }
    }
  });

  test("where the App comments, it waits to be registered, and the run says so", () => {
    const byApp = repository({ terraformPlan: { comment: PlanComment.APP } });
    const state = (id: string) => {
      const happening = { ...pullRequest("here"), variables: { ...SET_UP, APP_ID: id } };
      return jobOf(runs(byApp, happening), "terraform-plan", "comment")?.result;
    };
    expect([state(""), state("Iv23liEXAMPLE")]).toEqual(["skipped", "success"]);
    expect(byApp.files["terraform-plan.yml"]).toMatch(/VARIABLES: .* APP_ID$/m);
  });

  test("Scorecard runs on the default branch alone", () => {
    expect(jobOf(runs(DEFAULT, PUSH), "scorecard", "scorecard")?.result).toBe("success");
    expect(jobOf(runs(DEFAULT, { ...BY_HAND, ref: "refs/heads/mine" }), "scorecard", "scorecard")?.result).toBe(
      "skipped",
    );
  });

  test("CodeQL runs as soon as the repository is public", () => {
    const state = (visibility: string) =>
      jobOf(runs(DEFAULT, { ...PUSH, visibility }), "codeql", "codeql-actions")?.result;
    expect([state("private"), state("internal"), state("public")]).toEqual(["skipped", "skipped", "success"]);
  });
});

test("a secret is read in an environment alone, except by the option that says otherwise", () => {
  const outside = ({ files }: Repository) =>
    Object.entries(files).filter(([, text]) =>
      text.split(/^ {2}(?=[a-z][\w-]*:$)/m).some((job) => job.includes("secrets.") && !/^ {4}environment: /m.test(job)),
    );
  expect(outside(DEFAULT)).toEqual([]);
  expect(outside(repository({ terraformPlan: { comment: PlanComment.APP } })).map(([file]) => file)).toEqual([
    "terraform-plan.yml",
  ]);
});
