// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GitHub } from "projen/lib/github/github";
import { GithubWorkflow } from "projen/lib/github/workflows";
import { JobPermission } from "projen/lib/github/workflows-model";
import { TextFile } from "projen/lib/textfile";
import { YamlFile } from "projen/lib/yaml";
import { WorkflowViolations } from "../../src/components/workflow-check";
import { PACKAGE_ROOT } from "../../src/package-root";
import type { WorkflowOptions } from "../../src/options/workflow-options";
import { readPinTable } from "../../src/workflow-rules/pin-table";
import { GOOD_WORKFLOW } from "./good-workflow";
import { project } from "./generated-workflows";

/** What the check says about a project; nothing may have been written then. */
function violations(made: ReturnType<typeof project>["project"]): WorkflowViolations {
  process.env.PROJEN_DISABLE_POST = "true";
  try {
    made.synth();
  } catch (error) {
    expect(readdirSync(made.outdir)).toEqual([]);
    if (error instanceof WorkflowViolations) {
      return error;
    }
    throw error;
  }
  throw new Error("the check refused nothing");
}

const bad = {
  name: "Mine",
  on: { pull_request_target: {} },
  jobs: { a: { "runs-on": "ubuntu-latest", steps: [{ run: "echo ${{ github.head_ref }}" }] } },
};

describe("the check of all workflows before anything is written", () => {
  test("lets our own workflows pass", () => {
    const { project: made } = project();
    expect(() => made.synth()).not.toThrow();
    expect(existsSync(join(made.outdir, ".github/workflows/build.yml"))).toBe(true);
  });

  test("refuses a bad workflow from projen's GithubWorkflow, and names everything that is wrong with it", () => {
    const { project: made } = project();
    const workflow = new GithubWorkflow(new GitHub(made, { mergify: false, pullRequestLint: false }), "deploy");
    workflow.on({ pullRequestTarget: {} });
    workflow.addJob("deploy", {
      runsOn: ["ubuntu-latest"],
      permissions: { contents: JobPermission.WRITE },
      steps: [{ uses: "actions/checkout@v4" }],
    });
    const rules = violations(made).violations.map(({ rule }) => rule);
    expect(rules).toEqual(
      expect.arrayContaining([
        "trigger-dangerous",
        "pin-action",
        "permissions-top-empty",
        "job-timeout",
        "checkout-credentials",
        "job-runner",
        "name-step",
      ]),
    );
  });

  test("refuses a careful workflow from projen's GithubWorkflow for what that cannot write, as the guide says", () => {
    const { project: made } = project();
    const workflow = new GithubWorkflow(new GitHub(made, { mergify: false, pullRequestLint: false }), "deploy");
    workflow.on({ workflowDispatch: {} });
    const steps = [
      {
        name: "Check out",
        uses: `actions/checkout@${readPinTable().actions["actions/checkout"].sha}`,
        with: { "persist-credentials": false },
      },
    ];
    workflow.addJob("deploy", {
      name: "Deploy",
      runsOn: ["ubuntu-24.04"],
      timeoutMinutes: 5,
      permissions: { contents: JobPermission.READ },
      steps,
    });
    workflow.file?.addOverride("permissions", {});
    workflow.file?.addOverride("concurrency", { group: "deploy", "cancel-in-progress": false });
    const rules = violations(made).violations.map(({ rule }) => rule);
    expect(rules.sort()).toEqual(["permissions-reason", "permissions-top-empty", "pin-version-comment"]);
    const guide = readFileSync(join(PACKAGE_ROOT, "docs", "workflows.md"), "utf8")
      .split("## Workflows of your own")[1]
      .split("\n## ")[0];
    expect(rules.filter((rule) => !guide.includes(`\`${rule}\``))).toEqual([]);
  });

  test("refuses a bad workflow from a YamlFile", () => {
    const { project: made } = project();
    new YamlFile(made, ".github/workflows/mine.yaml", { obj: bad });
    const error = violations(made);
    expect(error.violations.every(({ workflow }) => workflow === ".github/workflows/mine.yaml")).toBe(true);
    expect(error.message).toContain("job 'a', step 'step 1': [shell-expression]");
  });

  test("refuses a bad workflow from any other file, added after the component", () => {
    const { project: made } = project();
    new TextFile(made, ".github/workflows/mine.yml", {
      lines: GOOD_WORKFLOW.replace("    timeout-minutes: 5\n", "").split("\n"),
    });
    expect(violations(made).violations.map(({ rule }) => rule)).toEqual(["job-timeout"]);
  });

  test("refuses dependabot.yml without a cool-down", () => {
    const { project: made } = project();
    new YamlFile(made, ".github/dependabot.yml", {
      obj: { version: 2, updates: [{ "package-ecosystem": "npm", directory: "/" }] },
    });
    expect(violations(made).violations.map(({ rule }) => rule)).toEqual(["dependabot-cooldown"]);
  });

  test("accepts a good workflow of the user's, and files that are no workflows", () => {
    const { project: made } = project();
    new TextFile(made, ".github/workflows/mine.yml", { lines: GOOD_WORKFLOW.split("\n") });
    new TextFile(made, ".github/workflows/README.md", { lines: ["pull_request_target"] });
    expect(() => made.synth()).not.toThrow();
  });

  describe("relaxations", () => {
    const withoutTimeout = (options: WorkflowOptions) => {
      const { project: made } = project(options);
      new TextFile(made, ".github/workflows/mine.yml", {
        lines: GOOD_WORKFLOW.replace("    timeout-minutes: 5\n", "").split("\n"),
      });
      return made;
    };
    const relaxation = { rule: "job-timeout", reason: "this job waits for a person" };

    test("switch one rule off", () => {
      expect(() => withoutTimeout({ relax: [relaxation] }).synth()).not.toThrow();
      expect(() => withoutTimeout({ relax: [{ ...relaxation, workflow: "mine.yml" }] }).synth()).not.toThrow();
    });

    test("do not reach another workflow or another rule", () => {
      expect(violations(withoutTimeout({ relax: [{ ...relaxation, workflow: "other.yml" }] })).violations).toHaveLength(
        1,
      );
      expect(violations(withoutTimeout({ relax: [{ ...relaxation, rule: "job-runner" }] })).violations).toHaveLength(1);
    });
  });

  test("a workflow that the options call required must run in the merge queue", () => {
    const { project: made } = project({ requiredWorkflows: ["mine.yml"] });
    new TextFile(made, ".github/workflows/mine.yml", {
      lines: GOOD_WORKFLOW.replace("  merge_group:\n", "").split("\n"),
    });
    expect(violations(made).violations.map(({ rule }) => rule)).toEqual(["trigger-merge-group"]);
  });

  test("a required workflow that nobody adds is refused before anything is written", () => {
    for (const name of ["deploy.yml", "mine.yaml"]) {
      const { project: made } = project({ requiredWorkflows: [name] });
      new TextFile(made, ".github/workflows/mine.yml", { lines: GOOD_WORKFLOW.split("\n") });
      expect(() => made.synth()).toThrow(`workflows.requiredWorkflows[0] = "${name}"`);
      expect(readdirSync(made.outdir)).toEqual([]);
    }
  });

  test("the checks of a required workflow are in the settings file", () => {
    const { project: made } = project({ requiredWorkflows: ["mine.yml"] });
    new TextFile(made, ".github/workflows/mine.yml", { lines: GOOD_WORKFLOW.split("\n") });
    made.synth();
    const { requiredChecks } = JSON.parse(readFileSync(join(made.outdir, ".github/settings.json"), "utf8"));
    expect(requiredChecks.at(-1)).toBe("Check");
  });
});
