// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Accelerator } from "../../src/options/accelerator";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { rayChartValues } from "../../templates/src/platform/ray/ray-chart-values";
import { platform } from "./configs";
import type { Json } from "./synthesize";

const SERVE = "applications:\n  - name: app\n    import_path: app:deployment\n";

/** Groups that may not shrink to nothing, so that their workers have budgets. */
const workerGroups = [
  { name: "steady", minReplicas: 3, maxReplicas: 4 },
  { name: "paired", minReplicas: 1, maxReplicas: 2, numOfHosts: 2 },
];

function rayOf(ray: RayPlatformProjectOptions["ray"]): { readonly budgets: Json[]; readonly items: Json[] } {
  const config = platform({ accelerator: Accelerator.NONE, cpuPool: { maxSize: 20 }, ray: { workerGroups, ...ray } });
  const values: Json = rayChartValues(config.environments[0]!, "registry.example.com/mirror", "111122223333");
  const items = [values.rayCluster, values.rayService, values.rayJob].filter((item) => item !== null);
  return { budgets: values.podDisruptionBudgets, items };
}

/** Labels of the pods that KubeRay makes of a cluster: its own beside the template's. Source: common/pod.go, labelPod. */
function podsOf(spec: Json, cluster: string): { readonly role: string; readonly labels: Record<string, string> }[] {
  const labels = (template: Json, role: string, group: string) => ({
    ...template.metadata.labels,
    "ray.io/cluster": cluster,
    "ray.io/node-type": role,
    "ray.io/group": group,
  });
  return [
    { role: "head", labels: labels(spec.headGroupSpec.template, "head", "headgroup") },
    ...spec.workerGroupSpecs.map(({ groupName, template }: Json) => ({
      role: groupName,
      labels: labels(template, "worker", groupName),
    })),
  ];
}

const selects = ({ selector }: Json, labels: Record<string, string>) =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

const find = (items: Json[], kind: string): Json => items.find((item) => item.kind === kind);

test("workers of a group at its smallest go one at a time; a group that may shrink to one or none has no budget", () => {
  const { budgets } = rayOf({});
  expect(budgets.map(({ name, minAvailable }) => [name, minAvailable])).toEqual([
    ["ray-head", 1],
    ["ray-worker-steady", 2],
    ["ray-worker-paired", 1],
  ]);
  expect(rayOf({ workerGroups: [{ name: "elastic", minReplicas: 1, maxReplicas: 2 }] }).budgets.length).toBe(1);
});

test("a cluster and a job beside it: each budget sees the pods of one of them only", () => {
  const { budgets, items } = rayOf({ jobEntrypoint: "python train.py" });
  const cluster = find(items, "RayCluster");
  const job = find(items, "RayJob");
  const ofCluster = podsOf(cluster.spec, cluster.metadata.name);
  const ofJob = podsOf(job.spec.rayClusterSpec, `${job.metadata.name}-x1y2z`);
  expect(budgets.length).toBe(6);
  for (const budget of budgets) {
    const seen = [ofCluster, ofJob].map((pods) => pods.filter(({ labels }) => selects(budget, labels)).length);
    expect([budget.name, seen]).toEqual([budget.name, budget.name.endsWith("-job") ? [0, 1] : [1, 0]]);
  }
});

test("the heads of a service are protected together while an upgrade has two of them, and one replaced before", () => {
  const { budgets, items } = rayOf({ serveConfig: SERVE });
  const service = find(items, "RayService");
  const heads = ["a", "b", "c"].map(
    (end) => podsOf(service.spec.rayClusterConfig, `${service.metadata.name}-${end}`)[0]!,
  );
  const head = budgets.find(({ name }) => name === "ray-head");
  const healthy = heads.filter(({ labels }) => selects(head, labels)).length;
  expect(healthy).toBe(3);
  // What the disruption controller allows: healthy pods beyond minAvailable.
  expect([1, 2, 3].map((running) => Math.max(0, running - head.minAvailable))).toEqual([0, 0, 0]);
});
