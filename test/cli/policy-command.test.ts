// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { policyReport } from "../../src/reports/policy-report";
import { runPolicyCommand } from "../../src/cli/policy-command";
import { ExplainedError } from "../../src/explained-error";

const { base, edited } = require("../policies/cases/expand.cjs") as {
  base(name: string): any;
  edited(document: any, edits: unknown[]): any;
};

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "policy-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), typeof content === "string" ? content : JSON.stringify(content));
}

async function run(argv: string[], stdin = ""): Promise<{ code: number; out: string }> {
  const written: string[] = [];
  const io = { cwd, out: (text: string) => void written.push(text), err: () => undefined };
  return { code: await runPolicyCommand(argv, io, () => stdin), out: written.join("") };
}

const cluster = () => base("ray-cluster");
const tooLarge = () => edited(cluster(), [["spec workerGroupSpecs 0 maxReplicas", 47]]);

const stack = (name: string, extra: object = {}) => ({
  "//": { metadata: { stackName: name } },
  terraform: { backend: { s3: { bucket: "state", key: `${name}.tfstate` } } },
  provider: {
    aws: [{ region: "us-east-1", default_tags: [{ tags: { ManagedBy: "a", Environment: "b", Repository: "c" } }] }],
  },
  ...extra,
});

test("a plan within the limits: exit code 0", async () => {
  write("plan.json", base("plan"));
  expect(await run(["plan.json"])).toEqual({ code: 0, out: "1 file: 0 denied, 0 warned\n" });
});

test("a violation: exit code 2, with rule, place and fix", async () => {
  write("ray.yaml", stringify(tooLarge()));
  const { code, out } = await run(["ray.yaml"]);
  expect(code).toBe(2);
  expect(out).toContain("deny  ray/max-workers");
  expect(out).toContain("at [0].spec.workerGroupSpecs");
  expect(out).toContain("fix: Lower maxReplicas");
});

test("a plan on standard input", async () => {
  const plan = edited(base("plan"), [["errored", true]]);
  expect((await run(["-"], JSON.stringify(plan))).code).toBe(2);
});

test("without files: what was synthesized", async () => {
  write(
    "cdktf.out/stacks/dev/cdk.tf.json",
    stack("dev", {
      resource: { aws_ebs_volume: { data: { availability_zone: "us-east-1a", size: 501, encrypted: true } } },
    }),
  );
  write("cdktf.out/manifests/ray.yaml", stringify(tooLarge()));
  const { code, out } = await run([]);
  expect(code).toBe(2);
  expect(out).toContain("cdktf.out/stacks/dev/cdk.tf.json\n  deny  terraform/max-volume");
  expect(out).toContain("cdktf.out/manifests/ray.yaml\n  deny  ray/max-workers");
});

test.each<[string, object]>([
  [
    "the values of a Helm release",
    { resource: { helm_release: { ray: { name: "ray", values: [JSON.stringify({ rayCluster: tooLarge() })] } } } },
  ],
  ["a Kubernetes manifest", { resource: { kubernetes_manifest: { ray: { manifest: tooLarge() } } } }],
])("a cluster in %s of a stack is judged", async (_, extra) => {
  write("cdktf.out/stacks/dev/cdk.tf.json", stack("dev", extra));
  const { code, out } = await run([]);
  expect(code).toBe(2);
  expect(out).toContain("ray/max-workers");
});

test("a cluster in a Helm release of a plan is judged", async () => {
  const release = {
    address: "helm_release.ray",
    mode: "managed",
    type: "helm_release",
    name: "ray",
    change: { actions: ["create"], after: { values: [stringify({ rayCluster: tooLarge() })] } },
  };
  write("plan.json", edited(base("plan"), [["resource_changes +", release]]));
  expect((await run(["plan.json"])).out).toContain("ray/max-workers");
});

test("without files and without a synth: an error that says what to run", async () => {
  await expect(run([])).rejects.toThrow('run "npx projen synth" first');
});

test("limits of the repository hold", async () => {
  write("ray.yaml", stringify(tooLarge()));
  write("policies/data/limits.json", { limits: { ray: { max_total_workers: 100 } } });
  expect((await run(["ray.yaml"])).code).toBe(0);
});

test("limits of another file hold instead", async () => {
  write("ray.yaml", stringify(cluster()));
  write("policies/data/limits.json", { limits: { ray: { max_total_workers: 100 } } });
  write("strict.json", { limits: { ray: { max_total_workers: 1 } } });
  expect((await run(["ray.yaml", "--limits", "strict.json"])).code).toBe(2);
});

test.each([
  ["not JSON", "{", "cannot be read"],
  ["no limits", "{}", "must be"],
])("limits that are %s are an error", async (_, content, message) => {
  write("ray.yaml", stringify(cluster()));
  write("policies/data/limits.json", content);
  await expect(run(["ray.yaml"])).rejects.toThrow(message);
});

test("several documents in a file, of which one is over a limit", async () => {
  write(
    "all.yaml",
    `---\n${stringify(cluster())}---\n# nothing\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ray}\n---\n${stringify(tooLarge())}`,
  );
  const { out } = await run(["all.yaml"]);
  expect(out).toContain("at [2].spec.workerGroupSpecs");
});

test("YAML is read as Kubernetes reads it: an unquoted yes is no label", async () => {
  write("ray.yaml", stringify(cluster()).replace("app: analytics", "app: yes"));
  expect((await run(["ray.yaml"])).out).toContain("ray/required-labels");
});

test("a directory of manifests: those without Ray resources do not matter", async () => {
  write("chart/sa.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ray}\n");
  write("chart/ray.yaml", stringify(cluster()));
  expect((await run(["chart"])).out).toBe("1 file: 0 denied, 0 warned\n");
});

test.each([
  ["missing.json", undefined, "does not exist"],
  ["plan.json", "{", "is not JSON"],
  ["ray.yaml", "a: [", "is not YAML"],
  ["ray.yaml", "a: 1\na: 2\n", "is not YAML"],
  ["other.json", '{"some": "thing"}', "is neither a Terraform plan"],
  ["text.yaml", "just text", "is neither a Terraform plan"],
  ["sa.yaml", "apiVersion: v1\nkind: ServiceAccount\n", "nothing to judge"],
])("%s, %j: an error that says %s", async (file, content, message) => {
  if (content !== undefined) {
    write(file, content);
  }
  await expect(run([file])).rejects.toThrow(message);
});

test("a file or directory that cannot be read is told without a stack trace, and not called missing", async () => {
  symlinkSync("loop.json", join(cwd, "loop.json"));
  await expect(run(["loop.json"])).rejects.toThrow(/^loop\.json cannot be read: ELOOP/);
  await expect(run(["loop.json"])).rejects.toBeInstanceOf(ExplainedError);
});

test("a misspelt kind of Ray is denied, not passed over", async () => {
  write("ray.yaml", stringify({ ...cluster(), kind: "RayClustr" }));
  expect((await run(["ray.yaml"])).code).toBe(2);
});

test("--json: files with their violations", async () => {
  write("ray.yaml", stringify(tooLarge()));
  const { files, exitCode } = policyReport.read((await run(["ray.yaml", "--json"])).out);
  expect(exitCode).toBe(2);
  expect(files).toHaveLength(1);
  expect(files[0].deny[0]).toMatchObject({
    id: "ray/max-workers",
    value: 51,
    limit: 50,
    resource: "RayCluster ray/analytics",
  });
});

test("--sarif: a log whose results name rules that it describes", async () => {
  write("ray.yaml", stringify(tooLarge()));
  const log = JSON.parse((await run(["ray.yaml", "--sarif"])).out);
  const [{ tool, results }] = log.runs;
  expect(log.version).toBe("2.1.0");
  expect(results[0]).toMatchObject({ ruleId: "ray/max-workers", level: "error" });
  expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("ray.yaml");
  expect(tool.driver.rules.map((rule: { id: string }) => rule.id)).toContain("ray/max-workers");
  expect(new Set(tool.driver.rules.map((rule: { id: string }) => rule.id)).size).toBe(tool.driver.rules.length);
});

test("--explain: what a rule asks for, by its id or the end of it", async () => {
  for (const id of ["terraform/imdsv2", "imdsv2"]) {
    expect((await run(["--explain", id])).out).toContain("terraform/imdsv2 (error): IMDSv2");
  }
  await expect(run(["--explain", "nothing"])).rejects.toThrow('"--explain all" lists them');
  expect((await run(["--explain", "all"])).out.split("\n").length).toBeGreaterThan(30);
});

test("--help says the exit codes", async () => {
  expect((await run(["--help"])).out).toContain("Exit codes: 0 nothing is denied, 1 no verdict");
});

test("--json and --sarif exclude each other", async () => {
  await expect(run(["--json", "--sarif", "x"])).rejects.toThrow("exclude each other");
});

describe("Rego of the repository", () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  beforeEach(() => {
    write("plan.json", base("plan"));
    write("policies/custom/README.md", "# ours");
    process.env.PATH = join(cwd, "bin");
  });

  test("none: OPA is not needed", async () => {
    expect((await run(["plan.json"])).code).toBe(0);
  });

  test("some, and no OPA: an error that says how to get it", async () => {
    write("policies/custom/own.rego", "package custom.terraform\n");
    await expect(run(["plan.json"])).rejects.toThrow("go install github.com/open-policy-agent/opa@");
  });

  test("some, and OPA: its denials count", async () => {
    write("policies/custom/own.rego", "package custom.terraform\n");
    const verdict = {
      result: [{ bindings: { x: { terraform: { deny: ["no"], warn: [{ msg: "hm", id: "own/rule" }] } } } }],
    };
    write(
      "bin/opa",
      `#!${process.execPath}\nprocess.stdin.resume().on("end", () => console.log(${JSON.stringify(JSON.stringify(verdict))}));\n`,
    );
    chmodSync(join(cwd, "bin", "opa"), 0o755);
    const { code, out } = await run(["plan.json", "--json"]);
    expect(code).toBe(2);
    expect(policyReport.read(out).files[1]).toMatchObject({
      deny: [{ id: "custom/terraform", msg: "no" }],
      warn: [{ id: "own/rule", msg: "hm" }],
    });
  });

  test("some, and OPA fails: an error, not a pass", async () => {
    write("policies/custom/own.rego", "package custom.terraform\n");
    write("bin/opa", `#!${process.execPath}\nprocess.stderr.write("rego_parse_error"); process.exit(2);\n`);
    chmodSync(join(cwd, "bin", "opa"), 0o755);
    await expect(run(["plan.json"])).rejects.toThrow("rego_parse_error");
  });
});
