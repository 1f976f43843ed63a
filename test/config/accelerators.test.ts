// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "../../src/config/package-data";
import { withStatedGpuTypes } from "../../src/config/stated-gpu-types";
import { regions } from "../../src/config/regions";
import { instanceType } from "../../src/config/instance-types";
import { Accelerator } from "../../src/options/accelerator";
import { CapacityType } from "../../src/options/capacity-type";
import { NodeOs } from "../../src/options/node-os";
import { issuesOf, type Options, resolve } from "../options/resolve";
import { ACCELERATORS_IN_REGIONS, isOffered } from "./sweep";

const environmentOf = (options: Options) => resolve(options).config.environments[0];

describe("an accelerator", () => {
  test.each(ACCELERATORS_IN_REGIONS)(
    "%s in %s resolves, or the one issue says where it is offered",
    (accelerator, awsRegion) => {
      const options = withStatedGpuTypes({ accelerator, awsRegion, allowedRegions: [awsRegion] });
      if (!isOffered(accelerator, awsRegion)) {
        expect(issuesOf(options)).toMatchObject([
          {
            path: "accelerator",
            rule: expect.stringContaining("nowhere in the region"),
            fix: expect.stringContaining("another GPU"),
          },
        ]);
        return;
      }
      const { pools, network } = environmentOf(options);
      for (const pool of pools.filter(({ node }) => node.gpus > 0)) {
        expect(pool.availabilityZones.length).toBeGreaterThan(0);
        expect(network.availabilityZones).toEqual(expect.arrayContaining([...pool.availabilityZones]));
        expect(regions()[awsRegion].gpuZones[accelerator]).toEqual(expect.arrayContaining([...pool.availabilityZones]));
      }
    },
  );

  test.each(Object.values(Accelerator).filter((accelerator) => accelerator !== Accelerator.NONE))(
    "%s has known types of one kind",
    (accelerator) => {
      const types = packageData<Record<string, string[]>>("accelerators")[accelerator].map(
        (name) => instanceType(name)!,
      );
      expect(types.length).toBeGreaterThan(0);
      expect(new Set(types.map(({ gpus, gpuModel, architecture }) => `${gpus} ${gpuModel} ${architecture}`)).size).toBe(
        1,
      );
    },
  );

  const BEYOND = Object.values(Accelerator).filter((one) => one !== Accelerator.NONE && one !== Accelerator.G4DN);
  test.each(BEYOND)(
    "%s is not allowed for being chosen: the one issue names all types and the option",
    (accelerator) => {
      const types = packageData<Record<string, string[]>>("accelerators")[accelerator];
      expect(issuesOf({ accelerator })).toEqual([
        {
          path: "accelerator",
          value: types,
          rule: "the policies allow g4dn.xlarge, g4dn.2xlarge, g4dn.4xlarge, p3.2xlarge",
          fix: expect.stringMatching(`^add ${types.join(", ")} to policyLimits.gpuInstanceTypes, .*"${types[0]}"`),
        },
      ]);
      expect(issuesOf({ accelerator, policyLimits: { gpuInstanceTypes: types } })).toEqual([]);
    },
  );

  test("of an environment is not allowed by another's", () => {
    const environments = [
      { name: "dev", accelerator: Accelerator.G6 },
      { name: "prod", awsRegion: "us-west-2", accelerator: Accelerator.P5 },
    ];
    const policyLimits = { gpuInstanceTypes: ["g6.2xlarge", "g6.4xlarge"] };
    expect(issuesOf({ environments, policyLimits }).map(({ path }) => path)).toEqual(["environments[1].accelerator"]);
    expect(issuesOf(withStatedGpuTypes({ environments }))).toEqual([]);
  });

  test.each([
    ["a list that was given", { accelerator: Accelerator.P5, policyLimits: { gpuInstanceTypes: ["g4dn.xlarge"] } }],
    ["an accelerator that is allowed", { accelerator: Accelerator.G4DN }],
    ["what is wrong", { accelerator: "source", environments: [null, { accelerator: 5 }], policyLimits: {} }],
    ["limits that are none", { accelerator: Accelerator.P5, policyLimits: "few" }],
  ])("is stated by programs that write options, but %s stays as it is", (_, options) => {
    expect(withStatedGpuTypes(options)).toBe(options);
  });

  test("is none: no GPU pool, chart, image or worker group", () => {
    const { pools, workloads, images, ray } = environmentOf({ accelerator: Accelerator.NONE });
    expect(pools.map(({ name }) => name)).toEqual(["cpu"]);
    expect(Object.keys(workloads)).not.toContain("nvidia-device-plugin");
    expect(images.list.map(({ key }) => key)).not.toContain("dcgm-exporter");
    expect(ray.workerGroups.map(({ name }) => name)).toEqual(["cpu-workers"]);
  });
});

describe("a GPU pool", () => {
  test("is spot from zero, with a smaller fallback on demand of the same group and lower rank", () => {
    const [, spot, fallback] = environmentOf({}).pools;
    expect(spot).toMatchObject({
      name: "gpu",
      group: "gpu",
      capacityType: "SPOT",
      minSize: 0,
      maxSize: 5,
      desiredSize: 0,
    });
    expect(fallback).toMatchObject({
      name: "gpu-on-demand",
      group: "gpu",
      capacityType: "ON_DEMAND",
      minSize: 0,
      maxSize: 2,
    });
    expect(fallback.priority).toBeLessThan(spot.priority);
    expect(fallback.instanceTypes).toEqual(spot.instanceTypes);
  });

  describe("has by default the nodes that Ray's GPUs need, and no more", () => {
    const sizesOf = (options: Parameters<typeof environmentOf>[0]) =>
      environmentOf(withStatedGpuTypes(options))
        .pools.filter(({ group }) => group === "gpu")
        .map(({ maxSize }) => maxSize);
    const JOB = { ray: { jobEntrypoint: "python train.py" } };
    const SERVICE = { ray: { serveConfig: "applications:\n  - name: app\n    import_path: app:deployment\n" } };

    test.each(Object.values(Accelerator).filter((accelerator) => accelerator !== Accelerator.NONE))(
      "with %s, whatever the limit, alone and beside a job or an upgrade",
      (accelerator) => {
        for (const [options, clusters] of [
          [{}, 1],
          [JOB, 2],
          [SERVICE, 2],
        ] as const) {
          for (const maxTotalGpus of [1, 4, 8, 20, 24, 100]) {
            const { pools, ray } = environmentOf(
              withStatedGpuTypes({ accelerator, ...options, policyLimits: { maxTotalGpus } }),
            );
            const [pool, fallback] = pools.filter(({ group }) => group === "gpu");
            const { gpus } = pool.node;
            const usable = Math.ceil((clusters * maxTotalGpus) / gpus);
            const nodes = pool.maxSize + fallback.maxSize;
            // Each of the two pools can start a node.
            expect([maxTotalGpus, nodes]).toEqual([maxTotalGpus, Math.min(7, Math.max(2, usable))]);
            expect(fallback.maxSize).toBeLessThanOrEqual(pool.maxSize);
            const workers = ray.workerGroups.find(({ poolGroup }) => poolGroup === "gpu")!;
            expect(clusters * workers.maxReplicas * workers.gpus).toBeLessThanOrEqual(
              clusters === 1 ? nodes * gpus : Math.max(nodes * gpus, 2 * workers.gpus),
            );
          }
        }
      },
    );

    test.each([
      [{ accelerator: Accelerator.G4DN }, [5, 2]],
      [{ accelerator: Accelerator.P4D }, [2, 1]],
      [{ accelerator: Accelerator.P5 }, [2, 1]],
      [{ accelerator: Accelerator.P5, ...JOB }, [3, 2]],
      [{ accelerator: Accelerator.P5, ...SERVICE }, [3, 2]],
      [{ accelerator: Accelerator.P5, policyLimits: { maxTotalGpus: 56 } }, [5, 2]],
      [{ accelerator: Accelerator.P5, policyLimits: { maxTotalGpus: 0 } }, [1, 1]],
      [{ accelerator: Accelerator.P5, gpuPool: { onDemandFallback: false } }, [3]],
      [{ accelerator: Accelerator.G4DN, policyLimits: { maxGpuNodes: 3 } }, [2, 1]],
      [{ accelerator: Accelerator.G4DN, policyLimits: { maxGpuNodes: 2 } }, [1, 1]],
    ])("%j: %j", (options, expected) => {
      expect(sizesOf(options)).toEqual(expected);
    });

    test("a number that is given counts as it is", () => {
      expect(sizesOf({ accelerator: Accelerator.P5, gpuPool: { maxSize: 6, fallbackMaxSize: 3 } })).toEqual([6, 3]);
    });
  });

  test("is tainted, and labelled for device plugin and autoscaler", () => {
    const [, pool] = environmentOf({}).pools;
    expect(pool.taints).toEqual([{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }]);
    expect(pool.labels).toMatchObject({ "nvidia.com/gpu.present": "true" });
  });

  test.each<readonly [Accelerator, NodeOs, string, string]>([
    [Accelerator.G4DN, NodeOs.AL2023, "x86_64", "AL2023_x86_64_NVIDIA"],
    [Accelerator.G5G, NodeOs.AL2023, "arm64", "AL2023_ARM_64_NVIDIA"],
    [Accelerator.G5, NodeOs.BOTTLEROCKET, "x86_64", "BOTTLEROCKET_x86_64_NVIDIA"],
    [Accelerator.G5G, NodeOs.BOTTLEROCKET, "arm64", "BOTTLEROCKET_ARM_64_NVIDIA"],
  ])("of %s on %s runs on %s with the AMI %s, which EKS has", (accelerator, os, architecture, amiType) => {
    const [, pool] = environmentOf(withStatedGpuTypes({ accelerator, gpuPool: { os } })).pools;
    expect(pool).toMatchObject({ architecture, amiType });
    expect(packageData<{ amiTypes: { amiType: string }[] }>("eks").amiTypes.map((known) => known.amiType)).toContain(
      amiType,
    );
  });

  test("with EFA lives in one zone that has its GPUs, fallback included", () => {
    const { pools } = environmentOf({
      accelerator: Accelerator.P4D,
      policyLimits: { gpuInstanceTypes: ["p4d.24xlarge"] },
      gpuPool: { efa: true },
    });
    expect(pools.slice(1).map(({ availabilityZones, efaInterfaces }) => [availabilityZones, efaInterfaces])).toEqual([
      [["us-east-1a"], 4],
      [["us-east-1a"], 4],
    ]);
  });

  test("in a capacity block lives in one zone and has no fallback", () => {
    const { pools } = environmentOf({
      accelerator: Accelerator.P5,
      policyLimits: { gpuInstanceTypes: ["p5.48xlarge"] },
      gpuPool: { capacityType: CapacityType.CAPACITY_BLOCK, capacityReservationId: "cr-0123456789abcdef0" },
    });
    expect(pools.map(({ name }) => name)).toEqual(["cpu", "gpu"]);
    expect(pools[1].availabilityZones).toHaveLength(1);
  });
});

describe("Ray workers by default", () => {
  test.each([
    [Accelerator.G4DN, { cpu: 7, memoryGib: 28, gpus: 1, maxReplicas: 7 }],
    [Accelerator.G5, { cpu: 7, memoryGib: 27, gpus: 1, maxReplicas: 7 }],
    // Half a node: the policies allow four GPUs a worker, 16 cores and 64 GiB, and 20 GPUs together.
    [Accelerator.P4D, { cpu: 16, memoryGib: 64, gpus: 4, maxReplicas: 5 }],
    [Accelerator.P5, { cpu: 16, memoryGib: 64, gpus: 4, maxReplicas: 5 }],
  ])("on %s are %j", (accelerator, expected) => {
    const group = environmentOf(withStatedGpuTypes({ accelerator })).ray.workerGroups.find(
      ({ name }) => name === "gpu-workers",
    );
    expect(group).toMatchObject(expected);
  });

  test.each(Object.values(Accelerator))("fit their nodes and the totals with %s", (accelerator) => {
    const { limits, environments } = resolve(withStatedGpuTypes({ accelerator })).config;
    const [{ ray, pools }] = environments;
    for (const group of ray.workerGroups) {
      for (const { node } of pools.filter(({ group: name }) => name === group.poolGroup)) {
        expect(group.cpu * 1000).toBeLessThanOrEqual(node.allocatable.cpuMillis);
        expect(group.memoryGib * 1024).toBeLessThanOrEqual(node.allocatable.memoryMib);
        expect(group.gpus).toBeLessThanOrEqual(node.gpus);
      }
    }
    const sum = (value: (group: (typeof ray.workerGroups)[number]) => number) =>
      ray.workerGroups.reduce((total, group) => total + value(group), 0);
    expect(sum(({ maxReplicas }) => maxReplicas)).toBeLessThanOrEqual(limits.ray.max_total_workers);
    expect(sum(({ maxReplicas, gpus }) => maxReplicas * gpus)).toBeLessThanOrEqual(limits.ray.max_total_gpus);
  });

  test("without a number share what the named groups leave", () => {
    const { workerGroups } = environmentOf({
      ray: { workerGroups: [{ name: "a", maxReplicas: 45 }, { name: "b" }, { name: "c" }] },
    }).ray;
    expect(workerGroups.map(({ maxReplicas }) => maxReplicas)).toEqual([45, 2, 2]);
  });

  test("count every host of a replica", () => {
    const { workerGroups } = environmentOf({ ray: { workerGroups: [{ name: "a", pool: "gpu", numOfHosts: 2 }] } }).ray;
    expect(workerGroups[0].maxReplicas).toBe(3);
    expect(
      issuesOf({ ray: { workerGroups: [{ name: "a", pool: "gpu", numOfHosts: 2, maxReplicas: 11 }] } }).map(
        ({ rule }) => rule,
      ),
    ).toEqual([expect.stringContaining("20 GPUs")]);
  });
});

describe("Ray images", () => {
  test("name Python, GPU and architecture as rayproject/ray's tags do", () => {
    const { ray } = environmentOf({
      accelerator: Accelerator.G5G,
      policyLimits: { gpuInstanceTypes: ["g5g.2xlarge", "g5g.4xlarge"] },
    });
    expect([ray.head.image, ...ray.workerGroups.map(({ image }) => image)]).toEqual([
      "docker.io/rayproject/ray:2.56.0-py312",
      "docker.io/rayproject/ray:2.56.0-py312",
      "docker.io/rayproject/ray:2.56.0-py312-gpu-aarch64",
    ]);
  });

  test("are mirrored for the architecture of the pool that runs them", () => {
    const own = "docker.io/acme/trainer:1.0";
    const { images } = environmentOf({
      accelerator: Accelerator.G5G,
      policyLimits: { gpuInstanceTypes: ["g5g.2xlarge", "g5g.4xlarge"] },
      ray: {
        workerGroups: [
          { name: "a", image: own },
          { name: "b", pool: "gpu", image: own },
        ],
      },
    });
    expect(images.list.find(({ repository }) => repository === "docker.io/acme/trainer")).toMatchObject({
      tag: "1.0",
      architectures: ["amd64", "arm64"],
    });
  });

  test.each([
    ["an ECR", {}, "111122223333.dkr.ecr.us-east-1.amazonaws.com/acme/trainer:1.0"],
    ["the mirror itself", { registry: "registry.example.com/mirror" }, "registry.example.com/mirror/acme/trainer:1.0"],
  ])("in %s are pulled as they are named", (_title, images, image) => {
    const { list } = environmentOf({ images, ray: { workerGroups: [{ name: "a", image }] } }).images;
    expect(list.filter(({ repository }) => repository.includes("trainer"))).toEqual([]);
  });
});

describe("defaults under tight limits", () => {
  const tight: Options = {
    policyLimits: {
      maxNodesPerGroup: 3,
      maxGpuNodes: 2,
      maxVolumeGib: 30,
      maxCpuPerWorker: 2,
      maxMemoryGibPerWorker: 4,
      maxTotalWorkers: 2,
      maxTotalGpus: 1,
    },
  };

  test("shrink", () => {
    const { pools, ray } = environmentOf(tight);
    expect(pools.map(({ name, maxSize, volume }) => [name, maxSize, volume.sizeGib])).toEqual([
      ["cpu", 3, 30],
      ["gpu", 1, 30],
      ["gpu-on-demand", 1, 30],
    ]);
    expect(ray.head).toMatchObject({ cpu: 1.5, memoryGib: 3.25 });
    expect(
      ray.workerGroups.map(({ cpu, memoryGib, gpus, maxReplicas }) => [cpu, memoryGib, gpus, maxReplicas]),
    ).toEqual([
      [2, 4, 0, 1],
      [2, 4, 1, 1],
    ]);
  });

  test("do without GPU workers where Ray may have no GPU", () => {
    expect(environmentOf({ policyLimits: { maxTotalGpus: 0 } }).ray.workerGroups.map(({ name }) => name)).toEqual([
      "cpu-workers",
    ]);
  });
});
