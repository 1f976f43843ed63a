// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  EnvironmentConfig,
  ImageConfig,
  NodePoolConfig,
  PlatformConfig,
  RayWorkerGroupConfig,
} from "../../templates/src/platform/platform-config";

const data = (name: string) => JSON.parse(readFileSync(join(__dirname, "../../data", `${name}.json`), "utf8"));
const eks = data("eks");
const instanceTypes = data("instance-types").types;
const images = data("images").images;
const rayData = data("ray");

/** What pods can ask for on a type, by the formula of data/ray.json. */
function allocatable(type: string) {
  const { vcpu, memoryMib, gpus, maxPods } = instanceTypes[type];
  const { nodeReserve: r } = rayData;
  const cores = r.cpuReserveMillisPerCore;
  const reservedCpu =
    cores.first +
    (vcpu > 1 ? cores.second : 0) +
    Math.min(Math.max(vcpu - 2, 0), 2) * cores.thirdAndFourth +
    Math.max(vcpu - 4, 0) * cores.rest;
  const daemons = gpus > 0 ? [r.daemonSets.all, r.daemonSets.gpu] : [r.daemonSets.all];
  return {
    cpuMillis: Math.floor(vcpu * 1000 - reservedCpu - daemons.reduce((sum, d) => sum + d.cpuMillis, 0)),
    memoryMib: Math.floor(
      memoryMib * r.usableMemoryShare -
        (r.memoryBaseMib + r.memoryPerPodMib * maxPods) -
        r.evictionHardMib -
        daemons.reduce((sum, d) => sum + d.memoryMib, 0),
    ),
  };
}

export function pool(name: string, types: readonly string[], changes: Partial<NodePoolConfig> = {}): NodePoolConfig {
  const [smallest] = [...types].sort((a, b) => instanceTypes[a].memoryMib - instanceTypes[b].memoryMib) as [string];
  const info = instanceTypes[smallest];
  const os = changes.os ?? "al2023";
  const { amiType } = eks.amiTypes.find(
    (row: { os: string; architecture: string; accelerator: string }) =>
      row.os === os && row.architecture === info.architecture && row.accelerator === (info.gpus > 0 ? "nvidia" : "none"),
  );
  return {
    name,
    group: name,
    priority: 10,
    instanceTypes: types,
    architecture: info.architecture,
    os,
    amiType,
    capacityType: "ON_DEMAND",
    capacityReservationId: null,
    minSize: info.gpus > 0 ? 0 : 2,
    maxSize: info.gpus > 0 ? 4 : 6,
    desiredSize: info.gpus > 0 ? 0 : 2,
    volume: { sizeGib: 100, type: "gp3", iops: null, throughputMibps: null, kmsKeyArn: null },
    node: {
      vcpu: info.vcpu,
      memoryMib: info.memoryMib,
      gpus: info.gpus,
      gpuModel: info.gpuModel,
      allocatable: allocatable(smallest),
    },
    efaInterfaces: 0,
    labels: {},
    taints: info.gpus > 0 ? [{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }] : [],
    availabilityZones: [],
    nodeConfig: null,
    ...changes,
  };
}

function worker(name: string, poolGroup: string, changes: Partial<RayWorkerGroupConfig> = {}): RayWorkerGroupConfig {
  return {
    name,
    poolGroup,
    image: "docker.io/rayproject/ray:2.56.0-py312",
    cpu: 3,
    memoryGib: 8,
    gpus: 0,
    minReplicas: 0,
    replicas: 0,
    maxReplicas: 4,
    numOfHosts: 1,
    rayStartParams: {},
    ...changes,
  };
}

const gpuImage = "docker.io/rayproject/ray:2.56.0-py312-gpu";

function imageList(names: readonly string[]): ImageConfig[] {
  const platform = Object.entries(images as Record<string, Omit<ImageConfig, "key">>)
    .filter(([key]) => names.includes(key))
    .map(([key, { repository, tag, architectures }]) => ({ key, repository, tag, architectures }));
  const ray = (key: string, tag: string): ImageConfig => ({
    key,
    repository: "docker.io/rayproject/ray",
    tag,
    architectures: ["amd64"],
  });
  return [...platform, ray("ray", "2.56.0-py312"), ray("ray-gpu", "2.56.0-py312-gpu")].sort((a, b) => a.key.localeCompare(b.key));
}

export function environment(name: string, changes: Partial<EnvironmentConfig> = {}): EnvironmentConfig {
  const region = "eu-west-1";
  const zones = ["a", "b", "c"].map((zone) => `${region}${zone}`);
  return {
    name,
    production: name === "prod",
    region,
    accountId: null,
    tags: { ManagedBy: "ray-platform", Environment: name, Repository: "acme/ml-platform" },
    state: { bucket: `ml-platform-${name}-terraform-state`, kmsKeyAlias: `ml-platform-${name}-state`, region },
    network: {
      mode: "created",
      vpcId: null,
      nodeSubnetIds: [],
      vpcCidr: "10.20.0.0/16",
      availabilityZones: zones,
      nodeSubnetCidrs: ["10.20.0.0/18", "10.20.64.0/18", "10.20.128.0/18"],
      publicSubnetCidrs: [],
      nat: "none",
      s3Access: "gateway",
      interfaceEndpoints: [
        "autoscaling", "ec2", "ec2messages", "ecr.api", "ecr.dkr", "eks", "eks-auth", "kms", "logs", "sqs", "ssm", "ssmmessages", "sts",
      ],
      flowLogRetentionDays: 365,
    },
    cluster: {
      name: `ml-platform-${name}`,
      version: eks.default,
      publicAccessCidrs: [],
      logTypes: eks.logTypes,
      logRetentionDays: 365,
      kmsKeyArn: null,
      serviceCidr: null,
      deletionProtection: name === "prod",
      adminPrincipalArns: ["arn:aws:iam::111122223333:role/platform-admin"],
      viewerPrincipalArns: [],
      permissionsBoundaryArn: null,
      addons: Object.entries(eks.kubernetesVersions[eks.default].addons as Record<string, { version: string; wave: "before-nodes" | "after-nodes" }>).map(
        ([addon, { version, wave }]) => ({ name: addon, version, wave }),
      ),
    },
    pools: [
      pool("system", ["m6i.xlarge", "m7i.xlarge"]),
      pool("gpu", ["g5.2xlarge"], { name: "gpu-spot", group: "gpu", priority: 50, capacityType: "SPOT" }),
      pool("gpu", ["g5.2xlarge"], { name: "gpu", group: "gpu", priority: 10 }),
    ],
    deployment: {
      githubOidc: true,
      oidcProviderArn: null,
      githubEnvironment: name,
      planRoleName: `ml-platform-${name}-plan`,
      applyRoleName: `ml-platform-${name}-apply`,
      driftRoleName: `ml-platform-${name}-drift`,
    },
    images: {
      registry: null,
      repositoryPrefix: "ray-platform",
      createRepositories: true,
      list: imageList(Object.keys(images)),
    },
    workloads: { charts: data("charts").charts, monitoring: true, backup: null },
    ray: {
      namespace: "ray",
      clusterName: "ray",
      version: "2.56.0",
      head: { poolGroup: "system", image: "docker.io/rayproject/ray:2.56.0-py312", cpu: 2, memoryGib: 8 },
      workerGroups: [worker("cpu", "system"), worker("gpu", "gpu", { image: gpuImage, cpu: 6, memoryGib: 24, gpus: 1 })],
      tokenAuth: true,
      autoscaler: { enabled: true, idleTimeoutSeconds: 600 },
      gcsFaultTolerance: null,
      job: null,
      service: null,
      egress: [],
    },
    ...changes,
  };
}

export function platform(environments: readonly EnvironmentConfig[]): PlatformConfig {
  const cpu = Object.keys(instanceTypes).filter((type) => instanceTypes[type].gpus === 0);
  return {
    schemaVersion: 1,
    name: "ml-platform",
    engine: "cdktf",
    terraformVersion: ">= 1.10.0",
    repository: { owner: "acme", name: "ml-platform", ownerId: null, repositoryId: null, defaultBranch: "main" },
    environments,
    limits: {
      terraform: {
        allowed_regions: ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"],
        max_nodes_per_group: 20,
        max_gpu_nodes: 10,
        cpu_instance_types: cpu,
        gpu_instance_types: Object.keys(instanceTypes).filter((type) => !cpu.includes(type)),
        required_tags: ["ManagedBy", "Environment", "Repository"],
        max_volume_gib: 500,
        required_log_types: eks.logTypes,
      },
      ray: {
        max_cpu_per_worker: 16,
        max_memory_gib_per_worker: 64,
        max_gpu_per_worker: 4,
        max_total_workers: 50,
        max_total_gpus: 20,
        min_cpu_request: 0.5,
        min_memory_gib_request: 0.5,
        required_labels: ["app", "ray.io/node-type"],
      },
    },
  };
}

const base = environment("dev");
const { network, cluster, ray } = base;
const withGpuPool = (name: string, types: readonly string[], changes: Partial<NodePoolConfig> = {}): EnvironmentConfig => {
  const gpuPool = pool("gpu", types, { minSize: 0, maxSize: 2, ...changes });
  return environment("dev", {
    pools: [pool("system", ["m6i.xlarge"]), gpuPool],
    ray: {
      ...ray,
      workerGroups: [
        worker("gpu", "gpu", {
          image: gpuPool.architecture === "arm64" ? `${gpuImage}-aarch64` : gpuImage,
          cpu: 2,
          memoryGib: 4,
          gpus: Math.min(gpuPool.node.gpus, 4),
          maxReplicas: 2,
        }),
      ],
    },
  });
};

/** Option sets that the stacks are synthesized for. */
export const configs: Readonly<Record<string, PlatformConfig>> = {
  default: platform([base]),
  "without GPU": platform([
    environment("dev", { pools: [pool("system", ["m6i.xlarge"])], ray: { ...ray, workerGroups: [worker("cpu", "system")] } }),
  ]),
  "existing VPC": platform([
    environment("dev", {
      network: {
        ...network,
        mode: "existing",
        vpcId: "vpc-0123456789abcdef0",
        nodeSubnetIds: ["subnet-0a", "subnet-0b", "subnet-0c"],
        interfaceEndpoints: [],
      },
    }),
  ]),
  "public endpoint": platform([environment("dev", { cluster: { ...cluster, publicAccessCidrs: ["198.51.100.0/24"] } })]),
  "given KMS key": platform([
    environment("dev", { cluster: { ...cluster, kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" } }),
  ]),
  NAT: platform([
    environment("dev", {
      network: { ...network, nat: "per-zone", publicSubnetCidrs: ["10.20.192.0/24", "10.20.193.0/24", "10.20.194.0/24"] },
    }),
  ]),
  "S3 interface endpoint": platform([environment("dev", { network: { ...network, s3Access: "interface" } })]),
  T4: platform([withGpuPool("t4", ["g4dn.2xlarge"])]),
  L4: platform([withGpuPool("l4", ["g6.2xlarge"])]),
  L40S: platform([withGpuPool("l40s", ["g6e.2xlarge"])]),
  "ARM GPU": platform([withGpuPool("t4g", ["g5g.2xlarge"])]),
  "A100 with EFA": platform([withGpuPool("a100", ["p4d.24xlarge"], { efaInterfaces: 4, availabilityZones: ["eu-west-1a"] })]),
  "H100 capacity block": platform([
    withGpuPool("h100", ["p5.48xlarge"], {
      efaInterfaces: 32,
      availabilityZones: ["eu-west-1b"],
      capacityType: "CAPACITY_BLOCK",
      capacityReservationId: "cr-0123456789abcdef0",
    }),
  ]),
  Bottlerocket: platform([
    environment("dev", {
      pools: [pool("system", ["m6i.xlarge"], { os: "bottlerocket" }), pool("gpu", ["g5.2xlarge"], { os: "bottlerocket" })],
    }),
  ]),
  ARM: platform([
    environment("dev", {
      pools: [pool("system", ["m7g.xlarge"])],
      ray: {
        ...ray,
        head: { ...ray.head, image: "docker.io/rayproject/ray:2.56.0-py312-aarch64" },
        workerGroups: [worker("cpu", "system", { image: "docker.io/rayproject/ray:2.56.0-py312-aarch64" })],
      },
    }),
  ]),
  "job, backup, Redis, NodeConfig": platform([
    environment("dev", {
      pools: [
        pool("system", ["m6i.xlarge"], { nodeConfig: { spec: { kubelet: { config: { maxParallelImagePulls: 4 } } } } }),
        pool("gpu", ["g5.2xlarge"]),
      ],
      workloads: { ...base.workloads, monitoring: false, backup: { bucket: "acme-ray-backups", schedule: "0 3 * * *" } },
      ray: {
        ...ray,
        job: { entrypoint: "python train.py" },
        gcsFaultTolerance: { redisAddress: "redis.internal:6380", passwordSecret: "redis-password" },
        egress: [{ cidr: "0.0.0.0/0", ports: [443] }],
      },
    }),
  ]),
  RayService: platform([
    environment("dev", { ray: { ...ray, service: { config: "applications:\n  - name: app\n    import_path: app:deployment\n" } } }),
  ]),
  "5 environments": platform(["dev", "test", "staging", "demo", "prod"].map((name) => environment(name))),
};
