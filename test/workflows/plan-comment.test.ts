// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { PlanComment } from "../../src/options/workflow-options";
import { environment, project, workflowFiles, write } from "./generated-workflows";
import { manifestEntry } from "../templates/manifest-entry";

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

  test("by the App is left out of a run that cannot read its key, as those of Dependabot, and the run says so", () => {
    const { steps } = workflow(PlanComment.APP).jobs.comment as { steps: Record<string, string>[] };
    const asked = (key: string) => {
      const { directory } = runner({ output: "" });
      const { status, stdout } = spawnSync("bash", ["-c", steps.find(({ id }) => id === "key")?.run ?? "exit 9"], {
        env: { PATH: process.env.PATH, KEY: key, GITHUB_OUTPUT: join(directory, "output") },
        encoding: "utf8",
      });
      return [status, readFileSync(join(directory, "output"), "utf8").trim(), stdout.includes("::notice")];
    };
    expect([asked(""), asked("the key")]).toEqual([
      [0, "present=false", true],
      [0, "present=true", false],
    ]);
    const later = steps.slice(steps.findIndex(({ id }) => id === "key") + 1);
    expect(later.map((step) => step.if)).toEqual(later.map(() => "steps.key.outputs.present == 'true'"));
  });

  /** The summary of a stack, as scripts/plan-summary.mjs writes it. */
  const stack = (name: string, resources: number, more = "") =>
    [
      `### \`${name}\``,
      "",
      "| add | change | replace | destroy | forget |",
      "|---|---|---|---|---|",
      `| ${resources} | 1 | 0 | 2 | 0 |`,
      "",
      "<details><summary>Resources</summary>",
      "",
      ...Array.from({ length: resources }, (_, index) => `- add \`aws_example.of_${name}_${index}\``),
      "",
      "</details>",
      "",
      `**Running work:** of ${name}`,
      more,
      "",
    ].join("\n");
  const many = (stacks: number, resources: number, more = "") =>
    Object.fromEntries(
      Array.from({ length: stacks }, (_, index) => `env${100 + index}-cluster`).map((name) => [
        `${name}.md`,
        stack(name, resources, more),
      ]),
    );

  test("begins with a table of all stacks, those that wait too", () => {
    const text = comment({
      ...many(2, 3),
      "dev-workloads.md":
        "### `dev-workloads`\n\nWaits for dev-cluster, not deployed yet. Until then it is validated.\n",
      "bootstrap.md": "### Bootstrap\n\nThe bootstrap stack of `dev` changes.\n",
    });
    expect(text).toContain(
      [
        "| Stack | add | change | replace | destroy | forget |",
        "|---|---|---|---|---|---|",
        "| `dev-workloads` | waits | | | | |",
        "| `env100-cluster` | 3 | 1 | 0 | 2 | 0 |",
        "| `env101-cluster` | 3 | 1 | 0 | 2 | 0 |",
        "",
      ].join("\n"),
    );
    expect(text.match(/### Bootstrap/g)).toHaveLength(1);
    expect(text).toContain("aws_example.of_env101-cluster_2");
  });

  test("that is too long loses the lists of resources first, and no stack", () => {
    const text = comment(many(60, 100));
    expect(text.length).toBeLessThan(65000);
    expect(text.match(/\*\*Running work:\*\*/g)).toHaveLength(60);
    expect(text).not.toContain("aws_example");
    expect(text.match(/Which resources stands in the run\./g)).toHaveLength(60);
  });

  test("that is too long even so ends with a whole line and says where the rest is, after the table of all stacks", () => {
    const text = comment(many(60, 1, "ü".repeat(3000)));
    expect(text.length).toBeLessThanOrEqual(65000);
    expect(text.match(/^\| `env1\d\d-cluster` \| 1 \|/gm)).toHaveLength(60);
    expect(text).toMatch(
      /\n\n\*\*The rest is longer than a comment: \[all details\]\(https:\/\/github\.example\/run\)\.\*\*\n$/,
    );
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
      "bin/node": `#!/bin/bash\necho "$@"\n[[ "$1" == scripts/* ]] || exit ${code}\n`,
    });
    const status = run("controls", "Compare the controls with those of the base branch");
    const textOf = (name: string) => {
      const file = join(directory, "summary", name);
      return existsSync(file) ? readFileSync(file, "utf8") : "";
    };
    return { status, text: textOf("controls.md"), bootstrap: textOf("bootstrap.md") };
  };

  test.each([
    ["nothing is violated", 0, 0],
    ["a control is violated, for which the posture workflow fails", 2, 0],
    ["there is no verdict", 1, 1],
  ])("if %s", (_, code, status) => {
    const compared = compare("src/platform/platform.json", code);
    expect(compared.status).toBe(status);
    expect(compared.text).toMatch(/ray-platform posture --against .*\/base\n$/);
    expect(compared.bootstrap).toMatch(/^scripts\/bootstrap-changes\.mjs .*\/base\n$/);
  });

  test("a base branch without a platform is told", () => {
    expect(compare("", 1)).toMatchObject({ status: 0, text: expect.stringContaining("no platform to compare with") });
  });
});

describe("bootstrap-changes.mjs", () => {
  const bootstrap = (environment: string, resources: object, more: object = {}) => ({
    [`cdktf.out/stacks/${environment}-bootstrap/cdk.tf.json`]: JSON.stringify({ resource: resources, ...more }),
  });
  const manifest = (...environments: string[]) => ({
    "cdktf.out/manifest.json": JSON.stringify({
      stacks: Object.fromEntries(
        environments.flatMap((name) =>
          ["bootstrap", "cluster"].map((layer) => [`${name}-${layer}`, manifestEntry(`${name}-${layer}`)]),
        ),
      ),
    }),
  });
  const changes = (before: Record<string, string>, after: Record<string, string>): string => {
    const base = Object.fromEntries(Object.entries(before).map(([path, text]) => [`base/${path}`, text]));
    const { directory } = runner({ ...base, ...after });
    const script = join(__dirname, "..", "..", "templates", "scripts", "bootstrap-changes.mjs");
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, "base"], {
      cwd: directory,
      encoding: "utf8",
    });
    expect([stderr, status]).toEqual(["", 0]);
    return stdout;
  };
  const role = { aws_iam_role: { apply: { name: "apply", "//": { metadata: { uniqueId: "a" } } } } };
  const versions = (version: string) => ({
    terraform: { required_providers: { aws: { version } }, backend: { s3: {} } },
  });

  test("says nothing where nothing changes that is deployed", () => {
    const moved = { aws_iam_role: { apply: { "//": { metadata: { uniqueId: "b" } }, name: "apply" } } };
    expect(
      changes(
        { ...manifest("dev"), ...bootstrap("dev", role, versions("6.1.0")) },
        { ...manifest("dev"), ...bootstrap("dev", moved, versions("6.2.0")) },
      ),
    ).toBe("");
  });

  test("names what changes, without a value, and who applies it", () => {
    const before = { ...role, aws_iam_policy: { old: { policy: "secret" } } };
    const after = { aws_iam_role: { apply: { name: "secret" } }, aws_s3_bucket: { "new`\n# x": {} } };
    const text = changes(
      { ...manifest("dev", "prod"), ...bootstrap("dev", before), ...bootstrap("prod", role) },
      {
        ...manifest("dev", "prod"),
        ...bootstrap("dev", after, { provider: { aws: [{ region: "secret" }] } }),
        ...bootstrap("prod", role),
      },
    );
    expect(text).toBe(`### Bootstrap

The bootstrap stack of \`dev\` changes, which no workflow applies: an administrator runs \`bash scripts/bootstrap.sh dev\`.

- destroy \`aws_iam_policy.old\`
- change \`aws_iam_role.apply\`
- add \`aws_s3_bucket.new''# x\`
- add \`provider.aws\`

`);
  });

  test("says which environments are new, and which go", () => {
    const text = changes(
      { ...manifest("dev"), ...bootstrap("dev", role) },
      { ...manifest("prod"), ...bootstrap("prod", role) },
    );
    expect(text).toMatch(/The environment `dev` is removed, and what it deployed stays/);
    expect(text).toMatch(
      /The environment `prod` is new: an administrator runs `bash scripts\/bootstrap\.sh prod` before/,
    );
  });

  test("a base branch that synthesizes nothing has no environment", () => {
    expect(changes({ "README.md": "" }, { ...manifest("dev"), ...bootstrap("dev", role) })).toContain("`dev` is new");
  });
});
