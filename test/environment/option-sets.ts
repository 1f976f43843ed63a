// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Accelerator } from "../../src/options/accelerator";
import { CapacityType } from "../../src/options/capacity-type";
import { NatMode } from "../../src/options/nat-mode";
import { NodeOs } from "../../src/options/node-os";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { S3Access } from "../../src/options/s3-access";
import type { PlatformConfig } from "../../templates/src/platform/platform-config";
import { DATA, NAMESAKES, platform } from "../templates/configs";
import { type Json, synthesize } from "../templates/synthesize";

const GIVEN_KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** Options of healthy platforms, each with an environment `prod` beside one whose name it begins. */
export const optionSets: Readonly<Record<string, Partial<RayPlatformProjectOptions>>> = {
  default: {},
  "no GitHub": { githubOwner: undefined },
  "immutable subjects": { githubOwnerId: "123456", githubRepositoryId: "456789" },
  "no GPU, any account": { accelerator: Accelerator.NONE, awsAccountId: undefined },
  "given VPC": {
    network: {
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      availabilityZones: ["us-east-1a", "us-east-1b"],
      vpcCidr: "10.8.0.0/16",
    },
  },
  "public endpoint": { cluster: { publicAccessCidrs: ["198.51.100.0/24"] } },
  "given key": { cluster: { kmsKeyArn: GIVEN_KEY } },
  "given boundary": { cluster: { permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/boundary" } },
  "NAT, S3 interface endpoint, Bottlerocket": {
    network: { nat: NatMode.PER_ZONE, s3Access: S3Access.INTERFACE },
    cpuPool: { os: NodeOs.BOTTLEROCKET },
    gpuPool: { os: NodeOs.BOTTLEROCKET },
  },
  "logs are kept": { ray: { logRetentionDays: 30 } },
  "data for Ray": { ray: { data: DATA } },
  "monitoring, backup, job, own registry": {
    monitoring: true,
    backupBucket: "acme-ray-backups",
    images: { registry: "registry.acme.internal/ray" },
    access: { requireMfa: true, podBuckets: ["acme-training-data"] },
    ray: { jobEntrypoint: "python train.py" },
  },
  "capacity block with EFA": {
    accelerator: Accelerator.P5,
    policyLimits: { gpuInstanceTypes: ["p5.48xlarge"] },
    gpuPool: {
      efa: true,
      capacityType: CapacityType.CAPACITY_BLOCK,
      capacityReservationId: "cr-0123456789abcdef0",
      availabilityZones: ["us-east-1b"],
    },
  },
  service: { ray: { serveConfig: "applications:\n  - name: app\n    import_path: app:deployment\n" } },
  "service without token": {
    ray: { tokenAuth: false, serveConfig: "applications:\n  - name: app\n    import_path: app:deployment\n" },
  },
};

/** A platform and its stacks by name. */
export interface SynthesizedPlatform {
  readonly config: PlatformConfig;
  readonly stacks: Readonly<Record<string, Json>>;
}

const synthesized = new Map<string, SynthesizedPlatform>();

/** The platform of an option set, synthesized once, as a copy that may be changed. */
export function platformOf(set: string): SynthesizedPlatform {
  let found = synthesized.get(set);
  if (found === undefined) {
    const config = platform({
      environmentNames: undefined,
      environments: NAMESAKES,
      awsAccountId: "111122223333",
      ...optionSets[set],
    });
    found = { config, stacks: synthesize(config).stacks };
    synthesized.set(set, found);
  }
  return structuredClone(found);
}
