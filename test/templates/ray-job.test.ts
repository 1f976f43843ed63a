// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Accelerator } from "../../src/options/accelerator";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { rayChartValues } from "../../templates/src/platform/ray/ray-chart-values";
import { platform } from "./configs";
import type { Json } from "./synthesize";

/** Values of the Ray chart. */
function valuesOf(options: Partial<RayPlatformProjectOptions>): Json {
  const environment = platform(options).environments[0]!;
  return rayChartValues(environment, `registry.example.com/${environment.images.repositoryPrefix}`, "111122223333");
}

function jobOf({ ray, ...others }: Partial<RayPlatformProjectOptions> = {}): Json {
  return valuesOf({ ...others, ray: { jobEntrypoint: "python train.py", ...ray } }).rayJob;
}

const name = jobOf().metadata.name;

test("a job has a name of its own, which says whose it is", () => {
  expect(name).toMatch(/^ml-platform-dev-job-[0-9a-f]{8}$/);
});

test.each<[string, RayPlatformProjectOptions["ray"]]>([
  ["another command", { jobEntrypoint: "python train.py --epochs 2" }],
  ["another Ray version", { version: "2.58.0" }],
  ["another image", { imageRepository: "registry.example.com/ray" }],
  ["another image of a worker group", { workerGroups: [{ name: "cpu", image: "registry.example.com/ray:1" }] }],
])("%s is another job: KubeRay runs none twice", (_change, ray) => {
  expect(jobOf({ ray }).metadata.name).not.toBe(name);
});

test.each<[string, Partial<RayPlatformProjectOptions>]>([
  ["monitoring", { monitoring: true }],
  ["a tag", { tags: { Team: "ml" } }],
  ["a longer idle time", { ray: { idleTimeoutSeconds: 1200 } }],
  ["a larger pool", { gpuPool: { maxSize: 4 } }],
  ["a mirror elsewhere", { images: { repositoryPrefix: "mirror" } }],
])("%s does not run a job again", (_change, options) => {
  expect(jobOf(options).metadata.name).toBe(name);
});

test("a job has a cluster of its own, of the same shape as the shared one, which ends with it", () => {
  const { rayCluster: cluster, rayJob: job } = valuesOf({ ray: { jobEntrypoint: "python train.py" } });
  expect(job.spec.clusterSelector).toBeUndefined();
  expect(job.spec.shutdownAfterJobFinishes).toBe(true);
  const shape = ({ headGroupSpec, workerGroupSpecs, ...rest }: Json) => ({
    ...rest,
    head: headGroupSpec.template.spec,
    workers: workerGroupSpecs.map(({ template, ...group }: Json) => ({ ...group, pod: template.spec })),
  });
  // The shared one is made anew by an upgrade; the job's is not upgraded.
  expect(shape(job.spec.rayClusterSpec)).toEqual(shape({ ...cluster.spec, upgradeStrategy: undefined }));
});

test("the quota has room for the cluster and the job's", () => {
  const workerGroups = [
    { name: "cpu", maxReplicas: 3 },
    { name: "gpu", pool: "gpu", maxReplicas: 1 },
  ];
  const alone = valuesOf({ ray: { workerGroups } }).resourceQuota;
  const both = valuesOf({ ray: { workerGroups, jobEntrypoint: "python train.py" } }).resourceQuota;
  expect(Number(both["requests.nvidia.com/gpu"])).toBe(2 * Number(alone["requests.nvidia.com/gpu"]));
  expect(Number(both.pods) - 4).toBe(2 * (Number(alone.pods) - 4));
});

/** Of the CPU pool's ten nodes, eight are for workers, and a worker takes one. */
const rayOf = (ray: RayPlatformProjectOptions["ray"]) =>
  platform({ accelerator: Accelerator.NONE, ray: { jobEntrypoint: "python train.py", ...ray } }).environments[0]!.ray;

test("by default the shared cluster and the job's have half of the pool each", () => {
  const most = (ray: RayPlatformProjectOptions["ray"]) => rayOf(ray).workerGroups.map(({ maxReplicas }) => maxReplicas);
  expect(most({})).toEqual([4]);
  expect(most({ jobEntrypoint: undefined })).toEqual([8]);
  expect(most({ workerGroups: [{ name: "one" }, { name: "two" }] })).toEqual([2, 2]);
  expect(most({ workerGroups: [{ name: "named", maxReplicas: 8 }] })).toEqual([8]);
});

test.each<[string, RayPlatformProjectOptions["ray"]]>([
  ["the smallest shared cluster leaves too few nodes", { workerGroups: [{ name: "cpu", minReplicas: 5 }] }],
  ["its own replicas do", { workerGroups: [{ name: "cpu", minReplicas: 3, replicas: 6 }] }],
  ["a fixed cluster does", { autoscaling: false, workerGroups: [{ name: "cpu", replicas: 5 }] }],
  ["several groups do", { workerGroups: ["one", "two", "three"].map((name) => ({ name, minReplicas: 2 })) }],
])("a job that could never start is refused: %s", (_, ray) => {
  expect(() => rayOf(ray)).toThrow(/a job starts once its own cluster has all replicas/);
  expect(() => rayOf({ ...ray, jobEntrypoint: undefined })).not.toThrow();
});

test("a job that just starts is not refused", () => {
  expect(() => rayOf({ workerGroups: [{ name: "cpu", minReplicas: 4 }] })).not.toThrow();
});
