// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { policyReport } from "../../src/reports/policy-report";
import { runBounded } from "../../src/bounded-program";
import { runPolicyCommand } from "../../src/cli/policy-command";
import { ExplainedError } from "../../src/explained-error";

jest.mock("../../src/bounded-program", () => {
  const { runBounded: run } = jest.requireActual("../../src/bounded-program");
  return { runBounded: jest.fn(run) };
});

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

async function run(argv: string[], stdin = "", from = cwd): Promise<{ code: number; out: string }> {
  const written: string[] = [];
  const io = { cwd: from, out: (text: string) => void written.push(text), err: () => undefined };
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
  const { code, out } = await run(["plan.json"]);
  expect(code).toBe(0);
  expect(out).toMatch(/\n1 file: 0 denied, 0 warned\n$/);
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

describe("what is said of a resource leads to where the stack declares it:", () => {
  const volume = {
    "//": { metadata: { path: "dev/data/volume", uniqueId: "data" } },
    ...{ availability_zone: "us-east-1a", size: 501, encrypted: true },
  };
  const file = "cdktf.out/stacks/dev/cdk.tf.json";
  const planned = edited(base("plan"), [
    [
      "resource_changes +",
      {
        ...{ address: "aws_ebs_volume.data[0]", mode: "managed", type: "aws_ebs_volume", name: "data" },
        change: { actions: ["create"], after: { size: 501, encrypted: true } },
      },
    ],
    ["configuration root_module", { resources: [{ address: "aws_ebs_volume.data", type: "aws_ebs_volume" }] }],
  ]);
  /** The stack as cdktf writes it, with names around that are no addresses. */
  const declare = (name: string, extra: object = {}) =>
    write(
      `cdktf.out/stacks/${name}/cdk.tf.json`,
      JSON.stringify(
        stack(name, {
          locals: { resource: { aws_ebs_volume: { data: {} } } },
          resource: { aws_ebs_volume: { data: volume } },
          ...extra,
        }),
        null,
        2,
      ),
    );
  const lineOf = (path: string) => {
    const lines = readFileSync(join(cwd, path), "utf8").split("\n");
    return lines.findIndex((text, index) => text.includes('"data": {') && lines[index + 1]!.includes('"//"')) + 1;
  };
  const volumeDenied = (out: string) =>
    policyReport.read(out).files.flatMap(({ deny }) => deny.filter(({ id }) => id === "terraform/max-volume"));

  test("in a stack", async () => {
    declare("dev");
    const { out } = await run([]);
    expect(lineOf(file)).toBeGreaterThan(10);
    expect(out).toContain(`declared in ${file}:${lineOf(file)} by dev/data/volume\n`);
    const sarif = JSON.parse((await run(["--sarif"])).out);
    expect(sarif.runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: file },
      region: { startLine: lineOf(file) },
    });
  });

  test("in the stack that a plan is of", async () => {
    declare("dev");
    declare("prod", { resource: { aws_ebs_volume: { other: volume } } });
    write("plan.json", planned);
    expect(volumeDenied((await run(["plan.json", "--json"])).out)).toMatchObject([
      { declared: { file, line: lineOf(file), construct: "dev/data/volume" } },
    ]);
    const [result] = JSON.parse((await run(["plan.json", "--sarif"])).out).runs[0].results;
    expect(result.relatedLocations[0]).toMatchObject({
      message: { text: "declared here by dev/data/volume" },
      physicalLocation: { artifactLocation: { uri: file }, region: { startLine: lineOf(file) } },
    });
  });

  test("nowhere, if a plan may be of two stacks, of another one, or nothing was synthesized", async () => {
    write("plan.json", planned);
    const declared = async () => volumeDenied((await run(["plan.json", "--json"])).out).map((one) => one.declared);
    expect(await declared()).toEqual([undefined]);
    declare("dev", { resource: { aws_ebs_volume: { other: volume } } });
    expect(await declared()).toEqual([undefined]);
    declare("dev");
    declare("prod");
    expect(await declared()).toEqual([undefined]);
  });

  test("also for what a resource holds", async () => {
    declare("dev", {
      resource: { kubernetes_manifest: { ray: { "//": { metadata: { path: "dev/ray" } }, manifest: tooLarge() } } },
    });
    expect((await run([])).out).toMatch(/declared in cdktf\.out\/stacks\/dev\/cdk\.tf\.json:\d+ by dev\/ray\n/);
  });
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
  write("policies/data.json", { limits: { ray: { max_total_workers: 100 } } });
  expect((await run(["ray.yaml"])).code).toBe(0);
});

test("limits of another file hold instead", async () => {
  write("ray.yaml", stringify(cluster()));
  write("policies/data.json", { limits: { ray: { max_total_workers: 100 } } });
  write("strict.json", { limits: { ray: { max_total_workers: 1 } } });
  expect((await run(["ray.yaml", "--limits", "strict.json"])).code).toBe(2);
});

test.each([
  ["not JSON", "{", "cannot be read"],
  ["no limits", "{}", "must be"],
])("limits that are %s are an error", async (_, content, message) => {
  write("ray.yaml", stringify(cluster()));
  write("policies/data.json", content);
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
  const { out } = await run(["chart"]);
  expect(out).toMatch(/\n1 file: 0 denied, 0 warned\n$/);
  expect(out).toContain("chart/sa.yaml: skipped, no Ray resource");
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

test("a misspelled kind of Ray is denied, not passed over", async () => {
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

test("--json and --sarif cannot be combined", async () => {
  await expect(run(["--json", "--sarif", "x"])).rejects.toThrow("cannot be combined");
});

test("limits where they used to be hold until the repository is regenerated", async () => {
  write("ray.yaml", stringify(tooLarge()));
  write("policies/data/limits.json", { limits: { ray: { max_total_workers: 100 } } });
  expect((await run(["ray.yaml"])).code).toBe(0);
});

describe("from a subdirectory, the verdict is that of the root", () => {
  beforeEach(() => {
    write(".projenrc.ts", "");
    write("sub/ray.yaml", stringify(tooLarge()));
    write("ray.yaml", stringify(tooLarge()));
  });

  test("its limits hold", async () => {
    write("policies/data.json", { limits: { ray: { max_total_workers: 100 } } });
    expect((await run(["ray.yaml"], "", join(cwd, "sub"))).code).toBe(0);
  });

  test("its custom rules hold", async () => {
    write("policies/custom/own.rego", "package custom.raay\n");
    await expect(run(["ray.yaml"], "", join(cwd, "sub"))).rejects.toThrow("nothing reads the package custom.raay");
  });

  test("what was synthesized is judged", async () => {
    write("cdktf.out/manifests/ray.yaml", stringify(tooLarge()));
    const { code, out } = await run([], "", join(cwd, "sub"));
    expect(code).toBe(2);
    expect(out).toContain(join("..", "cdktf.out", "manifests", "ray.yaml"));
  });

  test("SARIF names files from the root", async () => {
    const log = JSON.parse((await run(["ray.yaml", "--sarif"], "", join(cwd, "sub"))).out);
    expect(log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("sub/ray.yaml");
  });
});

describe("files as people have them", () => {
  const bom = "\uFEFF";
  test.each<[string, () => Buffer]>([
    ["UTF-16, little end first, with a mark", () => Buffer.from(bom + JSON.stringify(tooLarge()), "utf16le")],
    ["UTF-16, little end first, without a mark", () => Buffer.from(JSON.stringify(tooLarge()), "utf16le")],
    ["UTF-16, big end first, with a mark", () => Buffer.from(bom + JSON.stringify(tooLarge()), "utf16le").swap16()],
    ["UTF-16, big end first, without a mark", () => Buffer.from(JSON.stringify(tooLarge()), "utf16le").swap16()],
    ["UTF-8 with a mark", () => Buffer.from(bom + JSON.stringify(tooLarge()))],
    ["YAML in UTF-16", () => Buffer.from(bom + stringify(tooLarge()), "utf16le")],
  ])("%s", async (_, bytes) => {
    writeFileSync(join(cwd, "ray.json.yaml"), bytes());
    const { code, out } = await run(["ray.json.yaml"]);
    expect(code).toBe(2);
    expect(out).toContain("ray/max-workers");
  });

  test("what helm install --dry-run prints", async () => {
    const text = `NAME: ray\nLAST DEPLOYED: now\nSTATUS: pending-install\nHOOKS:\nMANIFEST:\n---\n# Source: ray\n${stringify(tooLarge())}\nNOTES:\nGo: {{ on }}\n`;
    write("dry-run.yaml", text);
    const { files } = JSON.parse((await run(["dry-run.yaml", "--json"])).out);
    expect(files[0].deny[0]).toMatchObject({ id: "ray/max-workers" });
    expect(text.split("\n")[files[0].deny[0].line - 1]).toContain("- groupName: cpu");
  });

  test("Chart.yaml, values and kustomization.yaml beside manifests are named, not judged", async () => {
    write("chart/ray.yaml", stringify(cluster()));
    write("chart/Chart.yaml", "apiVersion: v2\nname: ray\n");
    write("chart/values.yaml", "a: 1\n");
    write("chart/kustomization.yaml", "resources: [ray.yaml]\n");
    const { code, out } = await run(["chart"]);
    expect(code).toBe(0);
    expect(out).toContain("chart/Chart.yaml: skipped, not a manifest");
    expect(out).toContain("chart/kustomization.yaml: skipped, not a manifest");
  });

  test("a broken link and a directory with a file's name beside manifests", async () => {
    write("chart/ray.yaml", stringify(cluster()));
    mkdirSync(join(cwd, "chart", "more.yaml"));
    symlinkSync("nowhere", join(cwd, "chart", "link.yaml"));
    const { code, out } = await run(["chart"]);
    expect(code).toBe(0);
    expect(out).toContain("chart/link.yaml: skipped, a link that leads nowhere");
    expect(out).toContain("chart/more.yaml: skipped, a directory");
    await expect(run(["chart/link.yaml"])).rejects.toThrow("is a link that leads nowhere");
  });

  test("more than a hundred aliases", async () => {
    const aliases = Array.from({ length: 150 }, (_, n) => `    k${n}: *a`).join("\n");
    write("ray.yaml", `x-a: &a {b: c}\n${stringify(tooLarge())}x-more:\n${aliases.replaceAll("    k", "  k")}\n`);
    expect((await run(["ray.yaml"])).code).toBe(2);
  });

  test.each([
    [
      "aliases that would fill the memory",
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n`,
      "is not YAML that can be read",
    ],
    ["an alias that leads nowhere", "a: *b\n", "is not YAML"],
    ["an empty file", "", "is empty"],
    ["a file of blanks", " \n\n", "is empty"],
    [
      "a key twice in JSON",
      '{"apiVersion": "ray.io/v1", "kind": "RayCluster", "kind": "Pod"}',
      'has the key "kind" twice',
    ],
    ["a key twice in YAML", "kind: a\nkind: b\n", "is not YAML"],
    ["a template of a chart", "{{- if .Values.ray }}\nkind: RayCluster\n{{- end }}\n", "helm template"],
  ])("%s: one clear line", async (_, content, message) => {
    write("ray.yaml", content);
    await expect(run(["ray.yaml"])).rejects.toThrow(message);
    await expect(run(["ray.yaml"])).rejects.toThrow(/^.*$/);
  });

  test("the same key in different objects of JSON is none twice", async () => {
    write("ray.json", cluster());
    expect((await run(["ray.json"])).code).toBe(0);
  });
});

describe("nothing vanishes", () => {
  test("--json lists every resource, judged or why not", async () => {
    write("plan.json", base("plan"));
    const { coverage } = JSON.parse((await run(["plan.json", "--json"])).out);
    expect(coverage.files[0]).toMatchObject({ file: "plan.json", kind: "plan" });
    const reasons = Object.fromEntries(
      coverage.files[0].resources.map(({ resource, reason }: { resource: string; reason: string }) => [
        resource,
        reason,
      ]),
    );
    expect(reasons["aws_eks_cluster.ray"]).toBe("");
    expect(reasons["aws_iam_role_policy_attachment.node"]).toBe("only its region and its tags are judged");
    expect(Object.keys(reasons)).toHaveLength(base("plan").resource_changes.length);
  });

  test("a document of another API is named beside a cluster", async () => {
    write("all.yaml", `${stringify(cluster())}---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ray}\n`);
    const { coverage } = JSON.parse((await run(["all.yaml", "--json"])).out);
    expect(coverage.files[0].resources).toEqual([
      { resource: "RayCluster ray/analytics", path: "[0]", reason: "" },
      { resource: "ServiceAccount ray", path: "[1]", reason: "it is of another API" },
    ]);
  });

  test("--sarif carries the coverage, a line, and a URI without spaces", async () => {
    write("my chart/ray#1.yaml", `# a comment\n${stringify(tooLarge())}`);
    const log = JSON.parse((await run(["my chart", "--sarif"])).out);
    expect(log.runs[0].properties.coverage.files[0].resources).toHaveLength(1);
    const [{ physicalLocation }] = log.runs[0].results[0].locations;
    expect(physicalLocation.artifactLocation.uri).toBe("my%20chart/ray%231.yaml");
    expect(physicalLocation.region.startLine).toBeGreaterThan(1);
  });

  test("a violation of a manifest in a plan names the resource that holds it", async () => {
    const resource = {
      address: "module.a.kubectl_manifest.ray",
      mode: "managed",
      type: "kubectl_manifest",
      name: "ray",
      change: { actions: ["create"], after: { yaml_body: stringify(tooLarge()) }, after_unknown: {} },
    };
    write("plan.json", edited(base("plan"), [["resource_changes +", resource]]));
    const { files } = JSON.parse((await run(["plan.json", "--json"])).out);
    expect(files[0].deny).toHaveLength(1);
    expect(files[0].deny[0]).toMatchObject({
      id: "ray/max-workers",
      resource: "module.a.kubectl_manifest.ray: RayCluster ray/analytics",
      path: "yaml_body.0.spec.workerGroupSpecs",
    });
  });

  test("a workflow's template is judged as what it says", async () => {
    const workflow = { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { name: "w" } };
    const spec = { templates: [{ name: "t", resource: { manifest: stringify(tooLarge()) } }] };
    write("workflow.yaml", stringify({ ...workflow, spec }));
    const { files } = JSON.parse((await run(["workflow.yaml", "--json"])).out);
    expect(files[0].deny.map(({ id }: { id: string }) => id)).toEqual(["ray/max-workers"]);
  });
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

  test.each([
    ["a misspelled package", "package custom.terrafrom\n", "nothing reads the package custom.terrafrom"],
    ["a package of its own", "package main\n", "nothing reads the package main"],
    [
      "an import that leads nowhere",
      "package custom.terraform\nimport data.lib.plans\n",
      "data.lib.plans leads nowhere",
    ],
    ["a rule that a library does not have", "package custom.terraform\nx := data.lib.plan.nothing\n", "leads nowhere"],
  ])("%s: an error, not a pass", async (_, rego, message) => {
    write("policies/custom/own.rego", rego);
    await expect(run(["plan.json"])).rejects.toThrow(message);
  });

  test("a library of its own, and ours, can be imported", async () => {
    write(
      "policies/custom/own.rego",
      "package custom.terraform\nimport data.custom.names\nimport data.lib.plan\n# data.x\ny := plan.judged\n",
    );
    write("policies/custom/names.rego", "package custom.names\n");
    await expect(run(["plan.json"])).rejects.toThrow("opa is not on the PATH");
  });

  test("some, and OPA fails: an error, not a pass", async () => {
    write("policies/custom/own.rego", "package custom.terraform\n");
    write("bin/opa", `#!${process.execPath}\nprocess.stderr.write("rego_parse_error"); process.exit(2);\n`);
    chmodSync(join(cwd, "bin", "opa"), 0o755);
    await expect(run(["plan.json"])).rejects.toThrow("rego_parse_error");
  });
});

describe("Rego that a pull request brings", () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
    delete process.env.AWS_SECRET_ACCESS_KEY;
  });

  /** Stands in for OPA, and tells how it was started. */
  beforeEach(() => {
    write("plan.json", base("plan"));
    write("policies/custom/own.rego", "package custom.terraform\n");
    write(
      "bin/opa",
      `#!${process.execPath}\nrequire("node:fs").writeFileSync(${JSON.stringify(join(cwd, "started"))}, JSON.stringify({ env: process.env, argv: process.argv.slice(2) }));\nconsole.log("{}");\n`,
    );
    chmodSync(join(cwd, "bin", "opa"), 0o755);
    process.env.PATH = join(cwd, "bin");
    process.env.AWS_SECRET_ACCESS_KEY = "canary";
  });
  test.each([["plan.json"], ["--test"]])(
    "gets no environment and no function that leads out: policy %s",
    async (argument) => {
      await run([argument]);
      const { env, argv } = JSON.parse(readFileSync(join(cwd, "started"), "utf8"));
      expect(Object.keys(env).filter((name) => name !== "__CF_USER_TEXT_ENCODING")).toEqual([]);
      const { builtins, allow_net: hosts } = JSON.parse(readFileSync(argv[argv.indexOf("--capabilities") + 1], "utf8"));
      const names = builtins.map(({ name }: { name: string }) => name);
      expect(names).toContain("sprintf");
      for (const name of [
        "http.send",
        "json.match_schema",
        "json.verify_schema",
        "net.lookup_ip_addr",
        "opa.runtime",
      ]) {
        expect(names).not.toContain(name);
      }
      expect(hosts).toEqual([]);
    },
  );

  test.each([
    ["memory", "policies/ contains Rego that opa eval needs more than 4 GiB of memory for"],
    ["time", "policies/ contains Rego that opa eval did not finish within 60 s"],
  ] as const)("no verdict comes of it where it takes too much %s", async (exceeded, message) => {
    const ended = { status: null, stdout: "", stderr: "", exceeded };
    jest.mocked(runBounded).mockReturnValueOnce(ended);
    await expect(run(["plan.json"])).rejects.toThrow(message);
  });

  test("--test gives the limits of the repository to its own tests, and not to those of the generated policies", async () => {
    write("policies/data.json", "{}");
    write("policies/lib/plan/plan.rego", "package lib.plan\n");
    write("policies/terraform/tags_test.rego", "package terraform_test\n");
    const log = join(cwd, "runs");
    write(
      "bin/opa",
      `#!${process.execPath}\nrequire("node:fs").appendFileSync(${JSON.stringify(log)}, JSON.stringify(process.argv.slice(2)) + "\\n");\n`,
    );
    await run(["--test"]);
    const runs = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string[]);
    expect(runs.map(([command, _flag, _capabilities, ...rest]) => [command, ...rest])).toEqual([
      ["check", "--strict", "policies"],
      ["test", "--verbose", "--timeout", "45s", "--ignore", "data.json", "--ignore", "custom", "policies"],
      ["test", "--verbose", "--timeout", "45s", "policies/custom", "policies/data.json", "policies/lib/plan/plan.rego"],
    ]);
  });

  test.each<[string, () => void, string]>([
    [
      "a link to an endless file",
      () => symlinkSync("/dev/zero", join(cwd, "policies/custom/data.json")),
      "a link or a device",
    ],
    ["a bundle", () => write("policies/custom/more.tar.gz", ""), "a bundle, whose Rego is not read"],
    [
      "a directory that is a link to itself",
      () => symlinkSync(".", join(cwd, "policies/custom/again")),
      "a link or a device",
    ],
    [
      "more text than anybody writes",
      () => write("policies/custom/large.rego", "#".repeat((1 << 20) + 1)),
      "larger than 1 MiB",
    ],
  ])("that is %s is refused before OPA starts", async (_, put, message) => {
    put();
    await expect(run(["plan.json"])).rejects.toThrow(message);
    await expect(run(["--test"])).rejects.toThrow(message);
    expect(existsSync(join(cwd, "started"))).toBe(false);
  });

  test("has 160 KB of imports: read in time", async () => {
    write("policies/custom/own.rego", `package custom.terraform\n${"import data.lib.plan\n".repeat(8000)}`);
    const start = process.cpuUsage();
    await run(["plan.json"]);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });
});
