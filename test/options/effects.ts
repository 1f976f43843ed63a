// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { optionOf } from "../../src/config/limits";
import { resolveInto } from "../../src/config/resolve-platform-config";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { GATES } from "../../src/gates";
import { IssueList } from "../../src/options/option-issues";
import { RepositoryVisibility } from "../../src/options/workflow-options";
import { declaredOption, optionAt, withValueAt } from "./assembly";
import type { Options } from "./resolve";

/** What one option changes. */
export interface Effect {
  /** The option, as a path of the project's options. */
  readonly option: string;
  readonly value: unknown;
  /**
   * Where the change shows: a path in the resolved options (`config...`, `workflows.settings...`), or a generated file after
   * `file:`, whose text then holds `expected`.
   */
  readonly shows: string;
  /** The value there; the option's own value if absent. */
  readonly expected?: unknown;
  /** Other options without which this one is not allowed. */
  readonly beside?: Options;
}

/** The limits without any option. */
export const DEFAULT_LIMITS = resolveInto({ name: "platform" }, new IssueList()).limits;

const ENVIRONMENT = "config.environments[0]";
const TERRAFORM = "config.limits.terraform";
const RAY_LIMITS = "config.limits.ray";
const SETTINGS = "workflows.settings";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555";
const ROLE = "arn:aws:iam::111122223333:role/platform/admin";
const POLICY = "arn:aws:iam::111122223333:policy/boundary";
const TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/features";
const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const RESERVATION = "cr-0123456789abcdef0";
const REASON = "access logs would log themselves";
const CRON = "5 3 * * 2";

const githubIds = { githubOwner: "acme", githubOwnerId: "1234", githubRepositoryId: "5678" };
const vpc = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  availabilityZones: ["us-east-1a", "us-east-1b"],
  vpcCidr: "10.9.0.0/16",
};
const pool = { name: "large", instanceTypes: ["m5.4xlarge"] };
const group = { name: "workers", pool: "cpu" };
const gpuGroup = { name: "workers", pool: "gpu" };
const exception = { id: "CKV_AWS_18", reason: REASON, expires: "2099-01-31" };

const own: Effect[] = [
  { option: "name", value: "ml-platform", shows: "config.name" },
  { option: "githubOwner", value: "acme", shows: "config.repository.owner" },
  { option: "githubRepository", value: "infra", shows: "config.repository.name" },
  { option: "githubOwnerId", value: "1234", shows: "config.repository.ownerId", beside: githubIds },
  { option: "githubRepositoryId", value: "5678", shows: "config.repository.repositoryId", beside: githubIds },
  { option: "defaultBranch", value: "trunk", shows: "config.repository.defaultBranch" },
  { option: "environmentNames[0]", value: "stage", shows: `${ENVIRONMENT}.name` },
  { option: "environments[0].name", value: "stage", shows: `${ENVIRONMENT}.name` },
  {
    option: "environments[0].production",
    value: true,
    shows: `${ENVIRONMENT}.cluster.deletionProtection`,
    beside: { environments: [{ name: "stage", production: false }] },
  },
  {
    option: "environments[0].clusterName",
    value: "blue",
    shows: `${ENVIRONMENT}.cluster.name`,
    beside: { environments: [{ name: "prod" }] },
  },
  {
    option: "environments[0].githubEnvironment",
    value: "live",
    shows: `${ENVIRONMENT}.deployment.githubEnvironment`,
    beside: { environments: [{ name: "prod" }] },
  },
  { option: "clusterName", value: "blue", shows: `${ENVIRONMENT}.cluster.name`, expected: "blue-prod" },
  { option: "engine", value: "cdktn", shows: "config.engine" },
  {
    option: "allowedRegions[0]",
    value: "eu-north-1",
    shows: `${TERRAFORM}.allowed_regions[0]`,
    beside: { awsRegion: "eu-north-1" },
  },
  { option: "release[0]", value: "docs/operations.md", shows: "own.release[0]" },
  { option: "release[0]", value: "docs/**", shows: "own.release[0]" },
  { option: "deps[0]", value: "left-pad@1.3.0", shows: "file:package.json", expected: '"left-pad": "1.3.0"' },
  { option: "devDeps[0]", value: "left-pad@1.3.0", shows: "file:package.json", expected: '"left-pad": "1.3.0"' },
  { option: "projenVersion", value: "0.103.1", shows: "file:package.json", expected: '"projen": "0.103.1"' },
  { option: "outdir", value: "some/where", shows: "own.outdir" },
  { option: "documents.copyrightHolder", value: "Acme Ltd", shows: `${SETTINGS}.license.holder` },
  {
    option: "documents.securityContact",
    value: "security@acme.example",
    shows: "file:SECURITY.md",
    expected: "security@acme.example",
  },
  {
    option: "documents.codeOwners[0]",
    value: "@acme/platform",
    shows: "file:.github/CODEOWNERS",
    expected: "/policies/ @acme/platform",
  },
];

/** Limits that are numbers: each is an option of the same name in camel case. */
const numericLimits: Effect[] = Object.entries(DEFAULT_LIMITS).flatMap(([policy, values]) =>
  Object.entries(values as Record<string, unknown>).flatMap(([key, value]) =>
    typeof value === "number"
      ? [{ option: `policyLimits.${optionOf(key)}`, value: value + 1, shows: `config.limits.${policy}.${key}` }]
      : [],
  ),
);

const limits: Effect[] = [
  ...numericLimits,
  {
    option: "policyLimits.cpuInstanceTypes[0]",
    value: "m6i.2xlarge",
    shows: `${TERRAFORM}.cpu_instance_types[0]`,
    beside: { cpuPool: { instanceTypes: ["m6i.2xlarge"] } },
  },
  {
    option: "policyLimits.gpuInstanceTypes[0]",
    value: "g5.2xlarge",
    shows: `${TERRAFORM}.gpu_instance_types[0]`,
    beside: { gpuPool: { instanceTypes: ["g5.2xlarge"] } },
  },
  {
    option: "policyLimits.requiredTags[0]",
    value: "Team",
    shows: `${TERRAFORM}.required_tags[0]`,
    beside: { tags: { Team: "ml" } },
  },
  { option: "policyLimits.requiredLogTypes[0]", value: "audit", shows: `${TERRAFORM}.required_log_types[0]` },
  { option: "policyLimits.requiredLabels[0]", value: "team", shows: `${RAY_LIMITS}.required_labels[0]` },
];

const network: Effect[] = [
  { option: "network.vpcId", value: vpc.vpcId, shows: `${ENVIRONMENT}.network.vpcId`, beside: { network: vpc } },
  {
    option: "network.subnetIds[0]",
    value: "subnet-0123456789abcdefa",
    shows: `${ENVIRONMENT}.network.nodeSubnetIds[0]`,
    beside: { network: vpc },
  },
  { option: "network.vpcCidr", value: "10.20.0.0/16", shows: `${ENVIRONMENT}.network.vpcCidr` },
  {
    option: "network.availabilityZones[1]",
    value: "us-east-1d",
    shows: `${ENVIRONMENT}.network.availabilityZones[1]`,
    beside: { network: { availabilityZones: ["us-east-1a", "us-east-1b"] } },
  },
  { option: "network.nat", value: "single", shows: `${ENVIRONMENT}.network.nat` },
  { option: "network.s3Access", value: "interface", shows: `${ENVIRONMENT}.network.s3Access` },
  {
    option: "network.additionalEndpoints[0]",
    value: "bedrock-runtime",
    shows: `${ENVIRONMENT}.network.interfaceEndpoints[1]`,
  },
  { option: "network.flowLogRetentionDays", value: 731, shows: `${ENVIRONMENT}.network.flowLogRetentionDays` },
];

const cluster: Effect[] = [
  {
    option: "cluster.publicAccessCidrs[0]",
    value: "203.0.113.0/24",
    shows: `${ENVIRONMENT}.cluster.publicAccessCidrs[0]`,
  },
  { option: "cluster.kmsKeyArn", value: KEY, shows: `${ENVIRONMENT}.cluster.kmsKeyArn` },
  { option: "cluster.logRetentionDays", value: 731, shows: `${ENVIRONMENT}.cluster.logRetentionDays` },
  { option: "cluster.serviceCidr", value: "172.20.0.0/16", shows: `${ENVIRONMENT}.cluster.serviceCidr` },
  { option: "cluster.adminPrincipalArns[0]", value: ROLE, shows: `${ENVIRONMENT}.cluster.adminPrincipalArns[0]` },
  { option: "cluster.viewerPrincipalArns[0]", value: ROLE, shows: `${ENVIRONMENT}.cluster.viewerPrincipalArns[0]` },
  { option: "cluster.deletionProtection", value: false, shows: `${ENVIRONMENT}.cluster.deletionProtection` },
  { option: "cluster.permissionsBoundaryArn", value: POLICY, shows: `${ENVIRONMENT}.cluster.permissionsBoundaryArn` },
];

const access: Effect[] = [
  {
    option: "access.createRoles",
    value: false,
    shows: `${ENVIRONMENT}.access.people`,
    expected: [],
    beside: { cluster: { adminPrincipalArns: [ROLE] } },
  },
  {
    option: "access.administratorPrincipalArns[0]",
    value: ROLE,
    shows: `${ENVIRONMENT}.access.people[0].principalArns[0]`,
  },
  { option: "access.rayUserPrincipalArns[0]", value: ROLE, shows: `${ENVIRONMENT}.access.people[1].principalArns[0]` },
  { option: "access.viewerPrincipalArns[0]", value: ROLE, shows: `${ENVIRONMENT}.access.people[2].principalArns[0]` },
  { option: "access.requireMfa", value: true, shows: `${ENVIRONMENT}.access.requireMfa` },
  { option: "access.podBuckets[0]", value: "acme-data", shows: `${ENVIRONMENT}.access.podBuckets[0]` },
];

const environment: Effect[] = [
  { option: "awsRegion", value: "eu-west-1", shows: `${ENVIRONMENT}.region` },
  { option: "awsAccountId", value: "111122223333", shows: `${ENVIRONMENT}.accountId` },
  { option: "kubernetesVersion", value: "1.34", shows: `${ENVIRONMENT}.cluster.version` },
  { option: "accelerator", value: "none", shows: `${ENVIRONMENT}.pools[1]`, expected: undefined },
  {
    option: "monitoring",
    value: true,
    shows: `${ENVIRONMENT}.workloads.kube-prometheus-stack.namespace`,
    expected: "monitoring",
  },
  { option: "backupBucket", value: "acme-backups", shows: `${ENVIRONMENT}.workloads.velero.settings.bucket` },
  { option: "githubOidcProviderArn", value: PROVIDER, shows: `${ENVIRONMENT}.deployment.oidcProviderArn` },
  { option: "tags.Team", value: "ml", shows: `${ENVIRONMENT}.tags.Team` },
  { option: "images.registry", value: "registry.example.com/mirror", shows: `${ENVIRONMENT}.images.registry` },
  {
    option: "images.repositoryPrefix",
    value: "shared",
    shows: `${ENVIRONMENT}.images.repositoryPrefix`,
    expected: "shared/prod",
  },
  { option: "state.bucket", value: "acme-state", shows: `${ENVIRONMENT}.state.bucket` },
  { option: "state.region", value: "eu-west-1", shows: `${ENVIRONMENT}.state.region` },
];

/** Options that every pool has. */
function poolEffects(
  path: string,
  shows: string,
  beside: Options,
  types: { readonly other: string; readonly efa: string },
): Effect[] {
  const capacity = {
    ...beside,
    gpuPool: {
      ...beside.gpuPool,
      instanceTypes: ["p4d.24xlarge"],
      onDemandFallback: false,
      capacityType: "capacity-block" as never,
      capacityReservationId: RESERVATION,
    },
    accelerator: "p4d" as never,
    policyLimits: { gpuInstanceTypes: ["p4d.24xlarge"] },
  };
  const efa: Options = {
    ...beside,
    policyLimits: {
      cpuInstanceTypes: ["m5.2xlarge", "m5.4xlarge", "m7g.16xlarge"],
      gpuInstanceTypes: ["g4dn.8xlarge", "g4dn.2xlarge", "g4dn.4xlarge"],
    },
  };
  return [
    { option: `${path}.instanceTypes[0]`, value: types.other, shows: `${shows}.instanceTypes[0]`, beside },
    { option: `${path}.minSize`, value: 1, shows: `${shows}.minSize`, beside },
    { option: `${path}.maxSize`, value: 4, shows: `${shows}.maxSize`, beside },
    { option: `${path}.desiredSize`, value: 3, shows: `${shows}.desiredSize`, beside },
    path === "gpuPool"
      ? {
          option: `${path}.capacityType`,
          value: "on-demand",
          shows: `${shows}.capacityType`,
          expected: "ON_DEMAND",
          beside,
        }
      : path === "cpuPool"
        ? {
            option: `${path}.capacityType`,
            value: "on-demand",
            shows: `${shows}.capacityType`,
            expected: "ON_DEMAND",
            beside,
          }
        : { option: `${path}.capacityType`, value: "spot", shows: `${shows}.capacityType`, expected: "SPOT", beside },
    path === "gpuPool"
      ? {
          option: `${path}.capacityReservationId`,
          value: RESERVATION,
          shows: `${shows}.capacityReservationId`,
          beside: capacity,
        }
      : {
          option: `${path}.capacityReservationId`,
          value: RESERVATION,
          shows: `${shows}.capacityReservationId`,
          beside,
        },
    { option: `${path}.os`, value: "bottlerocket", shows: `${shows}.os`, beside },
    { option: `${path}.volumeSizeGib`, value: 300, shows: `${shows}.volume.sizeGib`, beside },
    { option: `${path}.volumeKmsKeyArn`, value: KEY, shows: `${shows}.volume.kmsKeyArn`, beside },
    {
      option: `${path}.efa`,
      value: true,
      shows: `${shows}.efaInterfaces`,
      expected: 1,
      beside: {
        ...efa,
        ...(path === "pools[0]"
          ? { pools: [{ name: "large", instanceTypes: [types.efa] }] }
          : { [path]: { instanceTypes: [types.efa] } }),
      },
    },
    {
      option: `${path}.availabilityZones[0]`,
      value: "us-east-1b",
      shows: `${shows}.availabilityZones`,
      expected: ["us-east-1b"],
      beside,
    },
    { option: `${path}.labels.team`, value: "ml", shows: `${shows}.labels.team`, beside },
    {
      option: `${path}.nodeConfig`,
      value: { kubelet: { config: { maxPods: 110 } } },
      shows: `${shows}.nodeConfig`,
      beside,
    },
  ];
}

const pools: Effect[] = [
  ...poolEffects("cpuPool", `${ENVIRONMENT}.pools[0]`, {}, { other: "m5.4xlarge", efa: "m7g.16xlarge" }),
  ...poolEffects("gpuPool", `${ENVIRONMENT}.pools[1]`, {}, { other: "g4dn.4xlarge", efa: "g4dn.8xlarge" }),
  { option: "gpuPool.onDemandFallback", value: false, shows: `${ENVIRONMENT}.pools[2]`, expected: undefined },
  { option: "gpuPool.fallbackMaxSize", value: 1, shows: `${ENVIRONMENT}.pools[2].maxSize` },
  { option: "pools[0].name", value: "huge", shows: `${ENVIRONMENT}.pools[3].name`, beside: { pools: [pool] } },
  ...poolEffects(
    "pools[0]",
    `${ENVIRONMENT}.pools[3]`,
    { pools: [pool] },
    { other: "m5.2xlarge", efa: "m7g.16xlarge" },
  ),
];

/** What a struct of data changes in the identity that has it. */
function dataEffects(option: string, shows: string, beside: Options): Effect[] {
  const { ray: around = {} } = beside as { readonly ray?: object };
  const besideData = (data: object): Options => {
    const base = { ray: around } as Options;
    return withValueAt(base, option, data);
  };
  const bucket = { buckets: [{ name: "acme-data" }] };
  const secret = { secrets: [{ name: "ray/token" }] };
  const policy = { policies: [{ actions: ["dynamodb:Query"], resources: [`${TABLE}-2`] }] };
  return [
    { option: `${option}.buckets[0].name`, value: "acme-data", shows: `${shows}.buckets[0].name`, beside },
    {
      option: `${option}.buckets[0].prefixes[0]`,
      value: "train/",
      shows: `${shows}.buckets[0].prefixes[0]`,
      beside: besideData(bucket),
    },
    {
      option: `${option}.buckets[0].access`,
      value: "write",
      shows: `${shows}.buckets[0].access`,
      beside: besideData(bucket),
    },
    {
      option: `${option}.buckets[0].kmsKeyArn`,
      value: KEY,
      shows: `${shows}.statements[3].resources[0]`,
      beside: besideData(bucket),
    },
    { option: `${option}.secrets[0].name`, value: "ray/token", shows: `${shows}.secrets[0]`, beside },
    {
      option: `${option}.secrets[0].kmsKeyArn`,
      value: KEY,
      shows: `${shows}.statements[1].resources[0]`,
      beside: besideData(secret),
    },
    {
      option: `${option}.policies[0].actions[0]`,
      value: "dynamodb:GetItem",
      shows: `${shows}.statements[0].actions[0]`,
      beside: besideData(policy),
    },
    {
      option: `${option}.policies[0].resources[0]`,
      value: TABLE,
      shows: `${shows}.statements[0].resources[0]`,
      beside: besideData(policy),
    },
  ];
}

const ray: Effect[] = [
  { option: "ray.version", value: "2.58.0", shows: `${ENVIRONMENT}.ray.version` },
  {
    option: "ray.imageRepository",
    value: "docker.io/acme/ray",
    shows: `${ENVIRONMENT}.ray.head.image`,
    expected: "docker.io/acme/ray:2.56.0-py312",
  },
  { option: "ray.namespace", value: "batch", shows: `${ENVIRONMENT}.ray.namespace` },
  { option: "ray.headCpu", value: 4, shows: `${ENVIRONMENT}.ray.head.cpu` },
  { option: "ray.headMemoryGib", value: 16, shows: `${ENVIRONMENT}.ray.head.memoryGib` },
  { option: "ray.tokenAuth", value: false, shows: `${ENVIRONMENT}.ray.tokenAuth` },
  { option: "ray.autoscaling", value: false, shows: `${ENVIRONMENT}.ray.autoscaler.enabled` },
  { option: "ray.idleTimeoutSeconds", value: 120, shows: `${ENVIRONMENT}.ray.autoscaler.idleTimeoutSeconds` },
  { option: "ray.autoscalerMemoryGib", value: 2, shows: `${ENVIRONMENT}.ray.autoscaler.memoryGib` },
  {
    option: "ray.redisAddress",
    value: "rediss://cache.example:6379",
    shows: `${ENVIRONMENT}.ray.gcsFaultTolerance.redisAddress`,
  },
  {
    option: "ray.redisPasswordSecret",
    value: "redis",
    shows: `${ENVIRONMENT}.ray.gcsFaultTolerance.passwordSecret`,
    beside: { ray: { redisAddress: "rediss://cache.example:6379" } },
  },
  { option: "ray.jobEntrypoint", value: "python train.py", shows: `${ENVIRONMENT}.ray.job.entrypoint` },
  { option: "ray.logRetentionDays", value: 30, shows: `${ENVIRONMENT}.rayLogs.retentionDays` },
  { option: "ray.admission", value: "audit", shows: `${ENVIRONMENT}.ray.admission` },
  { option: "cost.maxMonthlyUsd", value: 40000, shows: `${ENVIRONMENT}.cost.maxMonthlyUsd` },
  { option: "cost.aboveMax", value: "deny", shows: `${ENVIRONMENT}.cost.aboveMax` },
  { option: "ray.upgrade", value: "drain", shows: `${ENVIRONMENT}.ray.upgrade` },
  {
    option: "ray.serviceUpgrade",
    value: "none",
    shows: `${ENVIRONMENT}.ray.service.upgrade`,
    expected: "None",
    beside: { ray: { serveConfig: "applications: []" } },
  },
  { option: "ray.serveConfig", value: "applications: []", shows: `${ENVIRONMENT}.ray.service.config` },
  ...dataEffects("ray.data", `${ENVIRONMENT}.ray.identities[1]`, {}),
  ...dataEffects("ray.headData", `${ENVIRONMENT}.ray.identities[0]`, {}),
  ...dataEffects("ray.workerGroups[0].data", `${ENVIRONMENT}.ray.identities[0]`, { ray: { workerGroups: [group] } }),
  {
    option: "ray.registries[0].registry",
    value: "harbor.acme.internal/ml",
    shows: `${ENVIRONMENT}.ray.registries[0].registry`,
  },
  {
    option: "ray.registries[0].pullSecret",
    value: "harbor",
    shows: `${ENVIRONMENT}.ray.registries[0].pullSecret`,
    beside: { ray: { registries: [{ registry: "harbor.acme.internal" }] } },
  },
  { option: "ray.egress[0].cidr", value: "10.20.0.0/16", shows: `${ENVIRONMENT}.ray.egress[0].cidr` },
  {
    option: "ray.egress[0].ports[0]",
    value: 5432,
    shows: `${ENVIRONMENT}.ray.egress[0].ports[0]`,
    beside: { ray: { egress: [{ cidr: "10.20.0.0/16" }] } },
  },
  {
    option: "ray.workerGroups[0].name",
    value: "trainers",
    shows: `${ENVIRONMENT}.ray.workerGroups[0].name`,
    beside: { ray: { workerGroups: [group] } },
  },
  {
    option: "ray.workerGroups[0].pool",
    value: "gpu",
    shows: `${ENVIRONMENT}.ray.workerGroups[0].poolGroup`,
    beside: { ray: { workerGroups: [group] } },
  },
  {
    option: "ray.workerGroups[0].cpu",
    value: 3.5,
    shows: `${ENVIRONMENT}.ray.workerGroups[0].cpu`,
    beside: { ray: { workerGroups: [group] } },
  },
  {
    option: "ray.workerGroups[0].memoryGib",
    value: 12.5,
    shows: `${ENVIRONMENT}.ray.workerGroups[0].memoryGib`,
    beside: { ray: { workerGroups: [group] } },
  },
  {
    option: "ray.workerGroups[0].gpus",
    value: 2,
    shows: `${ENVIRONMENT}.ray.workerGroups[0].gpus`,
    beside: {
      accelerator: "p4d" as never,
      policyLimits: { gpuInstanceTypes: ["p4d.24xlarge"] },
      ray: { workerGroups: [gpuGroup] },
    },
  },
  {
    option: "ray.workerGroups[0].minReplicas",
    value: 1,
    shows: `${ENVIRONMENT}.ray.workerGroups[0].minReplicas`,
    beside: { ray: { workerGroups: [group] } },
  },
  {
    option: "ray.workerGroups[0].replicas",
    value: 2,
    shows: `${ENVIRONMENT}.ray.workerGroups[0].replicas`,
    beside: { ray: { workerGroups: [group] } },
  },
  {
    option: "ray.workerGroups[0].maxReplicas",
    value: 5,
    shows: `${ENVIRONMENT}.ray.workerGroups[0].maxReplicas`,
    beside: { ray: { workerGroups: [group] } },
  },
  {
    option: "ray.workerGroups[0].numOfHosts",
    value: 2,
    shows: `${ENVIRONMENT}.ray.workerGroups[0].numOfHosts`,
    beside: { ray: { workerGroups: [group] } },
  },
  {
    option: "ray.workerGroups[0].image",
    value: "docker.io/acme/trainer:1.0",
    shows: `${ENVIRONMENT}.ray.workerGroups[0].image`,
    beside: { ray: { workerGroups: [group] } },
  },
  {
    option: "ray.workerGroups[0].rayStartParams.object-store-memory",
    value: "1000000000",
    shows: `${ENVIRONMENT}.ray.workerGroups[0].rayStartParams.object-store-memory`,
    beside: { ray: { workerGroups: [group] } },
  },
];

/** Options that workflows and gates share, as their records have them. */
const perWorkflow: Effect[] = [
  ...WORKFLOWS.flatMap(({ id, option }) =>
    option === undefined
      ? []
      : [{ option: `workflows.${option}.enabled`, value: false, shows: `${SETTINGS}.files.${id}.enabled` }],
  ),
  ...WORKFLOWS.filter(({ option }) => option !== undefined && takes(option, "schedule")).map(({ id, option }) => ({
    option: `workflows.${option}.schedule`,
    value: CRON,
    shows: `${SETTINGS}.files.${id}.schedule`,
  })),
  ...GATES.filter(({ severity }) => severity !== undefined).map(({ id, option }) => ({
    option: `workflows.${option}.minimumSeverity`,
    value: "high",
    shows: `${SETTINGS}.severities.${id}`,
  })),
  ...GATES.flatMap(({ option, exceptions }) => {
    // The example that says most.
    const example = exceptions?.examples.find(({ path }) => path !== undefined) ?? exceptions?.examples[0];
    if (exceptions === undefined || example === undefined) {
      return [];
    }
    const given = { ...example, reason: REASON, expires: "2099-01-31" };
    const effect = (beside: object, field: string, value: string): Effect => ({
      option: `workflows.${option}.exceptions[0].${field}`,
      value,
      shows: `${SETTINGS}.exceptions.${option}[0].${field}`,
      beside: { workflows: { [option]: { exceptions: [beside] } } } as Options,
    });
    return [
      ...Object.entries(given).map(([field, value]) => effect(given, field, value)),
      ...(exceptions.resources ? [effect(exception, "resource", "state/bucket")] : []),
    ];
  }),
];

/** Whether a workflow's options have a field. */
function takes(option: string, field: string): boolean {
  const struct = optionAt(`workflows.${option}`).type.fqn?.replace(/^.*\./, "") ?? "";
  return declaredOption(struct, field).property !== undefined;
}

const workflows: Effect[] = [
  { option: "workflows.enabled", value: false, shows: `${SETTINGS}.enabled` },
  { option: "workflows.runnerLabels[0]", value: "self-hosted", shows: `${SETTINGS}.runnerLabels[0]` },
  { option: "workflows.privateRunnerLabels[0]", value: "private-eks", shows: `${SETTINGS}.privateRunnerLabels[0]` },
  { option: "workflows.visibility", value: "internal", shows: `${SETTINGS}.visibility` },
  { option: "workflows.codeSecurity", value: true, shows: `${SETTINGS}.codeSecurity` },
  {
    option: "workflows.codeScanning",
    value: false,
    shows: `${SETTINGS}.codeScanning`,
    beside: { workflows: { codeSecurity: true } },
  },
  { option: "workflows.hardenRunner", value: "audit", shows: `${SETTINGS}.hardenRunner` },
  {
    option: "workflows.hardenRunnerEndpoints[0]",
    value: "api.github.com:443",
    shows: `${SETTINGS}.hardenRunnerEndpoints[0]`,
  },
  { option: "workflows.appEnvironment", value: "bot", shows: `${SETTINGS}.appEnvironment` },
  {
    option: "workflows.environmentReviewers.prod[0]",
    value: "@acme/platform",
    shows: `${SETTINGS}.environmentReviewers.prod[0]`,
  },
  {
    option: "workflows.actionPins.acme/x.version",
    value: "v1.2.3",
    shows: "workflows.settings.actionPins",
    expected: { "acme/x": { version: "v1.2.3", sha: "a".repeat(40) } },
    beside: { workflows: { actionPins: { "acme/x": { version: "v1.0.0", sha: "a".repeat(40) } } } },
  },
  {
    option: "workflows.actionPins.acme/x.sha",
    value: "b".repeat(40),
    shows: "workflows.settings.actionPins",
    expected: { "acme/x": { version: "v1.0.0", sha: "b".repeat(40) } },
    beside: { workflows: { actionPins: { "acme/x": { version: "v1.0.0", sha: "a".repeat(40) } } } },
  },
  ...Object.entries({ rule: "job-timeout", reason: REASON, workflow: "deploy.yml", expires: "2099-01-31" }).map(
    ([field, value]) => ({
      option: `workflows.relax[0].${field}`,
      value,
      shows: `${SETTINGS}.relaxations[0].${field}`,
      beside: { workflows: { relax: [{ rule: "job-timeout", reason: REASON }] } },
    }),
  ),
  ...Object.entries({ path: "modules/a", reason: "another reason than before", expires: "2099-02-28" }).map(
    ([field, value]) => ({
      option: `workflows.inlineSuppressions[0].${field}`,
      value,
      shows: `${SETTINGS}.inlineSuppressions[0].${field}`,
      beside: { workflows: { inlineSuppressions: [{ path: "modules", reason: REASON, expires: "2099-01-31" }] } },
    }),
  ),
  { option: "workflows.requiredWorkflows[0]", value: "deploy.yml", shows: `${SETTINGS}.requiredWorkflows[0]` },
  ...perWorkflow,
  {
    option: "workflows.dependencyCheck.dependencyReview",
    value: false,
    shows: `${SETTINGS}.own.dependency-check.dependencyReview`,
    beside: { workflows: { codeSecurity: true } },
  },
  {
    option: "workflows.dependencyCheck.allowLicenses[0]",
    value: "MIT",
    shows: `${SETTINGS}.own.dependency-check.allowLicenses[0]`,
    beside: { workflows: { codeSecurity: true } },
  },
  { option: "workflows.licenseHeader.holder", value: "Acme Ltd", shows: `${SETTINGS}.license.holder` },
  { option: "workflows.licenseHeader.spdxId", value: "MIT", shows: `${SETTINGS}.license.spdxId` },
  {
    option: "workflows.licenseHeader.typesWithoutHeader[0]",
    value: ".parquet",
    shows: `${SETTINGS}.license.typesWithoutHeader[0]`,
  },
  {
    option: "workflows.scorecard.publish",
    value: true,
    shows: `${SETTINGS}.publishScorecard`,
    beside: { workflows: { visibility: RepositoryVisibility.PUBLIC } },
  },
  { option: "workflows.terraformPlan.comment", value: "none", shows: `${SETTINGS}.planComment` },
  ...(["plan", "apply", "drift"] as const).flatMap((kind): Effect[] => {
    const option = kind === "drift" ? "drift" : kind === "plan" ? "terraformPlan" : "terraformApply";
    const shows = `${SETTINGS}.roleRunners.${kind}`;
    return [
      { option: `workflows.${option}.runnerLabels[0]`, value: "self-hosted", shows: `${shows}.labels[0]` },
      {
        option: `workflows.${option}.privateRunnerLabels[0]`,
        value: "eks-of-its-own",
        beside: { workflows: { privateRunnerLabels: ["private-eks"] } },
        shows: `${shows}.privateLabels[0]`,
      },
    ];
  }),
  { option: "workflows.terraformApply.onPush", value: false, shows: `${SETTINGS}.applyOnPush` },
  {
    option: "workflows.registriesWithoutSignatures[0]",
    value: "npm.example.com",
    shows: `${SETTINGS}.registriesWithoutSignatures[0]`,
  },
  { option: "workflows.upgrade.cooldownDays", value: 14, shows: `${SETTINGS}.upgradeCooldownDays` },
];

/** Every option of the API with what it changes. */
export const EFFECTS: readonly Effect[] = [
  ...own,
  ...environment,
  ...limits,
  ...network,
  ...cluster,
  ...access,
  ...pools,
  ...ray,
  ...workflows,
];
