// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { App } from "cdktf";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { PACKAGE_ROOT } from "../../src/package-root";
import { platformOf } from "../../src/controls/repository-facts";
import { withExceptions } from "../../templates/src/platform/exception-comments";
import { hclBlock } from "../../templates/src/platform/hcl-text";
import { loadScannerExceptions } from "../../templates/src/platform/load-scanner-exceptions";
import type { PlatformConfig } from "../../templates/src/platform/platform-config";
import { synthesizePlatform } from "../../templates/src/platform/synthesize-platform";
import { writeScannableStacks } from "../../templates/src/platform/write-scannable-stacks";
import { synthesizedRepository } from "../cli/synthesized-repository";
import { environment, project, workflowFiles, write } from "../workflows/generated-workflows";
import { HostileRepository, temporaryDirectory } from "./hostile-repository";
import { manifestEntry } from "../templates/manifest-entry";

interface Step {
  readonly name: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: readonly string[];
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** A job that calls a workflow of the repository. */
interface Call {
  readonly needs: readonly string[];
  readonly permissions: Readonly<Record<string, string>>;
  readonly uses: string;
  readonly with: Readonly<Record<string, string>>;
}

const SCRIPTS = join(PACKAGE_ROOT, "templates", "scripts");
const FILES = workflowFiles(
  write(
    project(
      { privateRunnerLabels: ["self-hosted", "gpu-vpc"] },
      { environments: [environment("dev"), environment("prod")] },
    ).project,
  ),
);
const jobsOf = (file: string): [string, Job][] =>
  Object.entries<Job>(parse(FILES[file] as string).jobs).filter(([, job]) => !("uses" in job));
const callsOf = (file: string): [string, Call][] =>
  Object.entries<Call>(parse(FILES[file] as string).jobs).filter(([, job]) => "uses" in job);

/** Starts code of the tree: a task, a compiled stack, a test, or whatever a package of the tree brings. */
const STARTS_OWN_CODE = /\bprojen\b|\bnpx\b|npm (?!ci\b)|build\/|tsc\b|node --test/;

const OF_BASE = ["Compare the controls with those of the base branch", "Synthesize the stacks of the base branch"];

describe("the jobs that judge what a pull request synthesizes run none of its code", () => {
  const apart = WORKFLOWS.filter(({ synthesizedFor }) => synthesizedFor !== undefined).map(({ id }) => `${id}.yml`);
  const judging = ["terraform-plan.yml", "terraform-plan-environment.yml", ...apart].flatMap((file) =>
    jobsOf(file)
      .filter(([, { steps }]) => steps.some(({ name }) => name === "Take the synthesized stacks"))
      .map(([id, job]) => [file, id, job] as const),
  );

  test("there are such jobs, and every job with a role is one", () => {
    expect(judging.map(([file, id]) => `${file} ${id}`)).toEqual([
      "terraform-plan.yml controls",
      "terraform-plan-environment.yml plan",
      "terraform-plan-environment.yml plan-workloads",
      "policy.yml policy",
      "tfsec.yml tfsec",
      "trivy.yml trivy",
      "checkov.yml checkov",
      "posture.yml posture",
    ]);
    const started = Object.keys(FILES).filter((file) => "pull_request" in parse(FILES[file] as string).on);
    const called = started.flatMap((file) => callsOf(file).map(([, { uses }]) => uses.split("/").at(-1) as string));
    const ofPullRequests = [...new Set([...started, ...called])];
    const withRole = ofPullRequests.flatMap((file) =>
      jobsOf(file).flatMap(([id, { permissions }]) => ("id-token" in permissions ? [`${file} ${id}`] : [])),
    );
    expect(withRole).toHaveLength(2);
    expect(judging.map(([file, id]) => `${file} ${id}`)).toEqual(expect.arrayContaining(withRole));
  });

  test("what is called gets the digest of what was synthesized, and nothing is called before that", () => {
    const calls = callsOf("terraform-plan.yml");
    expect(calls.map(([id]) => id)).toEqual(["plan-dev", "plan-prod"]);
    for (const [, { needs, uses, with: inputs }] of calls) {
      expect(needs).toEqual(["synthesize"]);
      expect(uses).toBe("./.github/workflows/terraform-plan-environment.yml");
      expect(inputs.synthesized).toBe("${{ needs.synthesize.outputs.digest }}");
    }
  });

  test.each(judging)("%s: %s", (file, _id, { needs, steps }) => {
    const starts = steps.filter(({ run }) => STARTS_OWN_CODE.test(run ?? "")).map(({ name }) => name);
    // What the base branch has, in a directory of its own.
    expect(starts.filter((name) => !OF_BASE.includes(name))).toEqual([]);
    const isCalled = file === "terraform-plan-environment.yml";
    expect(needs ?? []).toEqual(isCalled ? [] : expect.arrayContaining(["synthesize"]));
    const names = steps.map(({ name }) => name);
    const taken = steps.find(({ name }) => name === "Take the synthesized stacks");
    const digest = isCalled ? "inputs.synthesized" : "needs.synthesize.outputs.digest";
    expect(taken?.env).toEqual({ DIGEST: `\${{ ${digest} }}` });
    const role = names.findIndex((name) => /^Assume the/.test(name));
    expect(role === -1 || names.indexOf("Take the synthesized stacks") < role).toBe(true);
  });

  test.each(["terraform-plan.yml", ...apart])("%s: what runs it can do nothing but read", (file) => {
    const [, job] = jobsOf(file).find(([id]) => id === "synthesize") as [string, Job];
    expect(job.permissions).toEqual({ contents: "read" });
    expect(JSON.stringify(job)).not.toMatch(/secrets\.|github\.token|GH_TOKEN/);
    // Wherever stacks are handed over, they are made and handed over alike.
    const [, like] = jobsOf("policy.yml").find(([id]) => id === "synthesize") as [string, Job];
    expect(job.steps).toEqual(like.steps);
  });

  test("no other job of a pull request starts its stacks but the build, whose tests are code of its own", () => {
    const synthesizing = Object.keys(FILES)
      .filter((file) => "pull_request" in parse(FILES[file] as string).on)
      .flatMap((file) => jobsOf(file).map(([id, { steps }]) => ({ file, id, steps })))
      .filter(({ steps }) => steps.some(({ name, run }) => !OF_BASE.includes(name) && STARTS_OWN_CODE.test(run ?? "")));
    expect(synthesizing.filter(({ id }) => id !== "synthesize").map(({ file, id }) => `${file} ${id}`)).toEqual([
      "build.yml build",
    ]);
  });

  test("a check that is required is that of the job that judges", () => {
    const { requiredChecks } = project().workflows;
    expect(requiredChecks).toEqual(expect.arrayContaining(["Policy tests", "tfsec", "Trivy", "Checkov"]));
    expect(requiredChecks.filter((name) => /synthesize/i.test(name))).toEqual([]);
  });
});

/** A directory with the scripts of a repository. */
function workplace(): string {
  const root = temporaryDirectory();
  symlinkSync(SCRIPTS, join(root, "scripts"));
  return root;
}

function start(root: string, ...args: readonly string[]) {
  const output = join(root, "output");
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env.PATH, GITHUB_OUTPUT: output },
    timeout: 20_000,
  });
  return { status, stderr, output: existsSync(output) ? readFileSync(output, "utf8") : "" };
}

function put(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

function filesBelow(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map(({ parentPath, path, name }) => join(parentPath ?? path, name))
      .map((file) => [file, readFileSync(file, "utf8")]),
  );
}

function take(text: string, digest = createHash("sha256").update(text).digest("hex")) {
  const root = workplace();
  put(root, {
    "stacks.json": text,
    "cdktf.out/stacks/dev-network/left.tf": "",
    "src/platform/scanner-exceptions.json": '{"exceptions":[]}',
  });
  return { root, ...start(root, "scripts/take-stacks.mjs", "stacks.json", digest) };
}

const packed = (files: unknown, format = 1): string => JSON.stringify({ format, files });
const stack = { "stacks/dev-network/cdk.tf.json": Buffer.from("{}").toString("base64") };

test("what is packed is what is taken, byte for byte, and nothing else stays", () => {
  const root = workplace();
  const files = {
    "cdktf.out/manifest.json": '{"stacks":{}}',
    "cdktf.out/stacks/dev-network/cdk.tf.json": '{"resource":{}}',
    "cdktf.out/stacks/dev-network/versions.tf": "terraform {}\n",
    "cdktf.out/stacks/dev-network/.terraform.lock.hcl": "x",
    "cdktf.out/stacks/dev-workloads/assets/ray-chart/0A1/.helmignore": "é\u0000\r\n",
    "cdktf.out/stacks/dev-workloads/assets/ray-chart/0A1/templates/a.yaml": "a: 1\n",
    "cdktf.out/scannable/dev-network/main.tf": "",
    "cdktf.out/manifests/dev.yaml": "a: 1\n",
  };
  put(root, files);
  const { status, output } = start(root, "scripts/pack-stacks.mjs", "stacks.json");
  expect(status).toBe(0);
  const digest = /^digest=([0-9a-f]{64})\n$/.exec(output)?.[1] as string;
  put(root, { "cdktf.out/stacks/dev-network/more.tf": "x" });
  expect(start(root, "scripts/take-stacks.mjs", "stacks.json", digest)).toMatchObject({ status: 0, stderr: "" });
  for (const [path, content] of Object.entries(files).filter(([path]) => !path.endsWith(".hcl"))) {
    expect(readFileSync(join(root, path), "utf8")).toBe(content);
  }
  expect(readdirSync(join(root, "cdktf.out/stacks/dev-network")).sort()).toEqual(["cdk.tf.json", "versions.tf"]);
});

test("whatever the stacks synthesize is packed and taken", () => {
  const root = synthesizedRepository({ name: "gpu-platform", githubOwner: "acme" });
  const app = new App({ outdir: join(root, "cdktf.out") });
  synthesizePlatform(app, platformOf(root) as PlatformConfig, () => {});
  writeScannableStacks(app, loadScannerExceptions(join(root, "src/platform/scanner-exceptions.json")));
  const before = filesBelow(join(root, "cdktf.out"));
  const { status, stderr, output } = start(root, "scripts/pack-stacks.mjs", "stacks.json");
  expect([status, stderr]).toEqual([0, ""]);
  expect(start(root, "scripts/take-stacks.mjs", "stacks.json", output.slice("digest=".length, -1))).toMatchObject({
    status: 0,
    stderr: "",
  });
  expect(filesBelow(join(root, "cdktf.out"))).toEqual(before);
});

const SCANNED = 'resource "aws_vpc" "main" {\n  tags = { "Name" = "x" }\n}\n';

const DEPLOYED = "stacks/dev-network/cdk.tf.json";

/** What would look like the resource of the stack to whoever reads lines, and is none for a scanner. */
const NOT_WRITTEN: readonly (readonly [string, string])[] = [
  ["in a comment", `/*\n${SCANNED}*/\n`],
  ["in a comment of a block", `data "x" "y" {\n  /*\n}\n${SCANNED}*/\n}\n`],
  ["in a comment of a value", `data "x" "y" {\n  a = "\${1 /*\n}\n${SCANNED}*/}"\n}\n`],
  ["in a heredoc", `locals {\n  a = <<EOT\n${SCANNED}EOT\n}\n`],
  ["in an indented heredoc", `data "x" "y" {\n  a = <<-EOT\n}\n${SCANNED}EOT\n}\n`],
  ["in a heredoc of a value", `data "x" "y" {\n  a = "\${<<EOT\n${SCANNED}EOT\n}"\n}\n`],
  ["in a list", `data "x" "y" {\n  a = [\n${SCANNED}]\n`],
  ["in a block of another kind", `locals {\n${SCANNED}}\n`],
  ["behind an escape of which there are two readings", `data "x" "y" {\n  a = "$$\${"\n}\n${SCANNED}`],
  ["in a string of several lines", `data "x" "y" {\n  a = "\n}\n${SCANNED}"\n}\n`],
  ["with a comment of nobody's", `# harmless\n${SCANNED}`],
  ["with a comment of two slashes", `// harmless\n${SCANNED}`],
  ["with a comment behind an argument", SCANNED.replace(" }\n", " } # harmless\n")],
  ["with a module", `${SCANNED}module "x" {\n}\n`],
  ["in a single line", 'resource "aws_vpc" "main" {}\n'],
  ["with what HCL does not have", SCANNED.replace('"x"', "@")],
  ["without an end", SCANNED.replace(/}\n$/, "")],
  ["with an end too many", `${SCANNED}}\n`],
];

/** What Terraform takes, and deploys more of than whoever expects objects reads. */
const NOT_READ: readonly (readonly [string, string, string])[] = [
  ["a list of its parts", '[{"resource":{}}]', "the stack is not an object"],
  ["a list of resources", '{"resource":[{"aws_vpc":{"main":{}}}]}', "resource is not an object"],
  ["a list of data", '{"data":[]}', "data is not an object"],
  ["a list of a type", '{"resource":{"aws_vpc":[{"main":{}},{"x":{}}]}}', "resource.aws_vpc is not an object"],
  ["a list of a name", '{"resource":{"aws_vpc":{"main":[{}]}}}', "resource.aws_vpc.main is not an object"],
  ["nothing for a type", '{"resource":{"aws_vpc":null}}', "resource.aws_vpc is not an object"],
  ["text for a name", '{"data":{"aws_vpc":{"main":"x"}}}', "data.aws_vpc.main is not an object"],
  ["resources twice", '{"resource":{"aws_vpc":{"x":{}}},"resource":{"aws_vpc":{"main":{}}}}', "has a key twice"],
  ["a type twice", '{"resource":{"a":{"x":{}},"\\u0061":{"y":{}}}}', "has a key twice"],
];

/** What is handed over of a stack with one resource, and what the scanners would get of it. */
function scannable(text: string | undefined, more: Readonly<Record<string, string>> = {}): string {
  const files = {
    [DEPLOYED]: '{"resource":{"aws_vpc":{"main":{"tags":{"Name":"x"}}}}}',
    ...(text === undefined ? {} : { "scannable/dev-network/main.tf": text }),
    ...more,
  };
  return packed(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [path, Buffer.from(content).toString("base64")])),
  );
}

test.each(["because", "because ", "because\u00a0", " because /*"])(
  "scanned with an exception for %j, it is taken",
  (reason) => {
    const exceptions = (["tfsec", "checkov"] as const).map((scanner) => ({
      scanner,
      id: "x",
      resource: "vpc",
      reason,
      expires: "2030-01-01",
    }));
    const root = workplace();
    const text = scannable(withExceptions(SCANNED, "vpc", exceptions));
    put(root, {
      "stacks.json": text,
      "src/platform/scanner-exceptions.json": JSON.stringify({ exceptions }),
    });
    const digest = createHash("sha256").update(text).digest("hex");
    expect(start(root, "scripts/take-stacks.mjs", "stacks.json", digest)).toMatchObject({ status: 0, stderr: "" });
    put(root, { "src/platform/scanner-exceptions.json": '{"exceptions":[]}' });
    expect(start(root, "scripts/take-stacks.mjs", "stacks.json", digest).status).toBe(1);
  },
);

test.each<readonly [string, Readonly<Record<string, unknown>>]>([
  ["words of other scanners", { a: "gitleaks:allow", b: "# zizmor: ignore[x]", c: "#checkov.io/skip1: CKV_K8S_1" }],
  [
    "words of the scanners",
    { a: "#checkov:skip=CKV_AWS_1:no\n//trivy:ignore:*", b: { "tfsec:ignore:*": ["tfsec:ignore:*"] } },
  ],
  ["comments and heredocs", { a: "/* x", b: "cat <<EOF\n# y\nEOF\n", c: ["//"] }],
  ["brackets and quotes", { a: '}"]{)', b: 'resource "aws_vpc" "x" {\n}\n' }],
  [
    "interpolations",
    { a: '${join("}", ["\\"", "${x["{"]}"])} $${x} "', b: '%{ if x == "a" }b%{ endif } %%{x} $ % $$ $%' },
  ],
  ["several lines of an expression", { a: "${[\n  1, # one\n  2 // two\n][0] /* three\n */ / 4}" }],
  ["a scanner's name before a colon", { a: "${var.x ? local.trivy : null}" }],
])("whatever a value has, what is written of it is taken: %s", (_, value) => {
  const { status, stderr } = take(scannable(hclBlock('resource "aws_vpc" "main"', value, {})));
  expect([status, stderr]).toEqual([0, ""]);
});

function packedManifest(text: string): string {
  return packed({ ...stack, "manifest.json": Buffer.from(text).toString("base64") });
}

/** What is handed over with a manifest of one stack, of which something is changed. */
function manifest(change: Readonly<Record<string, unknown>>, name = "dev-network"): string {
  return packedManifest(JSON.stringify({ stacks: { [name]: { ...manifestEntry(name), ...change } } }));
}

test.each<readonly [string, string, string | RegExp]>([
  ["a way out", packed({ "stacks/dev-network/assets/../../../../x": "" }), "a name that no synthesis writes"],
  ["an absolute path", packed({ "/etc/x": "" }), "a name that no synthesis writes"],
  ["a drive", packed({ "C:/x": "" }), "a name that no synthesis writes"],
  ["a backslash", packed({ "stacks/dev-network/assets/..\\x": "" }), "a name that no synthesis writes"],
  ["a line feed", packed({ "manifests/a\n::error::x": "" }), "a name that no synthesis writes"],
  ["a look-alike", packed({ "stacks/dev-nеtwork/cdk.tf.json": "" }), "a name that no synthesis writes"],
  ["a blank at an end", packed({ "manifests/a.yaml ": "" }), "a name that no synthesis writes"],
  ["more Terraform", packed({ ...stack, "stacks/dev-network/more.tf": "" }), "no synthesis writes a file there"],
  ["an override", packed({ "stacks/dev-network/x_override.tf.json": "" }), "no synthesis writes a file there"],
  ["values", packed({ "stacks/dev-network/terraform.tfvars": "" }), "no synthesis writes a file there"],
  ["providers", packed({ "stacks/dev-network/.terraform/providers/x": "" }), "no synthesis writes a file there"],
  ["a lock of providers", packed({ "stacks/dev-network/.terraform.lock.hcl": "" }), "no synthesis writes a file there"],
  ["settings of Terraform", packed({ ".terraformrc": "" }), "no synthesis writes a file there"],
  ["modules", packed({ "stacks/dev-network/modules/x/main.tf": "" }), "no synthesis writes a file there"],
  ["names of one case", packed({ "manifests/a.yaml": "", "manifests/A.yaml": "" }), "is in its place"],
  ["a directory of another case", packed({ "manifests/a/x": "", "manifests/A/y": "" }), "is in its place"],
  ["a file in a directory's place", packed({ "manifests/a": "", "manifests/a/b": "" }), "is in its place"],
  ["a path without an end", packed({ [`manifests/${"a/".repeat(5_000)}a`]: "" }), "longer than 400 characters"],
  ["too many files", packed(Object.fromEntries([...Array(20_001).keys()].map((i) => [`manifests/${i}`, ""]))), "20000"],
  ["what has no content", packed({ "manifests/a": { link: "/etc/passwd" } }), "it has no content"],
  ["what is no text", packed({ "manifests/a": "?" }), "it has no content"],
  ["another format", packed(stack, 2), "contains no synthesized stacks"],
  ["a list", "[]", "contains no synthesized stacks"],
  ["files of a list", packed([]), "contains no synthesized stacks"],
  ["no JSON", "x", /JSON/],
  ["nesting alone", "[".repeat(1 << 20), "it nests more than 500 deep"],
  ["a manifest whose stack reads one elsewhere", manifest({ dependencies: ["../../evil"] }), "is not a stack of this"],
  [
    "a manifest whose stack reads one below another",
    manifest({ dependencies: ["dev-network/dev-more"] }),
    "put every stack directly below the app",
  ],
  ["a manifest whose stack reads an option", manifest({ dependencies: ["-help"] }), "is not a stack of this"],
  ["a manifest whose stack reads what is inherited", manifest({ dependencies: ["constructor"] }), "is not a stack of"],
  ["a manifest with a stack of a path", manifest({}, "../evil"), "is not the name of a stack"],
  ["a stack elsewhere", manifest({ synthesizedStackPath: "../evil/cdk.tf.json" }), "not synthesized to its place"],
  ["a stack that works elsewhere", manifest({ workingDirectory: "stacks/../../evil" }), "not synthesized to its place"],
  ["a manifest without dependencies", manifest({ dependencies: null }), "dependencies is not a list"],
  ["a manifest of nothing", packedManifest("null"), "it is not an object"],
  [
    "stacks that are not scanned",
    scannable(undefined),
    "aws_vpc.main is deployed, and no scanner would see it: add it as a construct of its provider, to a stack directly",
  ],
  [
    "stacks of which a resource is not scanned",
    scannable('data "aws_x" "y" {\n}\n'),
    "aws_vpc.main is deployed, and no",
  ],
  ["stacks that are scanned as a comment", scannable(`/*\n${SCANNED}*/ # tfsec:ignore:*\n`), "silences tfsec"],
  [
    "a resource that is scanned twice",
    scannable(SCANNED + SCANNED),
    "dev-network: aws_vpc.main is scanned more than once",
  ],
  [
    "a resource of another name",
    scannable(`${SCANNED}resource "aws_vpc" "x" {\n}\n`),
    "aws_vpc.x is scanned but not deployed",
  ],
  ...NOT_WRITTEN.map(
    ([title, text]) =>
      [`stacks that are scanned ${title}`, scannable(text), /line \d+ has what no|has no end/] as const,
  ),
  ...NOT_READ.map(
    ([title, text, problem]) => [`a stack with ${title}`, scannable(SCANNED, { [DEPLOYED]: text }), problem] as const,
  ),
  ["a comment of tfsec's", scannable(`#tfsec:ignore:*\n${SCANNED}`), "'tfsec:ignore:*' silences tfsec"],
  [
    "a comment of Trivy's",
    scannable(`${SCANNED}# trivy:ignore:AVD-AWS-0178\n`),
    "silences Trivy, and no exception in the options allows it: add one to workflows.trivy.exceptions in .projenrc.ts",
  ],
  [
    "a comment of Checkov's",
    scannable(SCANNED.replace("{\n", "{\n  #checkov:skip=CKV_AWS_1:no\n")),
    "silences Checkov",
  ],
  ["a file more that is scanned", scannable(SCANNED, { "scannable/dev-network/x.tf": "" }), "belongs to no stack"],
  [
    "settings beside what is scanned",
    scannable(SCANNED, { "scannable/.tfsec/config.yml": "" }),
    "no synthesis writes a file there",
  ],
  ["a stack that is only scanned", scannable(SCANNED, { "scannable/dev/main.tf": "" }), "belongs to no stack"],
  ["a manifest that is no JSON", packedManifest("x"), /JSON/],
])("taken is not %s", (_, text, reason) => {
  const { root, status, stderr } = take(text);
  expect(stderr).toMatch(reason);
  expect([status, stderr.split("\n").length]).toEqual([1, 2]);
  expect(existsSync(join(root, "cdktf.out"))).toBe(false);
});

describe("after a synthesis on a machine", () => {
  function check(text: string, more: Readonly<Record<string, string>> = {}) {
    const root = workplace();
    put(root, {
      "cdktf.out/manifest.json": JSON.stringify({
        stacks: {
          "dev-network": manifestEntry("dev-network"),
        },
      }),
      [`cdktf.out/${DEPLOYED}`]: '{"resource":{"aws_vpc":{"main":{}}}}',
      "cdktf.out/scannable/dev-network/main.tf": text,
      "src/platform/scanner-exceptions.json": '{"exceptions":[]}',
      ...more,
    });
    return start(root, "scripts/check-scannable.mjs");
  }

  test("what would be taken passes, whatever an earlier one left", () => {
    const left = { "cdktf.out/stacks/dev-old/cdk.tf.json": "{", "cdktf.out/scannable/dev-older/main.tf": "x" };
    expect(check(SCANNED, left)).toMatchObject({ status: 0, stderr: "" });
  });

  test.each([
    ["a resource that no scanner would see", "", {}, "aws_vpc.main is deployed, and no scanner"],
    ["a comment that silences one", `#tfsec:ignore:*\n${SCANNED}`, {}, "silences tfsec"],
    ["a file more", SCANNED, { "cdktf.out/scannable/dev-network/x.tf": "" }, "belongs to no stack"],
  ])("%s fails it as it would fail on GitHub", (_, text, more, reason) => {
    expect(check(text, more)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(new RegExp(`^check-scannable\\.mjs: .*${reason}.*\\n$`)),
    });
  });
});

test.each(["", "0", "x".repeat(64), "--help", `${"0".repeat(64)}\n`, "0".repeat(64)])(
  "nothing is taken of the digest %j",
  (digest) => {
    const { root, status, stderr } = take(packed(stack), digest);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/there is no digest|is not what was synthesized/)]);
    expect(existsSync(join(root, "cdktf.out"))).toBe(false);
  },
);

test("an endless file is neither packed nor taken", () => {
  const root = workplace();
  symlinkSync("/dev/zero", join(root, "stacks.json"));
  mkdirSync(join(root, "cdktf.out/manifests"), { recursive: true });
  symlinkSync("/dev/zero", join(root, "cdktf.out/manifests/a.yaml"));
  expect(start(root, "scripts/take-stacks.mjs", "stacks.json", "0".repeat(64)).stderr).toContain("it is not a file");
  mkdirSync(join(root, "cdktf.out/manifests"), { recursive: true });
  symlinkSync("/dev/zero", join(root, "cdktf.out/manifests/a.yaml"));
  expect(start(root, "scripts/pack-stacks.mjs", "packed").stderr).toContain("neither a file nor a directory");
});

describe("in a job that can ask for a role, a pull request is data", () => {
  const healthy = HostileRepository.generate();
  const WITH_ROLE = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example" };

  test("packages, scripts and policies are those of the base; limits, custom policies and new scripts its own", () => {
    const repository = healthy.fork();
    const edited = ["scripts/terraform-plan.sh", "scripts/checks/data.mjs", "policies/terraform/cluster.rego"];
    const before = new Map(edited.map((path) => [path, repository.read(path)]));
    for (const path of edited) {
      repository.write(path, "hostile");
    }
    repository.write("policies/terraform/allow.rego", "package terraform\n");
    repository.write("policies/custom/own.rego", "package custom.terraform\n");
    repository.write("scripts/new-step.mjs", "new");
    repository.write("scripts/.gitattributes", "* ident eol=crlf\n");
    repository.edit("policies/data.json", (text) => text.replace(/\d+/, "7"));
    repository.edit("package.json", (text) =>
      text.replace(/"name": "[^"]+"/, '"name": "ray-platform","exports":"./x"'),
    );
    repository.commit("hostile");
    expect(repository.install(WITH_ROLE)).toMatchObject({
      code: 0,
      isInstalled: true,
      output: expect.stringContaining("packages, scripts and policies are those of the base"),
    });
    expect(repository.install(WITH_ROLE).output).toContain("::notice title=Programs of the base branch::");
    for (const [path, content] of before) {
      expect(repository.read(path)).toBe(content);
    }
    expect(existsSync(repository.at("policies/terraform/allow.rego"))).toBe(false);
    expect(repository.read("policies/custom/own.rego")).toContain("custom.terraform");
    expect(repository.read("policies/data.json")).toContain("7");
    expect(repository.read("scripts/new-step.mjs")).toBe("new");
    expect(JSON.parse(repository.read("package.json"))).not.toHaveProperty("exports");
  });

  test("where the programs are those of the base, nothing is said of an update", () => {
    const repository = healthy.fork();
    repository.write("policies/custom/own.rego", "package custom.terraform\n");
    repository.commit("ordinary");
    const { code, output } = repository.install(WITH_ROLE);
    expect([code, output]).toEqual([0, expect.not.stringContaining("::notice")]);
  });

  test("a new version of the generator alone is said", () => {
    const repository = healthy.fork();
    repository.edit("package-lock.json", (text) => text.replace(/1\.2\.3/g, "1.3.0").replace(/A{86}/, "B".repeat(86)));
    repository.commit("update");
    expect(repository.install(WITH_ROLE)).toMatchObject({ code: 0, output: expect.stringContaining("::notice title") });
  });

  test.each(["scripts", "policies"])("a link in the place of %s leads nowhere", (directory) => {
    const repository = healthy.fork();
    const outside = temporaryDirectory();
    rmSync(repository.at(directory), { recursive: true });
    symlinkSync(outside, repository.at(directory));
    repository.commit("hostile");
    expect(repository.install(WITH_ROLE)).toMatchObject({ code: 0, isInstalled: true });
    expect(readdirSync(outside)).toEqual([]);
    expect(
      existsSync(repository.at(`${directory}/README.md`)) || readdirSync(repository.at(directory)).length > 3,
    ).toBe(true);
  });

  test("a link in the place of a script is not followed", () => {
    const repository = healthy.fork();
    const outside = join(temporaryDirectory(), "x");
    const before = repository.read("scripts/read-json.mjs");
    writeFileSync(outside, "mine");
    rmSync(repository.at("scripts/read-json.mjs"));
    symlinkSync(outside, repository.at("scripts/read-json.mjs"));
    repository.commit("hostile");
    expect(repository.install(WITH_ROLE)).toMatchObject({ code: 0, isInstalled: true });
    expect([readFileSync(outside, "utf8"), repository.read("scripts/read-json.mjs")]).toEqual(["mine", before]);
  });

  test("a file in the place of a directory of the base's scripts gives way", () => {
    const repository = healthy.fork();
    rmSync(repository.at("scripts/checks"), { recursive: true });
    repository.write("scripts/checks", "x");
    rmSync(repository.at("scripts/terraform-plan.sh"));
    repository.write("scripts/terraform-plan.sh/x", "y");
    repository.commit("hostile");
    expect(repository.install(WITH_ROLE)).toMatchObject({ code: 0, isInstalled: true });
    expect(existsSync(repository.at("scripts/checks/data.mjs"))).toBe(true);
  });
});

describe("before a role is assumed, stacks that would run programs are refused", () => {
  const root = synthesizedRepository({ name: "gpu-platform", githubOwner: "acme" });
  mkdirSync(join(root, "node_modules"));
  symlinkSync(PACKAGE_ROOT, join(root, "node_modules/ray-platform"));
  const file = join(root, "cdktf.out/stacks/prod-network/cdk.tf.json");
  const before = readFileSync(file, "utf8");
  const judge = (text: string) => {
    writeFileSync(file, text);
    return start(root, "scripts/judge-stacks.mjs");
  };

  test("what is generated is not", () => {
    expect(judge(before)).toMatchObject({ status: 0, stderr: "" });
  });

  test.each<readonly [string, string, string]>([
    [
      "a provisioner",
      before.replace('"aws_vpc": {', '"aws_vpc": {"x": {"provisioner": {"local-exec": {}}},'),
      "aws_vpc.x: provisioner",
    ],
    ["external data", before.replace('"data": {', '"data": {"external": {"x": {}},'), "provider.external"],
    [
      "a block under a key that is written twice",
      before.replace(/\}\s*$/, ',"data": {"external": {"x": {}}}}'),
      "twice",
    ],
    ["the same with an escape", before.replace(/\}\s*$/, ',"d\\u0061ta": {"external": {"x": {}}}}'), "twice"],
    ["no JSON", "{", "there is no verdict"],
  ])("%s is", (_, text, reason) => {
    const { status, stderr } = judge(text);
    expect([status, stderr]).toEqual([1, expect.stringContaining(reason)]);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test("more Terraform beside a stack is", () => {
    writeFileSync(file, before);
    writeFileSync(join(root, "cdktf.out/stacks/prod-network/x_override.tf.json"), "{}");
    expect(start(root, "scripts/judge-stacks.mjs")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("x_override.tf.json would be deployed with the stack"),
    });
    rmSync(join(root, "cdktf.out/stacks/prod-network/x_override.tf.json"));
  });
});
