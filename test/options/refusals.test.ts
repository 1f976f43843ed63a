// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { PATTERNS } from "../../src/config/patterns";
import { CapacityType } from "../../src/options/capacity-type";
import { REFUSALS } from "./refusals";
import { issuesOf, type Options } from "./resolve";

describe("options that are refused", () => {
  test.each(REFUSALS)("%s", (_title, options, path, rule, fix) => {
    const issue = issuesOf(options).find((candidate) => candidate.path === path && candidate.rule.includes(rule));
    expect(issue ?? issuesOf(options)).toMatchObject({
      path,
      rule: expect.stringContaining(rule),
      fix: expect.stringContaining(fix),
    });
  });

  test("break every pattern at least once", () => {
    const rules = new Set(REFUSALS.flatMap(([, options]) => issuesOf(options).map(({ rule }) => rule)));
    expect(Object.entries(PATTERNS).filter(([, { rule }]) => !rules.has(rule))).toEqual([]);
  });

  test("have one issue each, unless one mistake breaks several rules", () => {
    const several = REFUSALS.filter(([, options]) => issuesOf(options).length > 3).map(([title]) => title);
    expect(several).toEqual([]);
  });

  test("are all reported at once, each with path, value, rule and fix, and the message says that nothing was written", () => {
    const options: Options = {
      name: "Bad",
      awsRegion: "moon",
      tags: { "aws:x": "y" },
      cpuPool: { minSize: 0 },
      ray: { headCpu: 99 },
      unknown: 1,
    } as Options;
    expect(issuesOf(options).map(({ path }) => path)).toEqual(
      expect.arrayContaining(["unknown", "name", "awsRegion", "tags.aws:x", "cpuPool.minSize", "ray.headCpu"]),
    );
  });
});

describe("options at a limit", () => {
  const vpc = (vpcCidr: string): Options => ({ network: { vpcCidr } });
  test.each<readonly [string, Options]>([
    ["a name of 30 characters", { name: "a".repeat(30) }],
    ["an environment of 16 characters", { name: "a".repeat(23), environmentNames: ["e".repeat(16)] }],
    ["a cluster name of 40 characters", { environments: [{ name: "dev", clusterName: "c".repeat(40) }] }],
    ["a VPC of /16", vpc("10.0.0.0/16")],
    ["a VPC of /20", vpc("192.168.0.0/20")],
    ["the last range of 172.16.0.0/12", vpc("172.31.0.0/16")],
    ["two zones", { network: { availabilityZones: ["us-east-1a", "us-east-1b"] } }],
    ["four zones", { network: { availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] } }],
    ["a range of /8 for the public endpoint", { cluster: { publicAccessCidrs: ["44.0.0.0/8"] } }],
    ["services of /12", { cluster: { serviceCidr: "172.16.0.0/12" } }],
    ["services of /24", { cluster: { serviceCidr: "172.20.0.0/24" } }],
    ["as many nodes as the policies allow", { cpuPool: { maxSize: 20 } }],
    ["as many GPU nodes as the policies allow", { gpuPool: { maxSize: 8, fallbackMaxSize: 2 } }],
    ["a pool of one node", { gpuPool: { capacityType: CapacityType.ON_DEMAND, maxSize: 1 } }],
    ["a volume of 20 GiB", { cpuPool: { volumeSizeGib: 20 } }],
    ["a volume as large as the policies allow", { cpuPool: { volumeSizeGib: 500 } }],
    ["a size at creation equal to the fewest", { cpuPool: { desiredSize: 2 } }],
    ["a size at creation equal to the most", { cpuPool: { desiredSize: 10 } }],
    ["a pool name of 20 characters", { pools: [{ name: "p".repeat(20), instanceTypes: ["m5.large"] }] }],
    ["20 tags", { tags: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`Tag${index}`, "x"])) }],
    [
      "10 labels",
      { cpuPool: { labels: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`label${index}`, "x"])) } },
    ],
    ["450 nodes in a group", { policyLimits: { maxNodesPerGroup: 450 }, cpuPool: { maxSize: 450 } }],
    ["a head that fills its node", { ray: { headCpu: 7.1 } }],
    ["a worker that fills its node", { ray: { workerGroups: [{ name: "w", cpu: 7.66 }] } }],
    ["as many workers as the policies allow", { ray: { workerGroups: [{ name: "w", maxReplicas: 50 }] } }],
    ["as many GPUs as the policies allow", { ray: { workerGroups: [{ name: "w", pool: "gpu", maxReplicas: 20 }] } }],
    ["as few workers as the pool holds", { ray: { workerGroups: [{ name: "w", pool: "gpu", minReplicas: 7 }] } }],
    ["an idle time of a minute", { ray: { idleTimeoutSeconds: 60 } }],
    ["an idle time of a day", { ray: { idleTimeoutSeconds: 86400 } }],
    ["the highest port", { ray: { egress: [{ cidr: "0.0.0.0/0", ports: [65535] }] } }],
    ["no GPUs for Ray, and a GPU pool", { policyLimits: { maxTotalGpus: 0 } }],
    [
      "tight limits, and no sizes",
      {
        policyLimits: {
          maxNodesPerGroup: 3,
          maxGpuNodes: 2,
          maxVolumeGib: 30,
          maxCpuPerWorker: 2,
          maxMemoryGibPerWorker: 4,
          maxTotalWorkers: 2,
          maxTotalGpus: 1,
          minCpuRequest: 1,
        },
      },
    ],
  ])("%s is accepted", (_title, options) => {
    expect(issuesOf(options)).toEqual([]);
  });
});
