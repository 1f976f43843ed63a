// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolveAutoscaler } from "../../src/config/ray-autoscaler";
import { IssueList } from "../../src/options/option-issues";
import type { RayOptions } from "../../src/options/ray-options";
import { rayChartValues } from "../../templates/src/platform/ray/ray-chart-values";
import { platform } from "../templates/configs";

const sized = (options: RayOptions, workers: number) =>
  resolveAutoscaler(options, workers, (field) => `ray.${field}`, new IssueList());

test.each([
  [0, 0.5, 0.5],
  [20, 0.5, 0.75],
  [100, 0.5, 1.5],
  [1000, 2.5, 10.5],
])("the autoscaler of %i workers gets %f CPU and %f GiB", (workers, cpu, memoryGib) => {
  expect(sized({}, workers)).toMatchObject({ cpu, memoryGib });
});

test("what the option says is what it gets; without autoscaling there is none", () => {
  expect(sized({ autoscalerMemoryGib: 3 }, 20).memoryGib).toBe(3);
  expect(sized({ autoscaling: false }, 20)).toMatchObject({ cpu: 0, memoryGib: 0 });
});

test.each([{ autoscalerMemoryGib: 0.25 }, { autoscalerMemoryGib: 65 }, { autoscalerMemoryGib: 1, autoscaling: false }])(
  "%j is refused",
  (ray) => {
    expect(() => platform({ ray })).toThrow(/ray\.autoscalerMemoryGib/);
  },
);

test("the sidecar asks for it, the quota has room for it, and the head must leave it room on its node", () => {
  const config = (autoscalerMemoryGib: number) => platform({ ray: { autoscalerMemoryGib } }).environments[0]!;
  const values = (memory: number): any => rayChartValues(config(memory), "registry.example.com/mirror", "111122223333");
  const { resources } = values(2).rayCluster.spec.autoscalerOptions;
  expect(resources).toEqual({ requests: resources.limits, limits: { cpu: "500m", memory: "2048Mi" } });
  const quota = (memory: number) => Number.parseInt(values(memory).resourceQuota["limits.memory"], 10);
  expect(quota(6) - quota(2)).toBe(4);
  expect(() => config(60)).toThrow(/with its autoscaler the head must fit/);
});
