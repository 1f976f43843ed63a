// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { CopiedTree } from "../copied-tree.mjs";
import { inOwnDirectory } from "../repositories.mjs";
import { contributingTable } from "../sample-changes/contributing-table.mjs";

const ID = "sample-cache";
const RECORD = `src/workloads/${ID}/record.ts`;
const VALUES = `templates/src/platform/workloads/${ID}/values.ts`;
/** Tests that hold something of each workload. */
const TESTS = ["test/workloads", "test/options/effects.test.ts", "test/refresh/refresh.test.ts"];

export default {
  id: "new-workload",
  title: "a workload more is what CONTRIBUTING.md names for it, and the tests then pass",
  tools: [],
  run: (context) => inOwnDirectory("new-workload", (directory) => check(context, directory)),
};

async function check({ repo, exec, log }, base) {
  const tree = await CopiedTree.make(repo, join(base, "project"), exec);
  await exec("node", ["scripts/new.mjs", "workload", ID], { cwd: tree.directory, note: log });
  addRecord(tree);
  addOption(tree);
  addPins(tree);
  addToTests(tree);
  await tree.compile(log);
  const { files } = contributingTable(tree.read("CONTRIBUTING.md")).get("a workload");
  const touched = await tree.touched();
  const named = files.map((file) => file.replace("NAME", ID)).sort();
  deepEqual(touched, named, "what a new workload had to touch, and what CONTRIBUTING.md names");

  const without = await tree.generate("without", { githubOwner: "acme" }, log);
  ok(!(ID in environmentOf(without).workloads), "a workload whose option is not set is installed");
  const repository = await tree.generate("with", { githubOwner: "acme", sampleCacheBucket: "acme-cache" }, log);
  assertConfiguration(environmentOf(repository));
  assertDocuments(repository);
  await assertImageList(exec, repository);
  await assertStacks(exec, tree, repository, log);
  await exec("npx", ["jest", "--ci", "--silent", "--coverage=false", ...TESTS], { cwd: tree.directory, note: log });
  return `${touched.length} files touched; found in configuration, images, namespaces, endpoints, roles, release and documents`;
}

/** What the scaffold leaves to write, and what it does not give: an option, a role, a namespace with a reason. */
function addRecord(tree) {
  tree.replace(RECORD, 'purpose: "<to be written>"', 'purpose: "a sample cache in front of S3"');
  tree.replace(RECORD, "isOn: () => true", "isOn: ({ settings }) => settings.sampleCacheBucket !== undefined");
  tree.replace(
    RECORD,
    `namespace: { name: "${ID}", podSecurity: "restricted" }`,
    `namespace: { name: "${ID}", podSecurity: "baseline", reason: "the sample writes to its own disk" }`,
  );
  tree.replace(
    RECORD,
    "endpoints: [],",
    `endpoints: ["sts", "elasticfilesystem"],
  settings: ({ settings }) => ({ bucket: settings.sampleCacheBucket ?? "" }),
  role: {
    name: "cache",
    serviceAccount: "${ID}",
    permits: "read objects of the bucket \`{bucket}\`",
    statements: [{ sid: "Read", actions: ["s3:GetObject"], resources: ["arn:{partition}:s3:::{bucket}/*"] }],
  },`,
  );
  tree.replace(VALUES, "({ environment, image })", "({ environment, workload, image, roleArn })");
  tree.replace(
    VALUES,
    "nodeSelector: systemNodeSelector(environment),",
    'nodeSelector: systemNodeSelector(environment),\n    bucket: workload.settings.bucket,\n    annotations: { "eks.amazonaws.com/role-arn": roleArn },',
  );
}

function addOption(tree) {
  tree.replace(
    "src/options/environment-settings.ts",
    "export interface EnvironmentSettings {\n",
    "export interface EnvironmentSettings {\n  /**\n   * S3 bucket that the sample cache reads.\n   * @default - no cache\n   */\n  readonly sampleCacheBucket?: string;\n",
  );
}

/** Versions that exist nowhere: nothing here is downloaded. */
function addPins(tree) {
  tree.replace(
    "data/charts.json",
    '  "charts": {\n',
    `  "charts": {\n    "${ID}": { "repository": "https://charts.example.com", "chart": "${ID}", "version": "0.0.1" },\n`,
  );
  tree.replace(
    "data/images.json",
    '  "images": {\n',
    `  "images": {\n    "${ID}": { "repository": "registry.example.com/samples/${ID}", "tag": "v0.0.1", "architectures": ["amd64", "arm64"] },\n`,
  );
}

function addToTests(tree) {
  tree.replace(
    "test/workloads/every-workload.ts",
    "monitoring: true,",
    'monitoring: true,\n    sampleCacheBucket: "acme-cache",',
  );
  tree.replace(
    "test/workloads/derived.test.ts",
    '    "ray-logs",\n    "velero",',
    `    "ray-logs",\n    "${ID}",\n    "velero",`,
  );
  tree.replace(
    "test/workloads/derived.test.ts",
    '      "ray-logs",\n      "velero",',
    `      "ray-logs",\n      "${ID}",\n      "velero",`,
  );
  tree.replace(
    "test/options/effects.ts",
    '  { option: "backupBucket",',
    `  { option: "sampleCacheBucket", value: "acme-cache", shows: \`\${ENVIRONMENT}.workloads.${ID}.settings.bucket\` },
  { option: "backupBucket",`,
  );
  tree.replace(
    "test/workloads/chart-keys.json",
    '  "charts": {\n',
    `  "charts": {\n    "${ID}": { "version": "0.0.1", "source": "nowhere", "keys": { "image": { "repository": null, "tag": null }, "bucket": null, "annotations": "*", "nodeSelector": "*", "containerSecurityContext": null, "resources": "*" } },\n`,
  );
  tree.replace(
    "scripts/refresh/readers/helm-charts.mjs",
    "const TAGS = {\n",
    `const TAGS = {\n  "${ID}": { chart: "${ID}", path: ["image", "tag"] },\n`,
  );
  answer(tree, "helm-charts", "https://charts.example.com/index.yaml", {
    text: `apiVersion: v1\nentries:\n  ${ID}:\n  - version: 0.0.1\n    digest: ${"0".repeat(64)}\n    urls: [${ID}-0.0.1.tgz]\n`,
  });
  answer(tree, "image-digests", `https://registry.example.com/v2/samples/${ID}/manifests/v0.0.1`, {
    json: { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] },
    headers: { "docker-content-digest": "sha256:{sha256}" },
  });
}

/** What the tests of the readers get from an address. */
function answer(tree, reader, address, content) {
  tree.replace(
    `test/refresh/answers/${reader}.json`,
    '  "answers": {\n',
    `  "answers": {\n    ${JSON.stringify(address)}: ${JSON.stringify(content)},\n`,
  );
}

function environmentOf(repository) {
  return JSON.parse(readFileSync(join(repository, "src/platform/platform.json"), "utf8")).environments[0];
}

function assertConfiguration({ workloads, namespaces, images, network }) {
  const { chart, role, settings } = workloads[ID];
  deepEqual([chart.version, role.name, settings], ["0.0.1", "cache", { bucket: "acme-cache" }], "platform.json");
  deepEqual(
    namespaces.filter(({ name }) => name === ID),
    [{ name: ID, podSecurity: "baseline", reason: "the sample writes to its own disk" }],
    "the namespaces of platform.json",
  );
  ok(
    images.list.some(({ key, tag }) => key === ID && tag === "v0.0.1"),
    "the images of platform.json",
  );
  ok(network.interfaceEndpoints.includes("elasticfilesystem"), "the endpoints of platform.json");
}

function assertDocuments(repository) {
  const document = (name) => readFileSync(join(repository, "docs", name), "utf8");
  const security = document("security-architecture.md");
  match(
    security,
    /\| `sample-cache` \| `sample-cache` \| `[\w-]+-cache-irsa` \| read objects of the bucket `acme-cache` \|/,
  );
  match(
    security,
    /\| `sample-cache` \| a sample cache in front of S3 \| `sample-cache` 0\.0\.1 \| `sample-cache` \| baseline \|/,
  );
  match(security, /`elasticfilesystem`/);
  match(document("deviations.md"), /\| `sample-cache` \| baseline \| the sample writes to its own disk \|/);
}

/** The script that mirrors images reads platform.json of the working directory. */
async function assertImageList(exec, repository) {
  const { name } = environmentOf(repository);
  const { stdout } = await exec("node", ["scripts/mirror-images-list.mjs", "images", name], { cwd: repository });
  match(stdout, /^registry\.example\.com\/samples\/sample-cache:v0\.0\.1 samples\/sample-cache:v0\.0\.1 -$/m);
}

async function assertStacks(exec, tree, repository, note) {
  symlinkSync(join(tree.directory, "node_modules"), join(repository, "node_modules"), "dir");
  await exec("npx", ["tsc"], { cwd: repository, note });
  await exec("node", ["build/src/main.js"], { cwd: repository, note });
  const { name, network } = environmentOf(repository);
  const resources = (layer, type) => {
    const stack = join(repository, "cdktf.out", "stacks", `${name}-${layer}`, "cdk.tf.json");
    return Object.entries(JSON.parse(readFileSync(stack, "utf8")).resource[type]);
  };
  const releases = Object.fromEntries(resources("workloads", "helm_release"));
  equal(releases[ID].version, "0.0.1");
  match(releases[ID].values[0], /acme-cache/);
  match(releases["cluster-base"].values[0], /"name":"sample-cache","podSecurity":"baseline"/);
  const roles = resources("cluster", "aws_iam_role").filter(([, role]) => /-cache-irsa$/.test(role.name));
  equal(roles.length, 1, "roles of the workload");
  match(roles[0][1].assume_role_policy, /system:serviceaccount:sample-cache:sample-cache/);
  const policies = resources("cluster", "aws_iam_role_policy").filter(([id]) => id.includes(ID));
  match(policies[0][1].policy, /arn:aws:s3:::acme-cache\/\*/);
  const repositories = resources("cluster", "aws_ecr_repository").map(([, one]) => one.name);
  ok(
    repositories.some((one) => one.endsWith("/samples/sample-cache")),
    "ECR repositories",
  );
  const readers = resources("cluster", "aws_eks_access_policy_association")
    .map(([, one]) => one)
    .filter(({ policy_arn }) => policy_arn.endsWith("/AmazonEKSAdminViewPolicy"));
  ok(
    readers.length > 0 && readers.every(({ access_scope }) => access_scope.namespaces.includes(ID)),
    "the access entries that read releases",
  );
  equal(network.mode, "created");
  ok(
    resources("network", "aws_vpc_endpoint").some(([, one]) => one.service_name.endsWith(".elasticfilesystem")),
    "VPC endpoints",
  );
}
