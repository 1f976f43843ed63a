// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { PlanComment } from "../../src/options/workflow-options";
import { environment, project, workflowFiles, write } from "./generated-workflows";

const workflow = (comment?: PlanComment) =>
  parse(
    workflowFiles(
      write(
        project(comment === undefined ? {} : { terraformPlan: { comment } }, {
          environments: [environment("dev"), environment("prod")],
        }).project,
      ),
    )["terraform-plan.yml"] as string,
  );
const WORKFLOW = workflow();

interface Place {
  readonly directory: string;
  /** Runs a step of a job as a runner does. */
  readonly run: (job: string, step: string) => number | null;
}

/** A runner with some files, and with programs that stand for those that reach others. */
function runner(files: Readonly<Record<string, string>>): Place {
  const directory = mkdtempSync(join(tmpdir(), "plan-comment-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
    chmodSync(join(directory, path), path.startsWith("bin/") ? 0o755 : 0o644);
  }
  const run = (job: string, name: string): number | null => {
    const step = WORKFLOW.jobs[job].steps.find((one: { name: string }) => one.name === name);
    return spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
      cwd: directory,
      env: {
        PATH: `${join(directory, "bin")}:${process.env.PATH}`,
        RUNNER_TEMP: directory,
        REPOSITORY: "acme/gpu-platform",
        PULL_REQUEST: "1",
        RUN_URL: "https://github.example/run",
      },
      encoding: "utf8",
    }).status;
  };
  return { directory, run };
}

describe("the comment on a pull request", () => {
  const GH = `#!/bin/bash
while [[ "$#" -gt 1 ]]; do [[ "$1" == --input ]] && cp "$2" written; shift; done
`;
  const comment = (summaries: Readonly<Record<string, string>>): string => {
    const files = Object.fromEntries(Object.entries(summaries).map(([name, text]) => [`summaries/${name}`, text]));
    const { directory, run } = runner({ "bin/gh": GH, ...files });
    expect(run("comment", "Write the comment, or replace the last one")).toBe(0);
    return JSON.parse(readFileSync(join(directory, "written"), "utf8")).body;
  };

  test("has the controls, then every stack of every environment", () => {
    const text = comment({
      "dev-network.md": "### `dev-network`\n",
      "prod-cluster.md": "### `prod-cluster`\n",
      "controls.md": "### Controls\n\nNone of the 9 controls changes.\n",
    });
    const places = ["<!-- terraform-plan -->", "None of the 9", "dev-network", "prod-cluster"].map((part) =>
      text.indexOf(part),
    );
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(Math.min(...places)).toBe(0);
  });

  test("says so if nobody knows which controls change", () => {
    expect(comment({ "dev-network.md": "x" })).toContain("**Which controls change could not be found out.**");
  });

  test("keeps the controls, and where the rest is, when the plans are longer than GitHub takes", () => {
    const text = comment({ "dev-network.md": "x".repeat(70000), "controls.md": "### Controls\n" });
    expect(text.length).toBeLessThanOrEqual(65000);
    expect(text).toContain("[All details](https://github.example/run)");
    expect(text).toContain("### Controls");
  });

  test("waits for the comparison of the controls, whose job can do nothing but read", () => {
    expect(WORKFLOW.jobs.comment.needs).toEqual(["plan-dev", "plan-prod", "controls"]);
    expect(WORKFLOW.jobs.controls.needs).toEqual(["plan-dev", "plan-prod", "synthesize"]);
    expect(WORKFLOW.jobs.controls.permissions).toEqual({ contents: "read" });
    expect(JSON.stringify(WORKFLOW.jobs.controls)).not.toMatch(/secrets\.|GH_TOKEN|id-token/);
  });

  test("needs no comparison where there is none", () => {
    expect(Object.keys(workflow(PlanComment.NONE).jobs)).toEqual([
      "synthesize",
      "plan-dev",
      "plan-prod",
      "terraform-plan",
    ]);
  });
});

describe("the controls that change", () => {
  const compare = (base: string, code: number) => {
    const { directory, run } = runner({
      "bin/git": `#!/bin/bash\nif [[ "$1" == ls-tree ]]; then echo "${base}"; else mkdir "$4"; fi\n`,
      "bin/npm": "#!/bin/bash\n",
      "bin/npx": "#!/bin/bash\n",
      "bin/node": `#!/bin/bash\necho "$@"\nexit ${code}\n`,
    });
    const status = run("controls", "Compare the controls with those of the base branch");
    const file = join(directory, "summary", "controls.md");
    return { status, text: existsSync(file) ? readFileSync(file, "utf8") : "" };
  };

  test.each([
    ["nothing is violated", 0, 0],
    ["a control is violated, for which the posture workflow fails", 2, 0],
    ["there is no verdict", 1, 1],
  ])("if %s", (_, code, status) => {
    const compared = compare("src/platform/platform.json", code);
    expect(compared.status).toBe(status);
    expect(compared.text).toMatch(/ray-platform posture --against .*\/base\n$/);
  });

  test("a base branch without a platform is told", () => {
    expect(compare("", 1)).toEqual({ status: 0, text: expect.stringContaining("no platform to compare with") });
  });
});
