// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rayChartValues } from "../../templates/src/platform/ray/ray-chart-values";
import { spotNotice, workerDrain } from "../../templates/src/platform/ray/worker-drain";
import { configs, platform } from "./configs";
import { type Json, resources, synthesize } from "./synthesize";

const chartOf = (config: ReturnType<typeof platform>): Json =>
  rayChartValues(config.environments[0]!, "registry.example.com/mirror", "111122223333");

const workersOf = (values: Json): Json[] =>
  [values.rayCluster?.spec, values.rayService?.spec.rayClusterConfig, values.rayJob?.spec.rayClusterSpec]
    .filter((spec) => spec !== undefined)
    .flatMap((spec) => spec.workerGroupSpecs.map(({ template }: Json) => template.spec));

const hookOf = (pod: Json): string[] => pod.containers[0].lifecycle.preStop.exec.command;

test.each(["default", "RayService", "monitoring, backup, job, Redis, NodeConfig"])(
  "every worker is drained before it stops: %s",
  (name) => {
    const workers = workersOf(chartOf(configs[name]!()));
    expect(workers.length).toBeGreaterThan(1);
    for (const pod of workers) {
      expect(hookOf(pod).join(" ")).toContain("ray drain-node");
    }
  },
);

test("all that happens from a spot node's notice to the end of its pods fits into the notice", () => {
  const [pod] = workersOf(chartOf(configs.default!()));
  expect(pod.terminationGracePeriodSeconds).toBe(workerDrain.request + workerDrain.running + workerDrain.stop);
  expect(workerDrain.eviction + pod.terminationGracePeriodSeconds).toBeLessThanOrEqual(spotNotice);
  const script = hookOf(pod)[2]!;
  expect(script).toContain(`--deadline-remaining-seconds ${workerDrain.running} `);
});

test("the handler leaves each pod its own time", () => {
  const [release] = resources(synthesize(configs.default!()).stacks["dev-workloads"], "helm_release").filter(
    ({ name }) => name === "aws-node-termination-handler",
  );
  expect(JSON.parse(release.values[0])).toMatchObject({
    podTerminationGracePeriod: -1,
    nodeTerminationGracePeriod: spotNotice,
  });
});

test("no budget holds a worker on a spot node, where a held one is lost; on demand there is one", () => {
  const budgets = (pool: string): string[] =>
    chartOf(
      platform({
        ray: { workerGroups: [{ name: "steady", pool, minReplicas: 3, maxReplicas: 4, cpu: 1, memoryGib: 2 }] },
      }),
    ).podDisruptionBudgets.map(({ name }: Json) => name);
  expect(budgets("gpu")).toEqual(["ray-head"]);
  expect(budgets("cpu")).toEqual(["ray-head", "ray-worker-steady"]);
});

describe("the hook's command", () => {
  /** Runs the hook with a `ray` that ends with `status`, and a `sleep` that returns at once. */
  function run(status: number): { readonly log: string; readonly status: number | null } {
    const bin = mkdtempSync(join(tmpdir(), "worker-drain-"));
    const log = join(bin, "log");
    for (const [program, end] of [
      ["ray", `exit ${status}`],
      ["sleep", "exit 0"],
    ]) {
      writeFileSync(join(bin, program!), `#!/bin/sh\necho ${program} "$@" >> ${log}\n${end}\n`);
      chmodSync(join(bin, program!), 0o755);
    }
    const [shell, ...args] = hookOf(workersOf(chartOf(configs.default!()))[0]);
    const { status: ended } = spawnSync(shell!, args, { env: { PATH: `${bin}:${process.env.PATH}` } });
    return { log: readFileSync(log, "utf8"), status: ended };
  }

  test("asks Ray to drain this node, and waits until the deadline", () => {
    const { log, status } = run(0);
    expect(log).toMatch(/^ray drain-node --node-id .*--reason DRAIN_NODE_REASON_PREEMPTION .*\nsleep 75\n$/);
    expect(status).toBe(0);
  });

  test("where Ray cannot be asked, the pod stops at once", () => {
    expect(run(1).log).not.toContain("sleep");
  });
});
