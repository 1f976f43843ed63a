// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { ownExceptions } from "../../src/components/own-exceptions";
import { packageData } from "../../src/config/package-data";
import { WORKFLOWS } from "../../src/config/workflow-list";
import type { GitHubRepository } from "../../src/config/github-repository";
import { GATES } from "../../src/gates";
import {
  FindingSeverity,
  HardenRunner,
  PlanComment,
  RepositoryVisibility,
  type WorkflowOptions,
} from "../../src/options/workflow-options";
import { PACKAGE_ROOT } from "../../src/package-root";
import { checkWorkflow, formatViolation } from "../../src/workflow-rules/check-workflow";
import { readPinTable, withActions } from "../../src/workflow-rules/pin-table";
import { evaluate, type Functions, type Value } from "../../src/workflow-rules/expression";
import { lintWorkflows } from "./actionlint";
import { environment, generated, project, workflowFiles, write } from "./generated-workflows";

const exception = (id: string, path?: string) => ({
  id,
  path,
  reason: "accepted for the tests",
  expires: "2099-01-31",
});
const NEW_CHECKOUT = { version: "v9.9.9", sha: "b".repeat(40) };

/** Option sets that between them touch every field. */
const SETS: Record<string, readonly [WorkflowOptions, Partial<GitHubRepository>]> = {
  default: [{}, {}],
  "three environments and a private runner": [
    {
      privateRunnerLabels: ["self-hosted", "linux", "gpu-vpc"],
      environmentReviewers: { prod: ["@acme/platform", "@octocat"] },
    },
    {
      environments: [
        environment("dev"),
        environment("stage-eu", { accountId: "111122223333" }),
        environment("prod", { accountId: "444455556666" }),
      ],
    },
  ],
  "code security": [{ codeSecurity: true }, {}],
  "code security without uploads": [{ codeSecurity: true, codeScanning: false }, {}],
  "the App comments": [{ terraformPlan: { comment: PlanComment.APP } }, {}],
  "harden-runner": [{ hardenRunner: HardenRunner.BLOCK, hardenRunnerEndpoints: ["api.github.com:443"] }, {}],
  "everything off": [
    {
      ...Object.fromEntries(WORKFLOWS.flatMap(({ option }) => (option ? [[option, { enabled: false }]] : []))),
    },
    {},
  ],
  "schedules, severities and a branch of another name": [
    {
      visibility: RepositoryVisibility.PUBLIC,
      tfsec: { schedule: "5 1 * * 2", minimumSeverity: FindingSeverity.HIGH },
      trivy: { schedule: "", minimumSeverity: FindingSeverity.CRITICAL },
      codeql: { minimumSeverity: FindingSeverity.LOW },
      dependencyCheck: { minimumSeverity: FindingSeverity.HIGH, allowLicenses: ["MIT", "Apache-2.0"] },
      drift: { schedule: "1 1 * * *" },
      upgrade: { schedule: "2 2 * * 3", cooldownDays: 14 },
      scorecard: { publish: true, schedule: "3 3 * * 4" },
    },
    { defaultBranch: "trunk", nodeVersion: "24" },
  ],
  "exceptions everywhere": [
    {
      ...Object.fromEntries(
        GATES.flatMap(({ option, exceptions }) =>
          exceptions ? [[option, { exceptions: exceptions.examples.map(({ id, path }) => exception(id, path)) }]] : [],
        ),
      ),
    },
    {},
  ],
  "comment by the workflow's token, deployment by hand": [
    { terraformPlan: { comment: PlanComment.WORKFLOW_TOKEN }, terraformApply: { onPush: false } },
    {},
  ],
  "no comment": [{ terraformPlan: { comment: PlanComment.NONE } }, {}],
  "a runner of one's own and other pins": [
    {
      runnerLabels: ["self-hosted", "linux", "big"],
      appEnvironment: "automation",
      actionPins: { "actions/checkout": NEW_CHECKOUT },
      dependencyCheck: { dependencyReview: false },
    },
    {},
  ],
  "China, a given network, no mirror": [
    {},
    {
      environments: [
        environment("cn", {
          region: "cn-north-1",
          accountId: "111122223333",
          stacks: ["cluster", "workloads"],
          mirrored: false,
        }),
      ],
    },
  ],
  "many environments, each with jobs on two kinds of runners": [
    { privateRunnerLabels: ["gpu-vpc"] },
    { environments: Array.from({ length: 25 }, (_, index) => environment(`env${index}`)) },
  ],
};

const FILES = new Map(
  Object.entries(SETS).map(([title, [options, more]]) => [title, workflowFiles(write(project(options, more).project))]),
);

test("the workflows of every option set pass actionlint", () => {
  const all = [...FILES].flatMap(([title, files]) =>
    Object.entries(files).map(([name, text]) => [`${title}/${name}`, text] as const),
  );
  expect(lintWorkflows(Object.fromEntries(all), ["gpu-vpc", "big"])).toEqual([]);
}, 60_000);

describe.each(Object.entries(SETS))("workflows with %s", (title, [options, more]) => {
  const files = FILES.get(title) as Record<string, string>;

  test("break no rule", () => {
    const pins = withActions(readPinTable(), options.actionPins ?? {});
    const violations = Object.entries(files).flatMap(([name, text]) =>
      checkWorkflow(name, text, { pins, required: false }),
    );
    expect(violations.map(formatViolation)).toEqual([]);
  });

  test("have the same bytes the second time", () => {
    expect(workflowFiles(write(project(options, more).project))).toEqual(files);
  });
});

interface Job {
  readonly steps: readonly {
    readonly name: string;
    readonly run?: string;
    readonly uses?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly env?: Readonly<Record<string, unknown>>;
  }[];
}

describe("workflow options", () => {
  const workflow = (name: string, options: WorkflowOptions = {}, more: Partial<GitHubRepository> = {}) =>
    parse(generated(`.github/workflows/${name}.yml`, options, more));
  /** What a workflow calls for each environment. */
  const called = (name: string, options: WorkflowOptions = {}, more: Partial<GitHubRepository> = {}) =>
    workflow(`${name}-environment`, options, more);
  /** What a workflow passes on for an environment. */
  const passed = (name: string, job: string, more: Partial<GitHubRepository>) => {
    const call = workflow(name, {}, more).jobs[job];
    expect(call.uses).toBe(`./.github/workflows/${name}-environment.yml`);
    return call.with as Record<string, unknown>;
  };
  const step = (job: Job, name: string) => {
    const found = job.steps.find((item) => item.name === name);
    if (!found) {
      throw new Error(`no step '${name}' among ${job.steps.map((item) => item.name).join(", ")}`);
    }
    return found;
  };

  test("enabled: false writes no workflow, but keeps the license check and what the policies read", () => {
    const directory = write(project({ enabled: false }).project);
    expect(readdirSync(join(directory, ".github"))).toEqual(["scanners"]);
    expect(readdirSync(join(directory, ".github/scanners"))).toEqual(["license-headers.json", "policy.yml"]);
    expect(existsSync(join(directory, "scripts/license-headers.mjs"))).toBe(true);
  });

  test("a gate that is off has neither workflow nor configuration", () => {
    const directory = write(project({ tfsec: { enabled: false } }).project);
    expect(existsSync(join(directory, ".github/workflows/tfsec.yml"))).toBe(false);
    expect(existsSync(join(directory, ".github/scanners/tfsec.yml"))).toBe(false);
  });

  test("runnerLabels", () => {
    expect(workflow("build", { runnerLabels: ["ubuntu-22.04"] }).jobs.build["runs-on"]).toBe("ubuntu-22.04");
    expect(workflow("build", { runnerLabels: ["self-hosted", "big"] }).jobs.build["runs-on"]).toEqual([
      "self-hosted",
      "big",
    ]);
    expect(
      parse(generated(".github/scanners/actionlint.yaml", { runnerLabels: ["self-hosted", "big"] }))[
        "self-hosted-runner"
      ].labels,
    ).toEqual(["big"]);
  });

  test.each([
    ["terraform-plan", "terraformPlan", "plan", "comment"],
    ["terraform-apply", "terraformApply", "apply", "readiness"],
    ["terraform-apply", "terraformApply", "plan", "report"],
    ["drift-detection", "drift", "drift", "report"],
  ] as const)("%s has runners of its own for the jobs that hold a role", (name, option, job, other) => {
    const own = { runnerLabels: ["self-hosted", "own"], privateRunnerLabels: ["self-hosted", "own-eks"] };
    const options = { privateRunnerLabels: ["private-eks"], [option]: own };
    const { jobs } = called(name, options);
    expect(jobs[job]["runs-on"]).toEqual(own.runnerLabels);
    expect(jobs[`${job}-workloads`]["runs-on"]).toEqual(own.privateRunnerLabels);
    expect(workflow(name, options).jobs[other]["runs-on"]).toBe("ubuntu-24.04");
    expect(parse(generated(".github/scanners/actionlint.yaml", options))["self-hosted-runner"].labels).toEqual([
      "private-eks",
      "own",
      "own-eks",
    ]);
    expect(() => workflow(name, { [option]: own })).toThrow(`workflows.${option}.privateRunnerLabels`);
  });

  test("without privateRunnerLabels no job touches the workloads", () => {
    for (const name of ["terraform-plan", "terraform-apply", "drift-detection"]) {
      for (const file of [name, `${name}-environment`]) {
        expect(generated(`.github/workflows/${file}.yml`)).not.toMatch(/workloads|deferred/i);
      }
    }
  });

  test("each environment is deployed after the one before it", () => {
    const environments = ["dev", "stage", "prod"].map((name) => environment(name));
    const { jobs } = workflow("terraform-apply", {}, { environments });
    expect(Object.keys(jobs)).toEqual(["readiness", "deploy-dev", "deploy-stage", "deploy-prod", "report"]);
    expect(jobs["deploy-dev"].needs).toBeUndefined();
    expect(jobs["deploy-stage"].needs).toEqual(["deploy-dev"]);
    expect(jobs["deploy-prod"].needs).toEqual(["deploy-stage"]);
    expect(jobs.report.needs).toEqual(["deploy-dev", "deploy-stage", "deploy-prod"]);
  });

  test("with privateRunnerLabels an environment's workloads run on that runner, after its cluster", () => {
    const { jobs } = called("terraform-apply", { privateRunnerLabels: ["gpu-vpc"] });
    expect(Object.keys(jobs)).toEqual(["plan", "plan-workloads", "apply", "apply-workloads"]);
    expect(jobs.plan.needs).toBeUndefined();
    expect(jobs["plan-workloads"].needs).toEqual(["plan"]);
    expect(jobs.apply.needs).toEqual(["plan-workloads"]);
    expect(jobs["apply-workloads"].needs).toEqual(["plan-workloads", "apply"]);
    expect(jobs["plan-workloads"].env.AFTER).toBe("${{ needs.plan.outputs.digest }}");
    expect(jobs.plan.env.LATER_STACKS).toBe("workloads");
    expect(jobs["apply-workloads"]["runs-on"]).toEqual(["gpu-vpc"]);
    expect(jobs.apply.env.LATER_STACKS).toBe("workloads");
    expect(jobs.apply.outputs.deferred).toBe("${{ steps.apply.outputs.deferred }}");
    expect(jobs["apply-workloads"].env.STACKS).toBe("${{ needs.apply.outputs.deferred }} workloads");
    expect(jobs.apply.environment).toBe("${{ inputs.environment }}");
  });

  describe.each([
    ["the last job that plans it", { privateRunnerLabels: ["gpu-vpc"] }, "plan-workloads"],
    ["its one job that plans", {}, "plan"],
  ])("an environment is deployed with the plan of %s", (_, options, planned) => {
    const { jobs } = called("terraform-apply", options);
    const deploying = Object.entries<{ if: string; needs: string[]; env: Record<string, string> }>(jobs).filter(
      ([id]) => id.startsWith("apply"),
    );
    const PLAN = `prod:${"0".repeat(64)}`;

    /** Whether it is deployed, and what with. */
    const deployed = (inputs: Record<string, Value>, plan: { result: string; outputs: Record<string, string> }) =>
      deploying.map(([, { if: condition, env }]) => {
        const contexts = { inputs: { environment: "prod", deploys: true, ...inputs }, needs: { [planned]: plan } };
        const functions: Functions = {
          cancelled: () => false,
          failure: () => false,
          format: (form, name) => String(form).replace("{0}", String(name)),
          startswith: (text, start) => String(text).startsWith(String(start)),
        };
        return evaluate(condition, contexts, functions) ? evaluate(env.APPROVED_PLAN as string, contexts) : undefined;
      });
    const made = { result: "success", outputs: { plan: PLAN } };
    const none = { result: "skipped", outputs: {} };
    const unsaved = { result: "success", outputs: { unsaved: "true" } };

    test.each<readonly [string, Record<string, Value>, typeof made | typeof none | typeof unsaved, Value | undefined]>([
      ["for work: what was planned", { production: false, plan: "" }, made, PLAN],
      ["for work: nothing if it was not planned", { production: false, plan: "" }, none, undefined],
      ["for work: nothing where a person names a plan", { production: false, plan: PLAN }, none, undefined],
      ["for work: as before where plans are not saved", { production: false, plan: "" }, unsaved, ""],
      ["of production: nothing by itself", { production: true, plan: "" }, made, undefined],
      ["of production: what a person names", { production: true, plan: PLAN }, none, PLAN],
      ["of production: no plan of another", { production: true, plan: `dev:${"0".repeat(64)}` }, none, undefined],
      [
        "of production: no plan of a longer name",
        { production: true, plan: `prod-eu:${"0".repeat(64)}` },
        none,
        undefined,
      ],
      ["of production: as before where plans are not saved", { production: true, plan: "" }, unsaved, ""],
      ["before its roles are there", { production: false, plan: "", deploys: false }, made, undefined],
    ])("%s", (_title, inputs, plan, expected) => {
      expect(deployed(inputs, plan)).toEqual(deploying.map(() => expected));
      for (const [, { needs }] of deploying) {
        expect(needs).toContain(planned);
      }
    });
  });

  test("a call comes for what there is to do: a merge, and in production a plan of its own", () => {
    const environments = [
      environment("dev"),
      environment("prod"),
      environment("eu", { production: true, accountId: "1" }),
    ];
    const { jobs } = workflow("terraform-apply", {}, { environments });
    expect(jobs["deploy-dev"].if).toContain("inputs.plan == '' && github.ref");
    expect(jobs["deploy-prod"].if).toContain(
      "(inputs.plan == '' && vars.AWS_DRIFT_ROLE_ARN_PROD != '' || startsWith(inputs.plan, 'prod:') && vars.AWS_APPLY_ROLE_ARN_PROD != '' && vars.AWS_MIRROR_ROLE_ARN_PROD != '')",
    );
    expect(jobs["deploy-eu"].if).toContain(
      "(inputs.plan == '' || startsWith(inputs.plan, 'eu:')) && vars.BOOTSTRAPPED_EU != ''",
    );
    expect(step(jobs.readiness, "Refuse a plan of no production environment").env?.PRODUCTION).toBe("prod eu");
  });

  test.each([
    ["no plan", "", 0],
    ["a plan of production", `prod:${"0".repeat(64)}`, 0],
    ["a plan of an environment that applies its own", `dev:${"0".repeat(64)}`, 1],
    ["a plan of no environment", `rod:${"0".repeat(64)}`, 1],
    ["two names", `prod eu:${"0".repeat(64)}`, 1],
    ["a name without a digest", "prod", 1],
    ["a digest that is cut off", "prod:0", 1],
    ["a command in the digest", `prod:$(touch x)${"0".repeat(54)}`, 1],
  ])("who starts the workflow with %s is told if nothing has it", (_, plan, status) => {
    const environments = [environment("dev"), environment("prod"), environment("prod-eu", { production: true })];
    const { jobs } = workflow("terraform-apply", {}, { environments });
    const { run, env } = step(jobs.readiness, "Refuse a plan of no production environment");
    const result = spawnSync("bash", ["-c", run as string], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, PRODUCTION: String(env?.PRODUCTION), PLAN: plan },
    });
    expect([result.status, result.stdout.includes("::error::")]).toEqual([status, status === 1]);
  });

  test("what plans after a merge has no environment, holds no lock, and reads with the role of drift detection", () => {
    const { jobs } = called("terraform-apply");
    expect(jobs.plan).not.toHaveProperty("environment");
    expect(jobs.plan).not.toHaveProperty("concurrency");
    expect(jobs.plan.steps.filter(({ name }: { name: string }) => name.startsWith("Assume"))).toHaveLength(1);
    expect(step(jobs.plan, "Assume the drift role").with).toMatchObject({
      "role-to-assume": "${{ inputs.drift-role }}",
    });
    expect(passed("terraform-apply", "deploy-prod", {})).toMatchObject({
      "drift-role": "${{ vars.AWS_DRIFT_ROLE_ARN_PROD }}",
    });
  });

  test("what deploys holds the lock of its environment, and nothing cancels it", () => {
    const { jobs } = called("terraform-apply", { privateRunnerLabels: ["gpu-vpc"] });
    for (const id of ["apply", "apply-workloads"]) {
      expect(jobs[id].concurrency).toEqual({
        group: "terraform-${{ inputs.environment }}",
        "cancel-in-progress": false,
      });
      expect(jobs[id].environment).toBe("${{ inputs.environment }}");
    }
  });

  test("images are copied after the cluster has repositories for them and before the workloads pull them", () => {
    const more = { environments: [environment("dev"), environment("prod", { accountId: "111122223333" })] };
    const { jobs } = called("terraform-apply", { privateRunnerLabels: ["gpu-vpc"] }, more);
    expect(jobs.apply.steps.map((one: { name: string }) => one.name).slice(-4)).toEqual([
      "Apply the saved plans, stack by stack",
      "Keep state that could not be written",
      "Assume the mirror role",
      "Copy the images that are missing",
    ]);
    expect(step(jobs.apply, "Copy the images that are missing").run?.trimEnd().split("\n").at(-1)).toBe(
      'bash scripts/mirror-images.sh "$PLATFORM_ENVIRONMENT"',
    );
    expect(jobs.apply.env.PLATFORM_ENVIRONMENT).toBe("${{ inputs.environment }}");
    expect(jobs["apply-workloads"].steps.map((one: { name: string }) => one.name)).not.toContain(
      "Assume the mirror role",
    );
    expect(step(jobs.apply, "Assume the mirror role").with?.["role-to-assume"]).toBe("${{ inputs.mirror-role }}");
    expect(passed("terraform-apply", "deploy-dev", more)["mirror-role"]).toBe("${{ vars.AWS_MIRROR_ROLE_ARN_DEV }}");
    expect(passed("terraform-apply", "deploy-prod", more)["mirror-role"]).toBe(
      "arn:aws:iam::111122223333:role/acme-prod-mirror",
    );
  });

  test("where some environments have no mirror, theirs copy nothing", () => {
    const more = { environments: [environment("dev", { mirrored: false }), environment("prod")] };
    const { jobs } = called("terraform-apply", {}, more);
    for (const name of ["Assume the mirror role", "Copy the images that are missing"]) {
      expect(step(jobs.apply, name)).toMatchObject({ if: "inputs.mirror-role != ''" });
    }
    expect(passed("terraform-apply", "deploy-dev", more)).toMatchObject({
      "mirror-role": "",
      deploys: "${{ vars.AWS_APPLY_ROLE_ARN_DEV != '' }}",
    });
    expect(passed("terraform-apply", "deploy-prod", more).deploys).toBe(
      "${{ vars.AWS_APPLY_ROLE_ARN_PROD != '' && vars.AWS_MIRROR_ROLE_ARN_PROD != '' }}",
    );
  });

  test("where no mirror is filled by workflow, a deployment copies nothing", () => {
    for (const [options, mirrored] of [
      [{}, false],
      [{ mirrorImages: { enabled: false } }, true],
    ] as const) {
      const more = { environments: [environment("dev", { mirrored })] };
      for (const made of [workflow("terraform-apply", options, more), called("terraform-apply", options, more)]) {
        expect(JSON.stringify(made)).not.toMatch(/mirror/i);
      }
    }
  });

  test("every environment has its plan, and one check sums them up", () => {
    const { jobs } = workflow("terraform-plan", {}, { environments: [environment("dev"), environment("prod")] });
    expect(Object.keys(jobs)).toEqual(["synthesize", "plan-dev", "plan-prod", "controls", "comment", "terraform-plan"]);
    expect(jobs["terraform-plan"].needs).toEqual(["plan-dev", "plan-prod", "synthesize"]);
    expect(jobs.synthesize.if).toContain("(vars.AWS_PLAN_ROLE_ARN_DEV != '' || vars.AWS_PLAN_ROLE_ARN_PROD != '')");
    expect(jobs["plan-prod"].with).toMatchObject({ environment: "prod", stacks: "network cluster" });
    expect(called("terraform-plan").jobs.plan.env).toEqual({
      PLATFORM_ENVIRONMENT: "${{ inputs.environment }}",
      STACKS: "${{ inputs.stacks }}",
    });
    expect(step(jobs["terraform-plan"], "Require that each plan succeeded").env).toMatchObject({
      WAITS_FOR: "plan-dev=AWS_PLAN_ROLE_ARN_DEV plan-prod=AWS_PLAN_ROLE_ARN_PROD",
      AWS_PLAN_ROLE_ARN_PROD: "${{ vars.AWS_PLAN_ROLE_ARN_PROD }}",
    });
  });

  test("with an account id the role is written out and no other account is accepted", () => {
    const more = { environments: [environment("prod", { accountId: "012345678901" })] };
    expect(passed("terraform-plan", "plan-prod", more)).toMatchObject({
      "plan-role": "arn:aws:iam::012345678901:role/acme-prod-plan",
      "account-id": "012345678901",
      "aws-region": "eu-west-1",
    });
    expect(step(called("terraform-plan", {}, more).jobs.plan, "Assume the plan role").with).toMatchObject({
      "role-to-assume": "${{ inputs.plan-role }}",
      "allowed-account-ids": "${{ inputs.account-id }}",
      "aws-region": "${{ inputs.aws-region }}",
    });
  });

  test("without an account id the role is a repository variable of its environment", () => {
    const more = { environments: [environment("stage-eu")] };
    const inputs = passed("terraform-apply", "deploy-stage-eu", more);
    expect(inputs).toMatchObject({ "apply-role": "${{ vars.AWS_APPLY_ROLE_ARN_STAGE_EU }}" });
    expect(inputs).not.toHaveProperty("account-id");
    const { jobs } = called("terraform-apply", {}, more);
    expect(step(jobs.apply, "Assume the apply role").with).toMatchObject({
      "role-to-assume": "${{ inputs.apply-role }}",
    });
    expect(step(jobs.apply, "Assume the apply role").with).not.toHaveProperty("allowed-account-ids");
  });

  test("China has its own partition and audience", () => {
    const china = environment("cn", { region: "cn-north-1", accountId: "111122223333" });
    const more = { environments: [china, environment("eu")] };
    expect(passed("terraform-plan", "plan-cn", more)).toMatchObject({
      "plan-role": "arn:aws-cn:iam::111122223333:role/acme-cn-plan",
      audience: "sts.amazonaws.com.cn",
    });
    expect(passed("terraform-plan", "plan-eu", more)).toMatchObject({
      "account-id": "",
      audience: "sts.amazonaws.com",
    });
    const inputs = step(called("terraform-plan", {}, more).jobs.plan, "Assume the plan role").with;
    expect(inputs).toMatchObject({ audience: "${{ inputs.audience }}" });
  });

  test("a GitHub environment of another name is the one that deploys", () => {
    const more = { environments: [environment("dev"), environment("prod", { githubEnvironment: "production" })] };
    for (const [name, call, job] of [
      ["terraform-apply", "deploy", "apply"],
      ["mirror-images", "mirror", "mirror"],
    ] as const) {
      expect(passed(name, `${call}-prod`, more)["github-environment"]).toBe("production");
      expect(passed(name, `${call}-dev`, more)["github-environment"]).toBe("dev");
      expect(called(name, {}, more).jobs[job].environment).toBe("${{ inputs.github-environment }}");
    }
    expect(passed("terraform-plan", "plan-prod", more)).not.toHaveProperty("github-environment");
  });

  test("visibility and codeSecurity: what is free in public repositories is on there alone", () => {
    const isPublic = { visibility: RepositoryVisibility.PUBLIC };
    for (const options of [isPublic, { codeSecurity: true }]) {
      expect(generated(".github/workflows/tfsec.yml", options)).toContain("upload-sarif");
      expect(workflow("dependency-check", options).jobs).toHaveProperty("dependency-review");
      expect(workflow("codeql", options).jobs["codeql-actions"]).not.toHaveProperty("if");
    }
    expect(workflow("dependency-check").jobs).not.toHaveProperty("dependency-review");
    expect(workflow("codeql").jobs["codeql-actions"].if).toBe("github.event.repository.visibility == 'public'");
  });

  test("every report is kept in the summary and as an artifact, uploaded or not", () => {
    for (const options of [{}, { codeSecurity: true }]) {
      for (const [name, job] of [
        ["tfsec", "tfsec"],
        ["trivy", "trivy"],
        ["checkov", "checkov"],
        ["dependency-check", "osv"],
        ["workflow-audit", "zizmor"],
        ["codeql", "codeql-actions"],
        ["scorecard", "scorecard"],
      ] as const) {
        const { steps } = workflow(name, options).jobs[job] as { steps: { run?: string; uses?: string }[] };
        expect([name, steps.some(({ run }) => run?.includes("--summary"))]).toEqual([name, true]);
        expect([name, steps.some(({ uses }) => uses?.startsWith("actions/upload-artifact@"))]).toEqual([name, true]);
      }
    }
  });

  test("codeScanning: false uploads nothing and asks for no permission", () => {
    for (const options of [{}, { codeSecurity: true, codeScanning: false }]) {
      for (const text of Object.values(workflowFiles(write(project(options).project)))) {
        expect(text).not.toContain("upload-sarif");
        expect(text).not.toContain("security-events");
      }
      expect(step(workflow("codeql", options).jobs["codeql-actions"], "Analyze").with).toMatchObject({
        upload: "never",
      });
    }
  });

  test("hardenRunner is the first step of each job on a hosted runner", () => {
    const options = { hardenRunner: HardenRunner.AUDIT, privateRunnerLabels: ["self-hosted", "gpu-vpc"] };
    const { jobs } = called("terraform-plan", options);
    expect(jobs.plan.steps[0]).toMatchObject({ with: { "egress-policy": "audit" } });
    expect(jobs["plan-workloads"].steps[0].name).toBe("Check out the repository");
    const hosted = Object.values(workflowFiles(write(project(options).project)))
      .flatMap((text) => Object.values<Partial<Job> & { "runs-on": unknown }>(parse(text).jobs))
      .filter(({ steps, "runs-on": runner }) => steps !== undefined && runner === "ubuntu-24.04");
    expect(hosted.length).toBeGreaterThan(20);
    for (const { steps } of hosted) {
      expect(steps?.[0]?.uses).toMatch(/^step-security\/harden-runner@/);
    }
  });

  test("hardenRunnerEndpoints", () => {
    const options = { hardenRunner: HardenRunner.BLOCK, hardenRunnerEndpoints: ["a.example:443", "b.example:443"] };
    expect(workflow("build", options).jobs.build.steps[0].with).toEqual({
      "egress-policy": "block",
      "allowed-endpoints": "a.example:443 b.example:443",
    });
  });

  test("a job whose network hardenRunner does not block fails, but for the one that publishes to scorecard.dev", () => {
    const options: WorkflowOptions = {
      visibility: RepositoryVisibility.PUBLIC,
      hardenRunner: HardenRunner.BLOCK,
      hardenRunnerEndpoints: ["a.example:443"],
      scorecard: { publish: true },
    };
    const agent = mkdtempSync(join(tmpdir(), "agent-"));
    const script = workflow("build", options).jobs.build.steps[1].run.replaceAll("/home/agent", agent);
    const status = () => spawnSync("bash", ["-c", script]).status;
    const configured = (policy: string) => writeFileSync(join(agent, "agent.json"), `{"egress_policy":"${policy}"}`);
    expect(status()).toBe(1);
    configured("block");
    expect(status()).toBe(1);
    writeFileSync(join(agent, "agent.status"), "Initialized");
    expect(status()).toBe(0);
    configured("audit");
    expect(status()).toBe(1);
    const { steps } = workflow("scorecard", options).jobs.scorecard;
    expect(steps.filter(({ run }: { run?: string }) => run !== undefined)).toEqual([]);
  });

  test("actionPins replace ours, comment included", () => {
    const text = generated(".github/workflows/build.yml", { actionPins: { "actions/checkout": NEW_CHECKOUT } });
    expect(text).toContain(`uses: actions/checkout@${NEW_CHECKOUT.sha} # v9.9.9\n`);
  });

  test("an action of the user's own is allowed in zizmor's list too", () => {
    const text = generated(".github/scanners/zizmor.yml", {
      actionPins: { "acme/deploy": { version: "v1.0.0", sha: "c".repeat(40) } },
    });
    expect(parse(text).rules["forbidden-uses"].config.allow).toContain("acme/deploy");
  });

  test("schedule sets, and an empty one removes", () => {
    expect(workflow("tfsec", { tfsec: { schedule: "5 1 * * 2" } }).on.schedule).toEqual([{ cron: "5 1 * * 2" }]);
    expect(workflow("tfsec", { tfsec: { schedule: "" } }).on).not.toHaveProperty("schedule");
    expect(workflow("drift-detection", { drift: { schedule: "1 1 * * *" } }).on.schedule).toEqual([
      { cron: "1 1 * * *" },
    ]);
  });

  test("minimumSeverity in each scanner's own words", () => {
    const high = { minimumSeverity: FindingSeverity.HIGH };
    expect(generated(".github/workflows/tfsec.yml", { tfsec: high })).toContain("--minimum-severity HIGH ");
    expect(generated(".github/workflows/trivy.yml", { trivy: high })).toContain("--severity HIGH,CRITICAL ");
    expect(generated(".github/workflows/codeql.yml", { codeql: high })).toContain("--minimum-severity high ");
    expect(
      generated(".github/workflows/dependency-check.yml", { codeSecurity: true, dependencyCheck: high }),
    ).toContain("fail-on-severity: high");
    expect(generated(".github/workflows/dependency-check.yml", { codeSecurity: true })).toContain(
      "fail-on-severity: moderate",
    );
  });

  test("dependencyReview, allowLicenses", () => {
    expect(workflow("dependency-check", { dependencyCheck: { dependencyReview: false } }).jobs).not.toHaveProperty(
      "dependency-review",
    );
    expect(
      generated(".github/workflows/dependency-check.yml", {
        codeSecurity: true,
        dependencyCheck: { allowLicenses: ["MIT", "ISC"] },
      }),
    ).toContain("allow-licenses: MIT, ISC");
  });

  test("defaultBranch", () => {
    const apply = workflow("terraform-apply", {}, { defaultBranch: "trunk" });
    expect(apply.on.push.branches).toEqual(["trunk"]);
    expect(apply.jobs["deploy-prod"].if).toContain("github.ref == 'refs/heads/trunk'");
    expect(
      step(
        workflow("upgrade", {}, { defaultBranch: "trunk" }).jobs.propose,
        "Push the branch and open the pull request",
      ).env,
    ).toMatchObject({ BASE: "trunk" });
  });

  test("nodeVersion and terraformVersion; a range falls back to the exact version of the pins", () => {
    expect(step(workflow("build", {}, { nodeVersion: "24" }).jobs.build, "Set up Node.js").with).toMatchObject({
      "node-version": "24",
    });
    const job = (version: string) => called("terraform-plan", {}, { terraformVersion: version }).jobs.plan;
    expect(step(job("1.12.0"), "Set up Terraform").with?.terraform_version).toBe("1.12.0");
    const pin = readPinTable().tools.terraform;
    expect(step(job(">= 1.10.0"), "Install Terraform").env).toEqual({ VERSION: pin?.version, SHA256: pin?.sha256 });
  });

  test("no job that may hold credentials lets an action install Terraform, and the checked one comes first on the PATH", () => {
    const names = ["terraform-plan", "terraform-apply", "drift-detection"].map((name) => `${name}-environment`);
    const jobs = names.flatMap((name) => Object.values<Job>(workflow(name).jobs));
    const installing = jobs.filter(({ steps }) => steps.some(({ name }) => name === "Install Terraform"));
    expect(installing).toHaveLength(4);
    for (const { steps } of jobs) {
      expect(steps.filter(({ uses }) => uses?.startsWith("hashicorp/setup-terraform"))).toEqual([]);
    }
    for (const { steps } of installing) {
      const after = steps.slice(steps.findIndex(({ name }: { name: string }) => name === "Install Terraform") + 1);
      const scripts = after.flatMap(({ run }: { run?: string }) => (run === undefined ? [] : [run]));
      expect(scripts.length).toBeGreaterThan(1);
      for (const script of scripts) {
        expect(script.split("\n")[1]).toBe('export PATH="$RUNNER_TEMP/bin:$PATH"');
      }
    }
  });

  test("a job that asks for the parent of the merge commit fetches it: a checkout has one commit otherwise", () => {
    const { steps } = workflow("posture").jobs.posture;
    expect(step({ steps }, "Check out the base branch").run).toContain("HEAD^1");
    expect(step({ steps }, "Check out the repository").with?.["fetch-depth"]).toBe(2);
  });

  test("Scorecard runs from its image by digest, and from its action only where scorecard.dev asks for that", () => {
    const measure = (options: WorkflowOptions) => step(workflow("scorecard", options).jobs.scorecard, "Measure");
    const image = readPinTable().actions["ossf/scorecard-action"]?.image;
    expect(measure({}).uses).toBe(`docker://${image}`);
    expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(measure({}).with).toMatchObject({ results_format: "sarif", repo_token: "${{ github.token }}" });
    const visibility = RepositoryVisibility.PUBLIC;
    expect(measure({ visibility, scorecard: { publish: true } }).uses).toMatch(/^ossf\/scorecard-action@[0-9a-f]{40}$/);
  });

  test("terraformPlan.comment", () => {
    expect(
      generated(".github/workflows/terraform-plan.yml", { terraformPlan: { comment: PlanComment.APP } }),
    ).toContain("create-github-app-token");
    const own = generated(".github/workflows/terraform-plan.yml");
    expect(own).not.toContain("secrets.");
    expect(own).toContain("pull-requests: write");
    expect(workflow("terraform-plan", { terraformPlan: { comment: PlanComment.NONE } }).jobs).not.toHaveProperty(
      "comment",
    );
  });

  test("terraformApply.onPush", () => {
    expect(Object.keys(workflow("terraform-apply", { terraformApply: { onPush: false } }).on)).toEqual([
      "workflow_dispatch",
    ]);
  });

  test("appEnvironment", () => {
    expect(workflow("upgrade", { appEnvironment: "automation" }).jobs.propose.environment).toBe("automation");
    expect(workflow("drift-detection", { appEnvironment: "automation" }).jobs.report.environment).toBe("automation");
  });

  test("registriesWithoutSignatures", () => {
    const options = { registriesWithoutSignatures: ["npm.acme.example", "npm.other.example:8443"] };
    const steps = [
      step(workflow("dependency-check", options).jobs["npm-signatures"], "Verify registry signatures and provenance"),
      step(workflow("upgrade", options).jobs.verify, "Judge the update, verify what was published, and render again"),
    ];
    expect(steps.map(({ env }) => env?.REGISTRIES_WITHOUT_SIGNATURES)).toEqual([
      "npm.acme.example npm.other.example:8443",
      "npm.acme.example npm.other.example:8443",
    ]);
  });

  test("upgrade.cooldownDays", () => {
    expect(
      step(workflow("upgrade", { upgrade: { cooldownDays: 30 } }).jobs.readiness, "Say which versions have cooled down")
        .env,
    ).toEqual({ COOLDOWN_DAYS: 30 });
  });

  test("scorecard.publish signs and publishes", () => {
    const { jobs, ...top } = workflow("scorecard", {
      visibility: RepositoryVisibility.PUBLIC,
      scorecard: { publish: true },
    });
    // scorecard.dev refuses both.
    expect(top).not.toHaveProperty("defaults");
    expect(jobs.scorecard.steps.filter(({ run }: { run?: string }) => run !== undefined)).toEqual([]);
    expect(jobs.scorecard.permissions["id-token"]).toBe("write");
    expect(step(jobs.scorecard, "Measure").with).toMatchObject({ publish_results: true });
  });

  test("images are mirrored only where there is a private registry", () => {
    const directory = write(project({}, { environments: [environment("prod", { mirrored: false })] }).project);
    expect(existsSync(join(directory, ".github/workflows/mirror-images.yml"))).toBe(false);
  });

  test("the settings file names required checks, reviewers and allowed actions", () => {
    const settings = JSON.parse(
      generated(".github/settings.json", { environmentReviewers: { prod: ["@acme/platform"] } }),
    );
    // A gate more is one more check; required-checks.test.ts shows that each of them is reported.
    expect(settings.requiredChecks).toEqual(
      expect.arrayContaining([
        "Build and test",
        "Required checks",
        "Policy tests",
        "tfsec",
        "Checkov",
        "gitleaks",
        "OSV",
        "npm signatures",
        "License headers",
        "actionlint",
        "zizmor",
        "Trivy",
        "Terraform plan",
        "Sync check",
      ]),
    );
    expect(settings.environments).toContainEqual({
      name: "prod",
      reviewers: ["@acme/platform"],
      preventSelfReview: true,
      branches: ["main"],
    });
    expect(settings.actions.allowed).toContain("actions/checkout@*");
  });

  test("an exception of one resource stands beside the resource, and not in the scanner's configuration", () => {
    const options = { tfsec: { exceptions: [{ ...exception("aws-s3-enable-versioning"), resource: "extra/bucket" }] } };
    const { exceptions } = JSON.parse(generated("src/platform/scanner-exceptions.json", options));
    expect(exceptions.at(-1)).toEqual({
      scanner: "tfsec",
      id: "aws-s3-enable-versioning",
      resource: "extra/bucket",
      reason: "accepted for the tests",
      expires: "2099-01-31",
    });
    expect(generated(".github/scanners/tfsec.yml", options)).not.toContain("aws-s3-enable-versioning");
  });

  test("a comment that silences a scanner in a workflow of ours is an exception with a reason and a last day", () => {
    const comments = WORKFLOWS.flatMap(({ id }) =>
      [...readFileSync(join(PACKAGE_ROOT, "workflows", `${id}.yml`), "utf8").matchAll(/# (\w+):skip=(\w+):(.*)/g)].map(
        ([, scanner, finding, reason]) => [id, scanner, finding, reason],
      ),
    );
    const own = ownExceptions().filter(({ workflow }) => workflow !== undefined);
    expect(own.map(({ workflow, scanner, id, reason }) => [workflow, scanner, id, reason])).toEqual(comments);
    const listed = (options = {}) =>
      JSON.parse(generated(".ray-platform/exceptions.json", options)).exceptions.map(
        ({ option }: { option: string }) => option,
      );
    expect(listed()).toContain("checkov in terraform-apply.yml");
    expect(listed({ terraformApply: { enabled: false } })).not.toContain("checkov in terraform-apply.yml");
  });

  test("relaxations and exceptions are there for the security document and for the expiry check", () => {
    const relax = [{ rule: "job-timeout", reason: "accepted for the tests", expires: "2099-01-31" }];
    const { project: made, workflows } = project({
      relax,
      tfsec: { exceptions: [exception("aws-s3-enable-versioning")] },
    });
    expect(workflows.relaxations).toEqual(relax);
    expect(workflows.exceptions).toEqual([{ scanner: "tfsec", ...exception("aws-s3-enable-versioning") }]);
    const list = JSON.parse(readFileSync(join(write(made), ".ray-platform/exceptions.json"), "utf8")).exceptions as {
      id: string;
      expires: string;
    }[];
    const own = packageData<{ exceptions: { id: string; expires: string }[] }>("scanner-exceptions").exceptions;
    expect(list.map(({ id, expires }) => [id, expires])).toEqual([
      ["job-timeout", "2099-01-31"],
      ["aws-s3-enable-versioning", "2099-01-31"],
      ...own.map(({ id, expires }) => [id, expires]),
    ]);
  });
});
