// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, chmodSync, cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { judgeDeployedCharts } from "../../src/cli/deployed-charts";
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

const plan = (): PolicyInput => ({
  kind: "plan",
  file: "<stdin>",
  document: {
    resource_changes: [{ type: "helm_release", address: "helm_release.ray", change: { after: { chart: CHART } } }],
  },
});
const stack = (): PolicyInput => ({
  kind: "stack",
  file: "cdktf.out/stacks/dev-workloads/cdk.tf.json",
  document: { resource: { helm_release: { ray: { chart: CHART } } } },
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
