// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadPolicies, type Policies } from "../../src/policy/load-policies";
import { PACKAGE_ROOT } from "../../src/package-root";
import { Accelerator } from "../../src/options/accelerator";
import { DataAccess } from "../../src/options/data-access";
import type { EnvironmentConfig, PlatformConfig } from "../../templates/src/platform/platform-config";
import { exampleManifests } from "../../templates/src/platform/examples/example-manifests";
import { configs, platform } from "./configs";
import type { Json } from "./synthesize";

const FILES = ["cpu_job.py", "gpu_job.py", "service.py"];
const sources = Object.fromEntries(
  FILES.map((file) => [file, readFileSync(join(PACKAGE_ROOT, "templates/examples", file), "utf8")]),
);
const examplesOf = (config: PlatformConfig, code: Readonly<Record<string, string>> = sources): Map<string, Json[]> =>
  new Map(
    exampleManifests(config.environments[0] as EnvironmentConfig, "registry.example.com/mirror", code).map(
      ({ id, items }) => [id, items as Json[]],
    ),
  );
const clusterOf = ([, item]: readonly Json[]): Json => item.spec.rayClusterSpec ?? item.spec.rayClusterConfig;

let policies: Policies;
beforeAll(async () => {
  policies = await loadPolicies();
});

test.each(Object.keys(configs))("with the options of %s the policies admit each example", (name) => {
  const config = (configs[name] as () => PlatformConfig)();
  const { ray } = config.environments[0] as EnvironmentConfig;
  const examples = examplesOf(config);
  const hasGpu = ray.workerGroups.some(({ gpus }) => gpus > 0);
  expect([...examples.keys()]).toEqual(["cpu-job", ...(hasGpu ? ["gpu-job"] : []), "service"]);
  for (const [id, items] of examples) {
    const { deny } = policies.evaluate("ray", items[1], { ray: config.limits.ray, terraform: config.limits.terraform });
    expect([id, deny]).toEqual([id, []]);
    const [group] = clusterOf(items).workerGroupSpecs;
    const own = ray.workerGroups.find(({ name: one }) => one === group.groupName);
    const { requests } = group.template.spec.containers[0].resources;
    expect([id, requests.cpu, requests.memory, Number(requests["nvidia.com/gpu"] ?? 0)]).toEqual([
      id,
      String(own?.cpu),
      `${own?.memoryGib}Gi`,
      own?.gpus,
    ]);
    expect(group.maxReplicas).toBe(1);
  }
});

test("an example that asks for more than the policies admit is refused", () => {
  const config = platform();
  const [, job] = examplesOf(config).get("gpu-job") as Json[];
  job.spec.rayClusterSpec.workerGroupSpecs[0].maxReplicas = 500;
  expect(policies.evaluate("ray", job, { ray: config.limits.ray }).deny).not.toEqual([]);
});

test("the code is that of the repository, and lies where the command and Serve look for it", () => {
  for (const [id, [code, item]] of examplesOf(platform())) {
    const [file] = Object.keys(code.data) as [string];
    expect(code.data[file]).toBe(sources[file]);
    const cluster = clusterOf([code, item]);
    for (const { template } of [cluster.headGroupSpec, ...cluster.workerGroupSpecs]) {
      const [container] = template.spec.containers;
      expect([id, container.volumeMounts[0].mountPath]).toEqual([id, `/home/ray/examples/${file}`]);
      expect(template.spec.volumes).toEqual([{ name: "code", configMap: { name: code.metadata.name } }]);
    }
    const command = item.spec.entrypoint ?? JSON.parse(item.spec.serveConfigV2).applications[0].import_path;
    expect(command).toContain(file.replace(/\.py$/, ""));
  }
});

test("an example whose code is gone has no manifest", () => {
  const { "cpu_job.py": _, ...rest } = sources;
  expect([...examplesOf(platform(), rest).keys()]).toEqual(["gpu-job", "service"]);
});

test("the CPU job works with data where head and workers may both read and write it", () => {
  const bucket = { name: "acme-models", prefixes: ["tests/"], access: DataAccess.READ_WRITE };
  const command = (ray: object): string => examplesOf(platform({ ray })).get("cpu-job")?.[1].spec.entrypoint;
  expect(command({ data: { buckets: [bucket] } })).toMatch(/cpu_job\.py --data s3:\/\/acme-models\/tests\/$/);
  expect(command({ data: { buckets: [{ ...bucket, access: DataAccess.READ }] } })).toMatch(/cpu_job\.py$/);
  expect(command({ data: { buckets: [bucket] }, headData: {} })).toMatch(/cpu_job\.py$/);
  expect(command({})).toMatch(/cpu_job\.py$/);
});

test("without GPUs there is no example for them", () => {
  expect([...examplesOf(platform({ accelerator: Accelerator.NONE })).keys()]).toEqual(["cpu-job", "service"]);
});
