// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolveInto } from "../../src/config/resolve-platform-config";
import { withStatedGpuTypes } from "../../src/config/stated-gpu-types";
import { Accelerator } from "../../src/options/accelerator";
import { CapacityType } from "../../src/options/capacity-type";
import { DataAccess } from "../../src/options/data-access";
import { NatMode } from "../../src/options/nat-mode";
import { NodeOs } from "../../src/options/node-os";
import { IssueList } from "../../src/options/option-issues";
import type { RayDataOptions } from "../../src/options/ray-data-options";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { S3Access } from "../../src/options/s3-access";
import type { PlatformConfig } from "../../templates/src/platform/platform-config";

/** Two environments, of which one's name begins the other's. They may not have one bucket for backups. */
export const NAMESAKES = [{ name: "prod" }, { name: "prod-eu", backupBucket: "acme-ray-backups-eu" }];

/** The configuration that options resolve to; throws what is wrong with them. */
export function platform(options: Partial<RayPlatformProjectOptions> = {}): PlatformConfig {
  const issues = new IssueList();
  const config = resolveInto(
    { name: "ml-platform", githubOwner: "acme", environmentNames: ["dev"], ...options },
    issues,
  );
  if (issues.issues.length > 0) {
    throw new Error(JSON.stringify(issues.issues, null, 2));
  }
  return config;
}

/** Data of every kind for Ray's pods. */
export const DATA: RayDataOptions = {
  buckets: [
    { name: "acme-training", access: DataAccess.READ_WRITE, prefixes: ["a/"] },
    { name: "acme-models", kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" },
  ],
  secrets: [{ name: "hub/token" }],
  policies: [{ actions: ["dynamodb:GetItem"], resources: ["arn:aws:dynamodb:us-east-1:111122223333:table/features"] }],
};

/** Option sets that the stacks are synthesized for. */
export const configs: Readonly<Record<string, () => PlatformConfig>> = {
  default: () => platform(),
  "no GitHub": () => platform({ githubOwner: undefined }),
  "immutable OIDC subject": () => platform({ githubOwnerId: "123456", githubRepositoryId: "456789" }),
  "without GPU": () => platform({ accelerator: Accelerator.NONE }),
  "existing VPC": () =>
    platform({
      network: {
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        availabilityZones: ["us-east-1a", "us-east-1b"],
        vpcCidr: "10.8.0.0/16",
      },
    }),
  "public endpoint": () => platform({ cluster: { publicAccessCidrs: ["198.51.100.0/24"] } }),
  "given KMS key": () =>
    platform({ cluster: { kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" } }),
  NAT: () => platform({ network: { nat: NatMode.PER_ZONE } }),
  "logs are kept": () => platform({ ray: { logRetentionDays: 30 }, cpuPool: { os: NodeOs.BOTTLEROCKET } }),
  "S3 interface endpoint": () => platform({ network: { s3Access: S3Access.INTERFACE } }),
  "data for Ray": () => platform({ ray: { data: DATA } }),
  "own registry": () => platform({ images: { registry: "registry.acme.internal/ray" } }),
  "permissions boundary": () =>
    platform({ cluster: { permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/boundary" } }),
  ...Object.fromEntries(
    Object.values(Accelerator)
      .filter((accelerator) => accelerator !== Accelerator.NONE)
      .map((accelerator) => [`accelerator ${accelerator}`, () => platform(withStatedGpuTypes({ accelerator }))]),
  ),
  "A100 with EFA": () =>
    platform({
      accelerator: Accelerator.P4D,
      policyLimits: { gpuInstanceTypes: ["p4d.24xlarge"] },
      gpuPool: { efa: true, capacityType: CapacityType.ON_DEMAND, availabilityZones: ["us-east-1b"] },
    }),
  "H100 capacity block": () =>
    platform({
      accelerator: Accelerator.P5,
      policyLimits: { gpuInstanceTypes: ["p5.48xlarge"] },
      gpuPool: {
        efa: true,
        capacityType: CapacityType.CAPACITY_BLOCK,
        capacityReservationId: "cr-0123456789abcdef0",
        availabilityZones: ["us-east-1b"],
      },
    }),
  Bottlerocket: () => platform({ cpuPool: { os: NodeOs.BOTTLEROCKET }, gpuPool: { os: NodeOs.BOTTLEROCKET } }),
  ARM: () =>
    platform({
      accelerator: Accelerator.NONE,
      cpuPool: { instanceTypes: ["m7g.2xlarge"] },
      policyLimits: { cpuInstanceTypes: ["m7g.2xlarge"] },
    }),
  "several accelerators": () =>
    platform({
      pools: [{ name: "a10g", instanceTypes: ["g5.2xlarge"], capacityType: CapacityType.ON_DEMAND, maxSize: 2 }],
      policyLimits: { gpuInstanceTypes: ["g4dn.xlarge", "g4dn.2xlarge", "g4dn.4xlarge", "g5.2xlarge"] },
    }),
  "monitoring, backup, job, Redis, NodeConfig": () =>
    platform({
      monitoring: true,
      backupBucket: "acme-ray-backups",
      cpuPool: { nodeConfig: { spec: { kubelet: { config: { maxParallelImagePulls: 4 } } } } },
      ray: {
        jobEntrypoint: "python train.py",
        redisAddress: "rediss://redis.internal:6380",
        redisPasswordSecret: "redis-password",
      },
    }),
  RayService: () =>
    platform({ ray: { serveConfig: "applications:\n  - name: app\n    import_path: app:deployment\n" } }),
  "no token, no autoscaling": () =>
    platform({
      ray: {
        tokenAuth: false,
        autoscaling: false,
        workerGroups: [{ name: "cpu-workers", minReplicas: 2, maxReplicas: 4 }],
      },
    }),
  "5 environments": () => platform({ environmentNames: ["dev", "test", "staging", "demo", "prod"] }),
};
