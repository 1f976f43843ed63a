// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { Accelerator } from "../../src/options/accelerator";
import { CapacityType } from "../../src/options/capacity-type";
import { NatMode } from "../../src/options/nat-mode";
import { NodeOs } from "../../src/options/node-os";
import { S3Access } from "../../src/options/s3-access";

export type Options = Partial<RayPlatformProjectOptions>;

const zones = (...letters: string[]) => letters.map((letter) => `us-east-1${letter}`);

/** Platforms whose whole life is rehearsed: they differ in what their stacks are made of. */
export const OPTION_SETS: Readonly<Record<string, Options>> = {
  default: {},
  "NAT in every zone": {
    network: { nat: NatMode.PER_ZONE, s3Access: S3Access.INTERFACE },
    cluster: { publicAccessCidrs: ["198.51.100.0/24"] },
  },
  "no GPU, Bottlerocket, own registry": {
    accelerator: Accelerator.NONE,
    cpuPool: { os: NodeOs.BOTTLEROCKET },
    images: { registry: "registry.acme.internal/ray" },
  },
  "EFA in a placement group": {
    accelerator: Accelerator.P4D,
    policyLimits: { gpuInstanceTypes: ["p4d.24xlarge"] },
    gpuPool: { efa: true, capacityType: CapacityType.ON_DEMAND, availabilityZones: zones("b") },
  },
  "given key and boundary": {
    cluster: {
      kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/boundary",
    },
  },
};

/** One change of a platform's life. */
export interface Chapter {
  readonly name: string;
  /** What the options become. */
  readonly change: (options: Options) => Options;
  /** Whether no machine may be replaced or changed by it. */
  readonly leavesMachines?: boolean;
}

const network = (options: Options, more: object): Options => ({ ...options, network: { ...options.network, ...more } });

const otherAccess = (options: Options): S3Access =>
  options.network?.s3Access === S3Access.INTERFACE ? S3Access.GATEWAY : S3Access.INTERFACE;

/** What happens to each platform, in this order: the second environment lives as long as it takes to say what it adds. */
export const LIFE: readonly Chapter[] = [
  { name: "create", change: (options) => network(options, { availabilityZones: zones("a", "b") }) },
  { name: "add a zone", change: (options) => network(options, { availabilityZones: zones("a", "b", "c") }) },
  {
    name: "reach S3 by the other kind of endpoint",
    change: (options) => network(options, { s3Access: otherAccess(options) }),
    leavesMachines: true,
  },
  {
    name: "turn on monitoring and backup",
    change: (options) => ({ ...options, monitoring: true, backupBucket: "acme-ray-backups" }),
    leavesMachines: true,
  },
  {
    name: "upgrade Kubernetes by one",
    change: (options) => ({ ...options, kubernetesVersion: "1.36" }),
  },
  {
    name: "rename the repository and change a tag",
    change: (options) => ({ ...options, githubRepository: "renamed", tags: { CostCentre: "4711" } }),
    leavesMachines: true,
  },
  {
    name: "add an environment",
    change: (options) => ({
      ...options,
      environmentNames: undefined,
      environments: [{ name: "dev" }, { name: "prod", backupBucket: "acme-ray-backups-prod" }],
    }),
    leavesMachines: true,
  },
  {
    // Terraform refuses to remove it as it is.
    name: "lift the environment's protection, as the guide says",
    change: (options) => ({
      ...options,
      environments: [{ name: "dev" }, { name: "prod", backupBucket: "acme-ray-backups-prod", production: false }],
    }),
    leavesMachines: true,
  },
  {
    name: "remove an environment",
    change: (options) => ({ ...options, environments: [{ name: "dev" }] }),
    leavesMachines: true,
  },
  { name: "remove a zone", change: (options) => network(options, { availabilityZones: zones("b", "c") }) },
];
