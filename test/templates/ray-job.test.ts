// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
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
  const quota = (options: Partial<RayPlatformProjectOptions>) => valuesOf(options).resourceQuota;
  const alone = quota({});
  const both = quota({ ray: { jobEntrypoint: "python train.py" } });
  expect(Number(both["requests.nvidia.com/gpu"])).toBe(2 * Number(alone["requests.nvidia.com/gpu"]));
  expect(Number(both.pods) - 4).toBe(2 * (Number(alone.pods) - 4));
});
