// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GitHub } from "projen/lib/github/github";
import { GithubWorkflow } from "projen/lib/github/workflows";
import { JobPermission } from "projen/lib/github/workflows-model";
import { TextFile } from "projen/lib/textfile";
import { YamlFile } from "projen/lib/yaml";
import { WorkflowCheck, WorkflowViolations } from "../../src/components/workflow-check";
import { PACKAGE_ROOT } from "../../src/package-root";
import type { WorkflowOptions } from "../../src/options/workflow-options";
import { Ownership } from "../../src/sync/files/ownership";
import { PREVIEW_VARIABLE, UPDATE_VARIABLE } from "../../src/sync/run/run-variables";
import { readPinTable } from "../../src/workflow-rules/pin-table";
import { GOOD_WORKFLOW } from "./good-workflow";
import { environment, project } from "./generated-workflows";

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

  test("refuses workflows that GitHub would not start, and so many environments that theirs are", () => {
    const environments = Array.from({ length: 400 }, (_, index) => environment(`environment-${index}`));
    const refused = violations(project({}, { environments }).project);
    expect(refused.violations.map(({ rule, workflow }) => `${rule} ${workflow}`)).toEqual([
      "file-size .github/workflows/terraform-apply.yml",
    ]);
    expect(refused.message).toContain("`environments`");
  });

  test("names the checks of a required workflow that calls others, and comes to an end where one calls itself", () => {
    const call = (name: string, file: string) => ({
      name,
      permissions: {},
      uses: `./.github/workflows/${file}`,
    });
    const { project: made } = project({ requiredWorkflows: ["mine.yml"] });
    new YamlFile(made, ".github/workflows/mine.yml", {
      obj: { jobs: { a: call("A", "other.yml"), b: { name: "B" } } },
    });
    new YamlFile(made, ".github/workflows/other.yml", {
      obj: { jobs: { c: { name: "C" }, again: call("Again", "other.yml") } },
    });
    const check = made.components.find((component) => component instanceof WorkflowCheck) as WorkflowCheck;
    expect(check.requiredChecks()).toEqual(["A / C", "A / Again", "B"]);
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

  test.each(["tfsec", "Build and Test", "OSV"])("a required check is called as no other is: %s", (name) => {
    const { project: made } = project({ requiredWorkflows: ["mine.yml"] });
    const lines = GOOD_WORKFLOW.replace("    name: Check\n", `    name: ${name}\n`).split("\n");
    new TextFile(made, ".github/workflows/mine.yml", { lines });
    expect(() => made.synth()).toThrow(
      `workflows.requiredWorkflows[0] = "mine.yml"\n    rule: the check '${name}' is required already`,
    );
  });

  test("a workflow that is required twice, or is required anyway, has its checks once", () => {
    const { project: made } = project({ requiredWorkflows: ["mine.yml", "tfsec.yml", "mine.yml"] });
    new TextFile(made, ".github/workflows/mine.yml", { lines: GOOD_WORKFLOW.split("\n") });
    made.synth();
    const { requiredChecks } = JSON.parse(readFileSync(join(made.outdir, ".github/settings.json"), "utf8"));
    expect(requiredChecks.filter((name: string) => ["tfsec", "Check"].includes(name))).toEqual(["tfsec", "Check"]);
  });

  test("the checks of a required workflow are in the settings file", () => {
    const { project: made } = project({ requiredWorkflows: ["mine.yml"] });
    new TextFile(made, ".github/workflows/mine.yml", { lines: GOOD_WORKFLOW.split("\n") });
    made.synth();
    const { requiredChecks } = JSON.parse(readFileSync(join(made.outdir, ".github/settings.json"), "utf8"));
    expect(requiredChecks.at(-1)).toBe("Check");
  });
});

describe("what lies in the repository without being generated", () => {
  const GOOD_ACTION = `name: Notify
description: Says that a deployment has ended.
runs:
  using: composite
  steps:
    - name: Say it
      shell: bash
      env:
        TEXT: \${{ inputs.text }}
      run: echo "$TEXT"
`;
  const TAG = "    - name: Cache\n      uses: actions/cache@v4\n";

  /** Writes a project beside files of the user's. @returns what the log says, and the exit code */
  function written(
    files: Record<string, string>,
    options: WorkflowOptions = {},
    prepare: (made: ReturnType<typeof project>["project"]) => void = () => {},
  ): { log: string; exitCode: unknown; outdir: string } {
    const { project: made } = project(options);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(made.outdir, path)), { recursive: true });
      writeFileSync(join(made.outdir, path), text);
    }
    prepare(made);
    const lines: unknown[] = [];
    const warn = jest.spyOn(made.logger, "warn").mockImplementation((...text: unknown[]) => {
      lines.push(...text);
    });
    try {
      made.synth();
      return { log: lines.join("\n"), exitCode: process.exitCode, outdir: made.outdir };
    } finally {
      warn.mockRestore();
      process.exitCode = undefined;
    }
  }

  test.each<readonly [string, Record<string, string>, readonly string[]]>([
    [
      "a workflow",
      { ".github/workflows/mine.yml": GOOD_WORKFLOW.replace("    timeout-minutes: 5\n", "") },
      [".github/workflows/mine.yml:21, job 'check': [job-timeout]"],
    ],
    [
      "a workflow with the other ending",
      { ".github/workflows/mine.yaml": "on: push\njobs: {}\n" },
      ["[name-workflow]"],
    ],
    ["what is no workflow", { ".github/workflows/mine.yml": "a: [\n" }, ["[syntax]"]],
    ["an action below .github", { ".github/actions/a/action.yml": GOOD_ACTION + TAG }, ["[pin-action]"]],
    [
      "an action anywhere",
      { "ci/notify/action.yaml": GOOD_ACTION + TAG },
      [
        "ci/notify/action.yaml:11, job 'runs', step 'Cache': [pin-action] 'actions/cache@v4' is not pinned to a commit.",
      ],
    ],
    [
      "an action by the name of what is built",
      { ".github/actions/build/action.yml": GOOD_ACTION + TAG },
      ["[pin-action]"],
    ],
    ["and by that of a report", { "ci/coverage/action.yml": GOOD_ACTION + TAG }, ["ci/coverage/action.yml:11, "]],
    ["an action at the top", { "action.yml": GOOD_ACTION.replace("shell: bash", "shell: sh") }, ["[shell-strict]"]],
    [
      "an input in a script of an action",
      { "ci/action.yml": GOOD_ACTION.replace('"$TEXT"', "${{ inputs.text }}") },
      ["[shell-expression]"],
    ],
    [
      "an action that hides a failure",
      { "ci/action.yml": GOOD_ACTION.replace('"$TEXT"', '"$TEXT" || true') },
      ["[no-soft-fail]"],
    ],
    [
      "an action in an image by tag",
      { "ci/action.yml": "name: A\nruns:\n  using: docker\n  image: docker://alpine:3\n" },
      ["[pin-image] Image 'alpine:3' has no digest."],
    ],
    [
      "Dependabot without a cool-down",
      { ".github/dependabot.yml": "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n" },
      ["[dependabot-cooldown]"],
    ],
  ])("%s is told of: everything is written, and the run fails", (_title, files, expected) => {
    const { log, exitCode, outdir } = written(files);
    for (const text of expected) {
      expect(log).toContain(text);
    }
    expect(exitCode).toBe(1);
    expect(existsSync(join(outdir, ".github/workflows/build.yml"))).toBe(true);
    for (const [path, text] of Object.entries(files)) {
      expect(readFileSync(join(outdir, path), "utf8")).toBe(text);
    }
  });

  test.each<readonly [string, Record<string, string>]>([
    [
      "a good workflow and a good action",
      { ".github/workflows/mine.yml": GOOD_WORKFLOW, "ci/action.yml": GOOD_ACTION },
    ],
    [
      "an action that is built from a file",
      { "ci/action.yml": "name: A\nruns:\n  using: docker\n  image: Dockerfile\n" },
    ],
    ["an action in JavaScript", { "ci/action.yml": "name: A\nruns:\n  using: node24\n  main: index.js\n" }],
    ["a file of that name that is no action", { "playbooks/action.yml": "tasks: [a]\n" }],
    [
      "what was installed or built, and another repository",
      {
        "node_modules/x/action.yml": GOOD_ACTION + TAG,
        ".venv/x/action.yml": GOOD_ACTION + TAG,
        "vendored/.git": "gitdir: elsewhere\n",
        "vendored/action.yml": GOOD_ACTION + TAG,
      },
    ],
  ])("%s passes", (_title, files) => {
    expect(written(files)).toMatchObject({ log: "", exitCode: undefined });
  });

  test("a workflow that an earlier run wrote, and this one does not, is on its way out", () => {
    const path = ".github/workflows/old.yml";
    const lock = {
      format: 1,
      generator: "0.0.1",
      migrations: [],
      files: {
        [path]: { class: "managed", component: "workflows", version: "0.0.1", sha256: "0".repeat(64), mode: "444" },
      },
    };
    const files = { [path]: "on: push\njobs: {}\n", ".ray-platform/lock.json": `${JSON.stringify(lock)}\n` };
    expect(written(files)).toMatchObject({ log: "", exitCode: undefined });
  });

  test("a generated workflow that was released is judged as it lies on disk", () => {
    const path = ".github/workflows/scorecard.yml";
    const { log, exitCode } = written({ [path]: "on: push\njobs: {}\n" }, {}, (made) => {
      Ownership.of(made).release([path]);
    });
    expect([log.includes(`${path}:1: [name-workflow]`), exitCode]).toEqual([true, 1]);
  });

  test("an action that is a link to a file by another name is that file", () => {
    const { log, exitCode } = written({ "ci/notify.yml": GOOD_ACTION + TAG }, {}, ({ outdir }) => {
      symlinkSync("notify.yml", join(outdir, "ci/action.yml"));
      symlinkSync("nowhere", join(outdir, "action.yml"));
    });
    expect([log.includes("ci/action.yml:11, job 'runs'"), exitCode]).toEqual([true, 1]);
  });

  test("a link to elsewhere is not followed", () => {
    const { exitCode } = written({ "outside/x": "" }, {}, (made) => symlinkSync("..", join(made.outdir, "outside/up")));
    expect(exitCode).toBeUndefined();
  });

  test("a relaxation names the file, or its path", () => {
    const reason = "the action is on its way out";
    const files = { "ci/notify/action.yml": GOOD_ACTION + TAG };
    const relaxed = (workflow?: string) =>
      written(files, { relax: [{ rule: "pin-action", reason, workflow }] }).exitCode;
    expect([relaxed("ci/notify/action.yml"), relaxed(), relaxed("ci/other/action.yml"), relaxed("action.yml")]).toEqual(
      [undefined, undefined, 1, 1],
    );
  });

  test("an update and a preview do not fail for them", () => {
    const files = { ".github/workflows/mine.yml": "on: push\njobs: {}\n" };
    const withVariable = (name: string) => {
      process.env[name] = "report.json";
      try {
        const { log, exitCode } = written(files);
        return [log.includes("the build will fail"), exitCode];
      } finally {
        delete process.env[name];
      }
    };
    expect(withVariable(UPDATE_VARIABLE)).toEqual([true, undefined]);
    expect(withVariable(PREVIEW_VARIABLE)).toEqual([false, undefined]);
  });
});
