// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ApplicablePolicies } from "../../src/iam/evaluate";
import type { PolicyDocument } from "../../src/iam/policy";
import { type SynthesizedRole, synthesizedRoles } from "./synthesized-access";
import { Accelerator } from "../../src/options/accelerator";
import { CapacityType } from "../../src/options/capacity-type";
import { NatMode } from "../../src/options/nat-mode";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import type { EnvironmentConfig } from "../../templates/src/platform/platform-config";
import { NAMESAKES, platform } from "../templates/configs";
import { type Json, synthesize } from "../templates/synthesize";

export const ACCOUNT = "111122223333";
export const REGION = "us-east-1";
export const GIVEN_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const GIVEN_BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
export const VPC = "vpc-0123456789abcdef0";
export const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];

/** Options of an environment `prod` beside one whose name it begins, in one account. */
export const optionSets: Readonly<Record<string, Partial<RayPlatformProjectOptions>>> = {
  default: {},
  "no GitHub": { githubOwner: undefined },
  "existing VPC": {
    network: {
      vpcId: VPC,
      subnetIds: SUBNETS,
      availabilityZones: ["us-east-1a", "us-east-1b"],
      vpcCidr: "10.8.0.0/16",
    },
  },
  "given KMS key": { cluster: { kmsKeyArn: GIVEN_KEY } },
  NAT: { network: { nat: NatMode.PER_ZONE } },
  "given boundary": { cluster: { permissionsBoundaryArn: GIVEN_BOUNDARY } },
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
  "backups, MFA, own registry": {
    backupBucket: "acme-ray-backups",
    ray: { logRetentionDays: 30 },
    monitoring: true,
    access: { requireMfa: true, podBuckets: ["acme-training-data"] },
    images: { registry: "registry.acme.internal/ray" },
  },
};

export interface Environment {
  readonly config: EnvironmentConfig;
  /** The environment's stacks by layer. */
  readonly stacks: Readonly<Record<string, Json>>;
  /** Roles of the environment by their name without the cluster's. */
  readonly roles: ReadonlyMap<string, SynthesizedRole>;
}

const synthesized = new Map<string, Environment>();

/** The environment `prod` of an option set, synthesized once. */
export function environment(option: string): Environment {
  const cached = synthesized.get(option);
  if (cached !== undefined) {
    return cached;
  }
  const config = platform({
    environmentNames: undefined,
    environments: NAMESAKES,
    awsAccountId: ACCOUNT,
    ...(optionSets[option] as object),
  });
  const { stacks } = synthesize(config);
  const layers = Object.fromEntries(
    ["bootstrap", "network", "cluster", "workloads"].flatMap((layer) =>
      stacks[`prod-${layer}`] === undefined ? [] : [[layer, stacks[`prod-${layer}`]]],
    ),
  );
  const facts = { accountId: ACCOUNT, region: REGION, givenPolicies: givenPolicies() };
  const clusterName = (config.environments[0] as EnvironmentConfig).cluster.name;
  const found = {
    config: config.environments[0] as EnvironmentConfig,
    stacks: layers,
    roles: new Map(
      [...synthesizedRoles(layers, facts)].map(([name, role]) => [name.slice(clusterName.length + 1), role] as const),
    ),
  };
  synthesized.set(option, found);
  return found;
}

/** AWS's own policies, and a given boundary that allows everything. */
function givenPolicies(): Record<string, PolicyDocument> {
  const { policies } = JSON.parse(readFileSync(join(__dirname, "aws-managed-policies.json"), "utf8"));
  return {
    ...Object.fromEntries(
      Object.entries<PolicyDocument>(policies).map(([name, document]) => [`arn:aws:iam::aws:policy/${name}`, document]),
    ),
    [GIVEN_BOUNDARY]: { Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
  };
}

/** A role that its maker gave every right, as far as its boundary lets it: what a stack's role can be made to do. */
export function atItsCeiling(role: SynthesizedRole): ApplicablePolicies {
  return { ...role, identity: [{ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }] };
}
