// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, chmodSync, cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { judgeDeployedCharts } from "../../src/cli/deployed-charts";
import { judgeStackFiles } from "../../src/cli/stack-files";
import { PACKAGE_ROOT } from "../../src/package-root";
import type { PolicyInput } from "../../src/policy/policy-input";
import { parseLock } from "../../src/sync/store/lock-file";
import { temporaryDirectory } from "../sync/mini-project";

const CHART = "./assets/ray-chart/0A1B";
const lock = (ownFiles: readonly string[] = []) =>
  parseLock(JSON.stringify({ format: 1, generator: "1.0.0", files: {}, ownFiles }));

let root: string;
let chart: string;
beforeEach(() => {
  root = temporaryDirectory();
  chart = join(root, "cdktf.out/stacks/dev-workloads/assets/ray-chart/0A1B");
  cpSync(join(PACKAGE_ROOT, "templates/helm/ray"), chart, { recursive: true });
});

const plan = (change: object = {}): PolicyInput => ({
  kind: "plan",
  file: "<stdin>",
  document: {
    resource_changes: [
      { type: "helm_release", address: "helm_release.ray", change: { after: { chart: CHART, ...change } } },
    ],
  },
});
const stack = (change: object = {}): PolicyInput => ({
  kind: "stack",
  file: "cdktf.out/stacks/dev-workloads/cdk.tf.json",
  document: { resource: [{ helm_release: { ray: { chart: CHART, ...change } } }] },
});

describe.each([
  ["a plan", plan],
  ["a stack", stack],
])("with %s", (_, input) => {
  const judged = (ownFiles?: readonly string[]) => judgeDeployedCharts([input()], root, root, lock(ownFiles));

  test("the chart that is shipped passes", () => {
    expect(judged()).toEqual({ judgements: [], skipped: [] });
  });

  test.each<[string, () => void, string]>([
    [
      "a template more",
      () => writeFileSync(join(chart, "templates/admin.yaml"), "kind: ClusterRoleBinding\n"),
      "helm/ray/templates/admin.yaml is not part of the chart",
    ],
    [
      "a link to one",
      () => symlinkSync("/dev/zero", join(chart, "templates/admin.yaml")),
      "helm/ray/templates/admin.yaml is not part of the chart",
    ],
    [
      "a template that was changed",
      () => {
        chmodSync(join(chart, "templates/ray.yaml"), 0o644);
        appendFileSync(join(chart, "templates/ray.yaml"), "---\nkind: ClusterRoleBinding\n");
      },
      "helm/ray/templates/ray.yaml differs",
    ],
    ["a check less", () => rmSync(join(chart, "templates/checks.yaml")), "helm/ray/templates/checks.yaml is missing"],
  ])("%s is denied", (_title, change, message) => {
    change();
    const { judgements } = judged();
    expect(judgements.flatMap(({ deny }) => deny)).toMatchObject([
      { id: "helm/chart", resource: "helm_release.ray", msg: expect.stringContaining(message) },
    ]);
  });

  test.each<[string, object, string]>([
    ["a directory of the repository", { chart: "../../../docs/evil" }, "which ray-platform does not ship"],
    ["a way around", { chart: "./assets/ray-chart/../../../evil" }, "which ray-platform does not ship"],
    ["an absolute path", { chart: "/tmp/evil" }, "which ray-platform does not ship"],
    ["a repository that is a directory", { chart: "evil", repository: "../.." }, "it installs ../../evil"],
    ["what looks like a name, and lies there", { chart: "assets", repository: "oci://x" }, "it installs assets"],
    ["an archive", { chart: "./evil-1.0.0.tgz" }, "which ray-platform does not ship"],
    ["a program that changes it", { postrender: { binary_path: "./x" } }, "a program changes what its chart makes"],
    ["the same as a block", { postrender: [{ binary_path: "./x" }] }, "a program changes what its chart makes"],
  ])("a release of %s is denied", (_title, change, message) => {
    const { judgements } = judgeDeployedCharts([input(change)], root, root, lock());
    expect(judgements.flatMap(({ deny }) => deny)).toMatchObject([
      { id: "helm/chart", resource: "helm_release.ray", msg: expect.stringContaining(message) },
    ]);
  });

  test.each<[string, object]>([
    ["a registry", { chart: "kuberay-operator", repository: "https://ray-project.github.io/kuberay-helm" }],
    ["an OCI address", { chart: "oci://registry.example/charts/x" }],
    ["another spelling of its path", { chart: "././assets//ray-chart/0A1B/" }],
  ])("a release of %s passes", (_title, change) => {
    expect(judgeDeployedCharts([input(change)], root, root, lock())).toEqual({ judgements: [], skipped: [] });
  });

  test("a template that is released is a warning", () => {
    writeFileSync(join(chart, "templates/mine.yaml"), "kind: ConfigMap\n");
    const { judgements } = judged(["helm/ray/templates/mine.yaml"]);
    expect(judgements).toMatchObject([{ deny: [], warn: [{ msg: expect.stringContaining("is not judged") }] }]);
  });

  test("a chart that is not here is said not to be judged", () => {
    rmSync(join(root, "cdktf.out"), { recursive: true });
    expect(judged().skipped).toEqual([{ file: CHART, reason: expect.stringContaining("is not here") }]);
  });
});

test("a chart that is known only after apply is denied", () => {
  const change = { after: { name: "ray" }, after_unknown: { chart: true } };
  const document = { resource_changes: [{ type: "helm_release", address: "helm_release.ray", change }] };
  const { judgements } = judgeDeployedCharts([{ kind: "plan", file: "<stdin>", document }], root, root, lock());
  expect(judgements[0]?.deny[0]?.msg).toContain("known only after apply");
});

test("each place that a plan's chart may be taken from is compared, not the first alone", () => {
  const other = join(root, "cdktf.out/stacks/prod-workloads/assets/ray-chart/0A1B");
  cpSync(chart, other, { recursive: true });
  writeFileSync(join(other, "templates/admin.yaml"), "kind: ClusterRoleBinding\n");
  const { judgements } = judgeDeployedCharts([plan()], root, root, lock());
  expect(judgements[0]?.deny).toMatchObject([{ path: "helm/ray/templates/admin.yaml" }]);
});

describe("beside a synthesized stack", () => {
  const put = (name: string, text = "") => writeFileSync(join(root, "cdktf.out/stacks/dev-workloads", name), text);
  const VERSIONS = 'terraform {\n  required_version = "~> 1.10"\n}\n';

  test.each<readonly [string, string]>([
    ...["more.tf", "x_override.tf.json", "more.tofu", "more.tofu.json", "terraform.tfvars", "x.auto.tfvars.json"].map(
      (name) => [name, ""] as const,
    ),
    ["versions.tf", `${VERSIONS}data "external" "x" {}\n`],
    ["versions.tf", 'terraform {\n  required_version = "${file("x")}"\n}\n'],
  ])("%s is denied", (name, text) => {
    put(name, text);
    expect(judgeStackFiles(root, root)).toMatchObject([{ deny: [{ id: "terraform/files", path: name }] }]);
  });

  test("what synthesis and Terraform write passes", () => {
    put("cdk.tf.json", "{}");
    put("versions.tf", VERSIONS);
    put(".terraform.lock.hcl");
    expect(judgeStackFiles(root, root)).toEqual([]);
  });
});
