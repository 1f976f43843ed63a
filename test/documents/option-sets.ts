// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { documentView } from "../../src/components/documents/document-view";
import { type RenderedDocument, renderDocuments } from "../../src/components/documents/documents";
import type { CiSettings } from "../../src/components/documents/ci-view";
import type { PlatformConfig } from "../../src/config/platform-config";
import { resolveInto } from "../../src/config/resolve-platform-config";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { GATES } from "../../src/gates";
import { Accelerator } from "../../src/options/accelerator";
import { CapacityType } from "../../src/options/capacity-type";
import { NatMode } from "../../src/options/nat-mode";
import { NodeOs } from "../../src/options/node-os";
import { IssueList } from "../../src/options/option-issues";
import { RayAdmission } from "../../src/options/ray-admission";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { S3Access } from "../../src/options/s3-access";
import { DATA } from "../templates/configs";

/** A repository whose documents are rendered. */
interface OptionSet {
  readonly options: RayPlatformProjectOptions;
  readonly workflows?: CiSettings;
}

/** Workflow settings as a generated repository resolves them. */
export function workflows(overrides: Partial<CiSettings> = {}): CiSettings {
  return {
    enabled: true,
    files: Object.fromEntries(WORKFLOWS.map(({ id }) => [id, { enabled: true }])),
    codeSecurity: true,
    privateRunnerLabels: undefined,
    applyOnPush: true,
    planComment: "app",
    appEnvironment: "github-app",
    upgradeCooldownDays: 7,
    relaxations: [],
    exceptions: {},
    ...overrides,
  };
}

const KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555";
const EXISTING_VPC = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  availabilityZones: ["us-east-1a", "us-east-1b"],
  vpcCidr: "10.9.0.0/16",
};

/** Option sets that turn each section of each template on and off at least once. */
export const OPTION_SETS: Readonly<Record<string, OptionSet>> = {
  "no options": { options: { name: "platform" } },
  "GitHub and AWS named": {
    options: { name: "platform", githubOwner: "acme", awsRegion: "eu-west-1", awsAccountId: "111122223333" },
    workflows: workflows(),
  },
  "immutable subjects": {
    options: {
      name: "platform",
      githubOwner: "acme",
      githubOwnerId: "123456",
      githubRepositoryId: "456789",
      defaultBranch: "trunk",
    },
    workflows: workflows({
      codeSecurity: false,
      applyOnPush: false,
      planComment: "workflow-token",
      privateRunnerLabels: ["self-hosted", "private-eks"],
    }),
  },
  "data for Ray": {
    options: {
      name: "platform",
      ray: { data: DATA, headData: {}, registries: [{ registry: "harbor.acme.internal" }], logRetentionDays: 30 },
      cluster: { permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/boundary" },
    },
  },
  "Ray resources audited": { options: { name: "platform", ray: { admission: RayAdmission.AUDIT } } },
  "data for Ray, own boundary": { options: { name: "platform", ray: { data: DATA } } },
  "several environments": {
    options: {
      name: "platform",
      githubOwner: "acme",
      monitoring: true,
      environments: [
        { name: "dev", accelerator: Accelerator.NONE, awsAccountId: "111122223333", backupBucket: "acme-backups-dev" },
        {
          name: "prod",
          awsAccountId: "444455556666",
          backupBucket: "acme-backups",
          cluster: { publicAccessCidrs: ["203.0.113.0/24"] },
          ray: { tokenAuth: false },
        },
      ],
    },
    workflows: workflows(),
  },
  "no GPU": { options: { name: "platform", accelerator: Accelerator.NONE }, workflows: workflows() },
  "existing VPC and key": {
    options: {
      name: "platform",
      network: EXISTING_VPC,
      cluster: { kmsKeyArn: KEY },
      images: { registry: "registry.example.com/mirror" },
    },
  },
  "NAT, S3 interface endpoint, Bottlerocket": {
    options: {
      name: "platform",
      network: { nat: NatMode.PER_ZONE, s3Access: S3Access.INTERFACE },
      cpuPool: { os: NodeOs.BOTTLEROCKET },
      documents: { copyrightHolder: "Acme Ltd", securityContact: "security@acme.example" },
    },
  },
  "capacity block": {
    options: {
      name: "platform",
      accelerator: Accelerator.P5,
      policyLimits: { gpuInstanceTypes: ["p5.48xlarge"] },
      gpuPool: {
        efa: true,
        capacityType: CapacityType.CAPACITY_BLOCK,
        capacityReservationId: "cr-0123456789abcdef0",
        availabilityZones: ["us-east-1b"],
      },
    },
  },
  "exceptions, relaxations and absent gates": {
    options: { name: "platform", githubOwner: "acme", ray: { tokenAuth: false, serveConfig: "applications: []" } },
    workflows: workflows({
      files: { ...workflows().files, tfsec: { enabled: false } },
      relaxations: [
        { rule: "job-timeout", workflow: "deploy.yml", reason: "The deployment takes longer", expires: "2027-06-30" },
      ],
      exceptions: { checkov: [{ id: "CKV_AWS_158", reason: "The log group holds no secrets", expires: "2027-06-30" }] },
    }),
  },
  "differences between environments": {
    options: {
      name: "platform",
      githubOwner: "acme",
      environments: [
        {
          name: "dev",
          accelerator: Accelerator.NONE,
          network: { nat: NatMode.SINGLE },
          cluster: { permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/boundary" },
        },
        {
          name: "staging",
          network: EXISTING_VPC,
          cluster: { kmsKeyArn: KEY, deletionProtection: true },
          monitoring: true,
        },
        { name: "prod", access: { createRoles: false }, backupBucket: "acme-backups" },
      ],
    },
    workflows: workflows({ planComment: "workflow-token" }),
  },
  "production with a given key": {
    options: { name: "platform", githubOwner: "acme", environmentNames: ["prod"], cluster: { kmsKeyArn: KEY } },
    workflows: workflows(),
  },
  "no roles for people": {
    options: { name: "platform", githubOwner: "acme", access: { createRoles: false } },
    workflows: workflows(),
  },
  "no workflow that uses the App": {
    options: { name: "platform", githubOwner: "acme" },
    workflows: workflows({
      planComment: "workflow-token",
      files: { ...workflows().files, "drift-detection": { enabled: false }, upgrade: { enabled: false } },
    }),
  },
  "no gates": {
    options: { name: "platform", githubOwner: "acme", monitoring: true },
    workflows: workflows({
      files: {
        ...workflows().files,
        ...Object.fromEntries(GATES.map(({ id }) => [id, { enabled: false }])),
      },
    }),
  },
};

/** The configuration that an option set resolves to. */
export function configOf({ options }: OptionSet): PlatformConfig {
  const issues = new IssueList();
  const config = resolveInto(options, issues);
  issues.throwIfAny();
  return config;
}

/** Every document of an option set. */
export function documentsOf(set: OptionSet): RenderedDocument[] {
  return renderDocuments(documentView(configOf(set), set.options.documents ?? {}, set.workflows));
}
