// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Accelerator } from "../../src/options/accelerator";
import type { RayOptions } from "../../src/options/ray-options";
import { RayUpgrade } from "../../src/options/ray-upgrade";
import { ServiceUpgrade } from "../../src/options/service-upgrade";
import { rayChartValues } from "../../templates/src/platform/ray/ray-chart-values";
import { rayReleaseTimeout } from "../../templates/src/platform/ray/upgrade-guard";
import { platform } from "./configs";
import { type Json, resources, synthesize } from "./synthesize";

const SERVE = "applications:\n  - name: app\n    import_path: app:deployment\n";

const environmentOf = (ray: RayOptions) => platform({ accelerator: Accelerator.NONE, ray }).environments[0]!;
const chartOf = (ray: RayOptions): Json =>
  rayChartValues(environmentOf(ray), "registry.example.com/mirror", "111122223333");

test("a change of the Ray version makes head and workers anew together", () => {
  expect(chartOf({}).rayCluster.spec.upgradeStrategy).toEqual({ type: "Recreate" });
});

test("a job's own cluster and a service's have none of this: they are not changed, but replaced", () => {
  expect(chartOf({ jobEntrypoint: "python train.py" }).rayJob.spec.rayClusterSpec.upgradeStrategy).toBeUndefined();
  expect(chartOf({ serveConfig: SERVE }).rayService.spec.rayClusterConfig.upgradeStrategy).toBeUndefined();
});

const waitOf = (values: Json): number =>
  Number(values.upgradeGuard.template.spec.containers[0].env.find(({ name }: Json) => name === "WAIT_SECONDS").value);

test("while jobs run a deployment is refused, waits, or does not ask", () => {
  expect(waitOf(chartOf({}))).toBe(0);
  expect(waitOf(chartOf({ upgrade: RayUpgrade.DRAIN }))).toBe(1800);
  expect(chartOf({ upgrade: RayUpgrade.RECREATE }).upgradeGuard).toBeNull();
  expect(chartOf({ serveConfig: SERVE }).upgradeGuard).toBeNull();
});

test.each([RayUpgrade.REFUSE, RayUpgrade.DRAIN])(
  "Helm waits for the guard, and the guard for the jobs: %s",
  (upgrade) => {
    const { upgradeGuard } = chartOf({ upgrade });
    expect(upgradeGuard.activeDeadlineSeconds).toBeGreaterThan(waitOf({ upgradeGuard }));
    const config = platform({ ray: { upgrade } });
    const [release] = resources(synthesize(config).stacks["dev-workloads"], "helm_release").filter(
      ({ name }) => name === "ray",
    );
    expect(release.timeout).toBe(rayReleaseTimeout(config.environments[0]!));
    expect(release.timeout).toBeGreaterThan(upgradeGuard.activeDeadlineSeconds);
  },
);

test("the guard asks the head with its token", () => {
  const { env } = chartOf({}).upgradeGuard.template.spec.containers[0];
  expect(env).toContainEqual({ name: "HEAD", value: "http://ml-platform-dev-head-svc.ray.svc:8265" });
  expect(env).toContainEqual({
    name: "RAY_AUTH_TOKEN",
    valueFrom: { secretKeyRef: { name: "ml-platform-dev", key: "auth_token" } },
  });
  expect(JSON.stringify(chartOf({ tokenAuth: false }).upgradeGuard)).not.toContain("RAY_AUTH_TOKEN");
});

test("a service's strategy is the option's; its quota has room for what runs", () => {
  const twice = chartOf({ serveConfig: SERVE });
  const once = chartOf({
    serveConfig: SERVE,
    serviceUpgrade: ServiceUpgrade.NONE,
    workerGroups: [{ name: "cpu-workers", maxReplicas: 4 }],
  });
  expect(twice.rayService.spec.upgradeStrategy).toEqual({ type: "NewCluster" });
  expect(once.rayService.spec.upgradeStrategy).toEqual({ type: "None" });
  const pods = ({ resourceQuota }: Json) => Number(resourceQuota.pods);
  const named = chartOf({ serveConfig: SERVE, workerGroups: [{ name: "cpu-workers", maxReplicas: 4 }] });
  expect(pods(named) - pods(once)).toBe(5);
});

/** Of the CPU pool's ten nodes, eight are for workers, and a worker takes one. */
const workers = (maxReplicas?: number) => ({ name: "cpu-workers", maxReplicas });

test("by default a service takes half of its pool, so that its upgrade finds the other half", () => {
  const most = (ray: RayOptions) => environmentOf(ray).ray.workerGroups.map(({ maxReplicas }) => maxReplicas);
  expect(most({})).toEqual([8]);
  expect(most({ serveConfig: SERVE })).toEqual([4]);
  expect(most({ serveConfig: SERVE, serviceUpgrade: ServiceUpgrade.NONE })).toEqual([8]);
  expect(most({ serveConfig: SERVE, workerGroups: [{ name: "one" }, { name: "two" }] })).toEqual([2, 2]);
});

test.each([
  ["one worker too many", [workers(5)]],
  ["groups that fit alone and not together", [workers(3), { ...workers(2), name: "more" }]],
  ["replicas of several hosts", [{ ...workers(2), numOfHosts: 3 }]],
])("a service that cannot run twice on its pools is refused: %s", (_, workerGroups) => {
  expect(() => environmentOf({ serveConfig: SERVE, workerGroups })).toThrow(/runs every worker twice/);
  expect(() => environmentOf({ serveConfig: SERVE, workerGroups, serviceUpgrade: ServiceUpgrade.NONE })).not.toThrow();
});

test("a service that just fits twice is not refused", () => {
  expect(() => environmentOf({ serveConfig: SERVE, workerGroups: [workers(4)] })).not.toThrow();
});
