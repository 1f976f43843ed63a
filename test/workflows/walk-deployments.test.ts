// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment, project, workflowFiles, write } from "./generated-workflows";
import { AWS, change, COMMIT, LAYERS, plan, PlanRepository, TERRAFORM } from "./plan-repository";
import { type Happening, type Result, type SimulatedJob, simulate } from "./simulated-runs";

const FILES = workflowFiles(
  write(
    project({}, { environments: [environment("dev"), environment("prod", { accountId: "111122223333" })] }).project,
  ),
);
const VARIABLES = {
  AWS_APPLY_ROLE_ARN_DEV: "arn:apply",
  AWS_DRIFT_ROLE_ARN_DEV: "arn:drift",
  AWS_MIRROR_ROLE_ARN_DEV: "arn:mirror",
  BOOTSTRAPPED_PROD: "true",
};

/** Scripts that are not executed: they download a program that a stand-in plays. */
const LEFT_OUT = ["Install Terraform"];

/** What stands in for what is not on the machine, beside Terraform and AWS: npm, the synthesis, the registry of images, GitHub. */
const STAND_INS: Readonly<Record<string, string>> = {
  npm: "#!/bin/sh\nexit 0\n",
  npx: "#!/bin/sh\nexit 0\n",
  skopeo: '#!/bin/sh\ncase "$1" in inspect) exit 1 ;; copy) echo "$*" >> copied ;; esac\n',
  gh: '#!/bin/sh\necho "$*" >> asked\ncase "$*" in *--jq*) ;; "issue list"*) echo "[]" ;; esac\n',
};

/** A repository on GitHub with two environments, each of whose jobs has its own runner. */
class Deployments {
  public readonly dev = runner("dev");
  public readonly prod = runner("prod");

  /** Runs what an event starts, every script of every job as it is written. @returns how the jobs end that were not skipped */
  public on(
    event: Partial<Happening> & Pick<Happening, "event">,
    { commit = COMMIT, file = "terraform-apply.yml" } = {},
  ): Record<string, Result> {
    const ends: Record<string, "success" | "failure"> = {};
    const outputs: Record<string, Record<string, string>> = {};
    const happening = { variables: VARIABLES, ...event, ends, outputs };
    for (;;) {
      const jobs = (simulate(file, FILES, happening) ?? []).filter(({ calls }) => !calls);
      const next = jobs.find(({ id, result }) => result !== "skipped" && ends[id] === undefined);
      if (next === undefined) {
        return Object.fromEntries(Object.entries(ends));
      }
      const { isDone, said } = this.execute(next, commit);
      ends[next.id] = isDone ? "success" : "failure";
      outputs[next.id] = said;
    }
  }

  private execute({ id, scripts }: SimulatedJob, commit: string): { isDone: boolean; said: Record<string, string> } {
    const repository = id.includes("-prod/") ? this.prod : this.dev;
    const temp = mkdtempSync(join(tmpdir(), "walk-deployments-"));
    const [output, summary] = ["github-output", "step-summary"].map((name) => join(temp, name)) as [string, string];
    writeFileSync(output, "");
    const isDone = scripts
      .filter(({ name }) => !LEFT_OUT.includes(name))
      .every(({ run, env }) => {
        const { status } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
          cwd: repository.directory,
          encoding: "utf8",
          env: {
            PATH: `${repository.path("bin")}:${process.env.PATH}`,
            RUNNER_TEMP: temp,
            GITHUB_OUTPUT: output,
            GITHUB_STEP_SUMMARY: summary,
            GITHUB_RUN_ID: "7",
            GITHUB_SHA: commit,
            ...env,
          },
        });
        return status === 0;
      });
    const lines = readFileSync(output, "utf8").split("\n").filter(Boolean);
    return { isDone, said: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) };
  }
}

function runner(name: "dev" | "prod"): PlanRepository {
  const repository = new PlanRepository({ environment: name });
  for (const [program, text] of Object.entries(STAND_INS)) {
    repository.write(`bin/${program}`, text);
  }
  const platform = JSON.parse(readFileSync(repository.path("src/platform/platform.json"), "utf8"));
  const images = {
    registry: "registry.example/ray",
    repositoryPrefix: "",
    list: [{ repository: "quay.io/ray/ray", tag: "2" }],
  };
  Object.assign(platform.environments[0], { region: "us-east-1", images });
  repository.write("src/platform/platform.json", JSON.stringify(platform));
  // The state of each stack, as who compares looks at it, and a comparison that ends as `drifted` says.
  repository.write("bin/aws", AWS.replace("  get-object)", "  list-objects-v2) echo '{}' ;;\n  get-object)"));
  repository.write(
    "bin/terraform",
    TERRAFORM.replace(/exit 0\n$/, '[[ "$*" == *-detailed-exitcode* && -f drifted ]] && exit 2\nexit 0\n'),
  );
  for (const layer of LAYERS) {
    const s3 = { bucket: "states", key: layer, region: "us-east-1" };
    repository.write(
      `cdktf.out/stacks/${name}-${layer}/cdk.tf.json`,
      JSON.stringify({ terraform: { backend: { s3 } } }),
    );
  }
  // What the jobs take from git: the script that installs what is locked.
  repository.write("package.json", "{}");
  repository.write("package-lock.json", '{"packages": {}}');
  spawnSync("git", ["init", "--quiet"], { cwd: repository.directory });
  spawnSync("git", ["add", "scripts", "package.json", "package-lock.json"], { cwd: repository.directory });
  const who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
  spawnSync("git", [...who, "commit", "--quiet", "-m", "The platform"], { cwd: repository.directory });
  return repository;
}

const creates = (name: string) => plan(change(`aws_x.${name}`, ["create"], { size: 1 }));
const read = (repository: PlanRepository, file: string): string => readFileSync(repository.path(file), "utf8");
const newest = (repository: PlanRepository): string =>
  `${repository.environment}:${(JSON.parse(read(repository, `store/states/_plans/${repository.environment}/latest.json`)) as { digest: string }).digest}`;

describe("deployments and nights, one after the other, with every step executed", () => {
  let deployments: Deployments;
  let first: string;
  beforeAll(() => {
    deployments = new Deployments();
    deployments.dev.plan("cluster", creates("dev"));
    deployments.prod.plan("cluster", creates("prod"));
  });
  const named = (name: string) => ({ event: "workflow_dispatch", inputs: { plan: name } });
  const REFUSED = { readiness: "success", "deploy-prod/apply": "failure", report: "success" };

  test("a push is applied where nobody is asked, and planned in production", () => {
    expect(deployments.on({ event: "push" })).toEqual({
      readiness: "success",
      "deploy-dev/plan": "success",
      "deploy-dev/apply": "success",
      "deploy-prod/plan": "success",
      report: "success",
    });
    expect(read(deployments.dev, "applied")).toContain("aws_x.dev");
    expect(read(deployments.dev, "copied")).toContain("registry.example/ray/ray/ray:2");
    expect(() => read(deployments.prod, "applied")).toThrow("ENOENT");
    first = newest(deployments.prod);
  });

  test("its plan is refused on another commit, and an issue says so", () => {
    expect(deployments.on(named(first), { commit: "b".repeat(40) })).toEqual(REFUSED);
    expect(read(deployments.dev, "asked")).toContain("issue create --title Failed deployment of prod");
  });

  test("a newer plan takes its place", () => {
    deployments.prod.plan("cluster", creates("newer"));
    expect(deployments.on({ event: "push" })).toMatchObject({ "deploy-prod/plan": "success" });
    expect(newest(deployments.prod)).not.toBe(first);
    expect(deployments.on(named(first))).toEqual(REFUSED);
    expect(() => read(deployments.prod, "applied")).toThrow("ENOENT");
  });

  test("exactly the plan that a person names is applied to production, whatever would be planned now", () => {
    deployments.prod.plan("cluster", creates("other"));
    expect(deployments.on(named(newest(deployments.prod)))).toEqual({
      readiness: "success",
      "deploy-prod/apply": "success",
      report: "success",
    });
    expect(read(deployments.prod, "applied")).toContain("aws_x.newer");
    expect(read(deployments.prod, "applied")).not.toMatch(/aws_x\.(prod|other)/);
  });

  test("what the policies deny is not applied, and nothing after it is planned", () => {
    deployments.dev.write("denied", "");
    expect(deployments.on({ event: "push" })).toEqual({
      readiness: "success",
      "deploy-dev/plan": "failure",
      report: "success",
    });
  });

  test("at night both are compared, and one that differs has an issue", () => {
    const night = { event: "schedule", variables: { ...VARIABLES, APP_ID: "Iv23liEXAMPLE" } };
    const [compared, file] = [{ readiness: "success", report: "success" }, "drift-detection.yml"];
    const all = { ...compared, "drift-dev/drift": "success", "drift-prod/drift": "success" };
    expect(deployments.on(night, { file })).toEqual(all);
    expect(read(deployments.dev, "asked")).not.toContain("Infrastructure drift --body");
    deployments.prod.write("drifted", "");
    expect(deployments.on(night, { file })).toEqual({ ...all, "drift-prod/drift": "failure" });
    expect(read(deployments.dev, "asked")).toContain("issue create --title Infrastructure drift");
  });
});
