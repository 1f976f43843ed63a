// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "../../config/package-data";
import { requiredEndpoints } from "../../config/network";
import { type CountedNodes, countedTypes, monthlyPrice, NOT_IN_PRICE, usdText } from "../../config/node-price";
import type { EnvironmentConfig, NodePoolConfig, RepositoryConfig } from "../../config/platform-config";
import { codeList } from "./markdown-text";
import { type WorkloadRow, type WorkloadRoleRow, workloadRows, workloadRoleRows } from "./workload-view";

/** A stack of an environment, in the order of deployment. */
export interface StackRow {
  readonly stack: string;
  readonly purpose: string;
  /** Whether applying it needs a machine that reaches the private Kubernetes API. */
  readonly insideNetwork: boolean;
}

/** A node pool as a row of a table. */
export interface PoolRow {
  readonly pool: string;
  readonly typeText: string;
  readonly capacityText: string;
  readonly sizeText: string;
  readonly taintText: string;
  readonly amiType: string;
  readonly volumeGib: number;
  readonly volumeKey: boolean;
  readonly gpus: number;
}

/** A service account of Ray's pods as a row of a table. */
export interface RayIdentityRow {
  readonly who: string;
  readonly serviceAccount: string;
  readonly permits: string;
}

/** Subjects of GitHub's OIDC token that the roles trust, literally. */
export interface TrustSubjects {
  readonly plan: string;
  readonly apply: string;
  readonly drift: string;
}

/** A pool's nodes as a row of the table of costs. */
export interface CostPoolRow {
  readonly pool: string;
  readonly idleText: string;
  readonly fullText: string;
}

/** What the nodes of an environment come to, idle and full. */
export interface CostSum {
  readonly idleCpu: number;
  readonly fullCpu: number;
  readonly idleGpus: number;
  readonly fullGpus: number;
  readonly idleVolumes: number;
  readonly fullVolumes: number;
  /** List price of the nodes in USD a month; of what has no published price, words that say so. */
  readonly idlePrice: string;
  readonly fullPrice: string;
}

/** The limit of an environment's cost, in words. */
export interface CostLimitText {
  readonly usd: string;
  readonly denies: boolean;
  /** What is billed and not counted. */
  readonly notInIt: string;
}

/** What document templates can say about an environment. */
export interface EnvironmentView extends EnvironmentConfig {
  readonly environment: string;
  /** The account id, or words that say that any account is accepted. */
  readonly accountText: string;
  /** The account id, or a placeholder for commands. */
  readonly accountArgument: string;
  readonly stacks: readonly StackRow[];
  /** Names of the stacks from last to first, without bootstrap. */
  readonly destroyOrder: readonly string[];
  /** Keys of the states in the bucket; bootstrap's is not there. */
  readonly stateKeyText: string;
  readonly createsNetwork: boolean;
  readonly hasNat: boolean;
  readonly s3Gateway: boolean;
  readonly hasPublicEndpoint: boolean;
  readonly publicCidrText: string;
  readonly endpointText: string;
  /** Services whose endpoints nodes and workloads need, whoever makes them. */
  readonly requiredEndpointText: string;
  readonly workloadRows: readonly WorkloadRow[];
  readonly workloadRoles: readonly WorkloadRoleRow[];
  /** Whether Ray's pods reach something in AWS. */
  readonly hasRayData: boolean;
  /** Who runs as which account, and what it may do. */
  readonly rayIdentityRows: readonly RayIdentityRow[];
  readonly zoneText: string;
  readonly logTypeText: string;
  readonly createsKey: boolean;
  /** Whether flow logs have a key that the network stack makes. */
  readonly createdFlowLogKey: boolean;
  /** What is protected from deletion. */
  readonly protectionText: string;
  /** Images are copied to this account's ECR. */
  readonly mirrored: boolean;
  readonly registryText: string;
  readonly poolRows: readonly PoolRow[];
  readonly costPools: readonly CostPoolRow[];
  readonly costSum: CostSum;
  readonly costLimit: CostLimitText;
  readonly hasGpu: boolean;
  readonly hasSpot: boolean;
  readonly hasCapacityBlock: boolean;
  /** The GPU pools by descending priority. */
  readonly gpuOrderText: string;
  readonly headService: string;
  /** What a deployment does with running jobs where it makes the Ray cluster anew. */
  readonly upgradeRefuses: boolean;
  readonly upgradeDrains: boolean;
  readonly upgradeRecreates: boolean;
  /** Whether an upgrade of the RayService runs two clusters, or none. */
  readonly serviceDoubles: boolean;
  readonly serviceStays: boolean;
  /** Secret that holds the token of Ray's head. */
  readonly tokenSecret: string;
  /** Namespace of Grafana; null without monitoring. */
  readonly monitoringNamespace: string | null;
  /** Whether workers have GPUs. */
  readonly hasGpuWorkers: boolean;
  /** The minor version after the cluster's. */
  readonly nextKubernetesVersion: string;
  readonly trust: TrustSubjects;
  /** Whether there are roles that people assume. */
  readonly hasPeople: boolean;
  /** Their names. */
  readonly people: { readonly administrator: string; readonly rayUser: string; readonly viewer: string };
  /** Whether each of them leaves it to the account's policies who assumes it. */
  readonly peopleAnyIdentity: boolean;
  /** Whether the bootstrap stack makes the permissions boundary. */
  readonly createsBoundary: boolean;
  /** What IAM cannot bind to the environment. */
  readonly unbound: readonly UnboundPermissionRow[];
}

/** A permission that reaches beyond the environment, as a row of a table. */
export interface UnboundPermissionRow {
  readonly holderText: string;
  readonly actionText: string;
  readonly reach: string;
  readonly reason: string;
  readonly consequence: string;
}

interface UnboundPermission {
  readonly holder: "deployer" | "stacks";
  readonly actions: readonly string[];
  /** `created`: only where the platform makes the VPC. */
  readonly network?: "created";
  readonly reach: string;
  readonly reason: string;
  readonly consequence: string;
}

/** Derives what templates need from an environment's configuration. */
export function environmentView(environment: EnvironmentConfig, repository: RepositoryConfig): EnvironmentView {
  const { name, network, cluster, images, pools, ray } = environment;
  const createsNetwork = network.mode === "created";
  const gpuPools = pools.filter((pool) => pool.node.gpus > 0).sort((a, b) => b.priority - a.priority);
  const stacks = stackRows(name, createsNetwork);
  const ownRegistry = `${environment.accountId ?? "ACCOUNT_ID"}.dkr.ecr.${environment.region}.amazonaws.com/${images.repositoryPrefix}`;
  return {
    ...environment,
    environment: name,
    accountText: environment.accountId === null ? "any" : `\`${environment.accountId}\``,
    accountArgument: environment.accountId ?? "ACCOUNT_ID",
    stacks,
    destroyOrder: stacks
      .slice(1)
      .map(({ stack }) => stack)
      .reverse(),
    stateKeyText: codeList([
      `_bootstrap/${name}.tfstate`,
      ...stacks.slice(1).map(({ stack }) => `${name}/${stack.slice(name.length + 1)}.tfstate`),
    ]),
    createsNetwork,
    hasNat: network.nat !== "none",
    s3Gateway: network.s3Access === "gateway",
    hasPublicEndpoint: cluster.publicAccessCidrs.length > 0,
    publicCidrText: codeList(cluster.publicAccessCidrs),
    endpointText: codeList(network.interfaceEndpoints),
    requiredEndpointText: codeList(requiredEndpoints(Object.values(environment.workloads), environment.ray)),
    workloadRows: workloadRows(environment),
    workloadRoles: workloadRoleRows(environment),
    hasRayData: ray.identities.length > 0,
    rayIdentityRows: ray.identities.map(({ serviceAccount, permits }) => ({
      who: whoRunsAs(environment, serviceAccount),
      serviceAccount,
      permits,
    })),
    zoneText: codeList(network.availabilityZones),
    logTypeText: codeList(cluster.logTypes),
    createsKey: cluster.kmsKeyArn === null,
    createdFlowLogKey: createsNetwork && cluster.kmsKeyArn === null,
    protectionText: protectionText(environment),
    mirrored: images.createRepositories,
    registryText: images.registry ?? ownRegistry,
    poolRows: pools.map(poolRow),
    costPools: pools.map(costPoolRow),
    costSum: costSum(pools),
    costLimit: {
      usd: usdText(environment.cost.maxMonthlyUsd),
      denies: environment.cost.aboveMax === "deny",
      notInIt: NOT_IN_PRICE,
    },
    hasGpu: gpuPools.length > 0,
    hasSpot: pools.some((pool) => pool.capacityType === "SPOT"),
    hasCapacityBlock: pools.some((pool) => pool.capacityType === "CAPACITY_BLOCK"),
    gpuOrderText: gpuPools.map((pool) => `\`${pool.name}\` (${CAPACITY[pool.capacityType]})`).join(", then "),
    upgradeRefuses: ray.upgrade === "refuse",
    upgradeDrains: ray.upgrade === "drain",
    upgradeRecreates: ray.upgrade === "recreate",
    serviceDoubles: ray.service?.upgrade === "NewCluster",
    serviceStays: ray.service?.upgrade === "None",
    headService: `${ray.clusterName}-head-svc`,
    tokenSecret: ray.service === null ? ray.clusterName : `${ray.clusterName}-service`,
    monitoringNamespace: environment.workloads["kube-prometheus-stack"]?.namespace ?? null,
    hasGpuWorkers: ray.workerGroups.some(({ gpus }) => gpus > 0),
    nextKubernetesVersion: cluster.version.replace(/\d+$/, (minor) => String(Number(minor) + 1)),
    trust: trustSubjects(environment, repository),
    hasPeople: environment.access.people.length > 0,
    people: {
      administrator: `${cluster.name}-administrator`,
      rayUser: `${cluster.name}-ray-user`,
      viewer: `${cluster.name}-viewer`,
    },
    peopleAnyIdentity: environment.access.people.every(({ principalArns }) => principalArns.length === 0),
    createsBoundary: cluster.permissionsBoundaryArn === null,
    unbound: unboundPermissions(environment),
  };
}

function protectionText({ production, cluster, rayLogs }: EnvironmentConfig): string {
  const protectedByProduction = [
    ...(cluster.kmsKeyArn === null ? ["key for secrets and logs"] : []),
    "state bucket and its key",
    ...(rayLogs === null ? [] : ["bucket of logs and its key"]),
  ];
  const list = [
    ...(cluster.deletionProtection || production ? ["cluster"] : []),
    ...(production ? protectedByProduction : []),
  ];
  return list.length === 0 ? "nothing" : list.join(", ");
}

function whoRunsAs({ ray }: EnvironmentConfig, serviceAccount: string): string {
  return ray.head.serviceAccount === serviceAccount
    ? "the head, and so the driver of each job"
    : `workers of ${codeList(ray.workerGroups.filter((group) => group.serviceAccount === serviceAccount).map(({ name }) => name))}`;
}

/** What the security document says that IAM cannot bind, from data/unbound-permissions.json. */
function unboundPermissions({ network, cluster }: EnvironmentConfig): UnboundPermissionRow[] {
  const { permissions } = packageData<{ readonly permissions: readonly UnboundPermission[] }>("unbound-permissions");
  return permissions
    .filter((permission) => permission.network === undefined || permission.network === network.mode)
    .filter(({ holder }) => holder === "deployer" || cluster.permissionsBoundaryArn === null)
    .map(({ holder, actions, reach, reason, consequence }) => ({
      holderText: holder === "deployer" ? "who deploys" : "a role of the stacks",
      actionText: codeList(actions),
      reach,
      reason,
      consequence,
    }));
}

function stackRows(name: string, createsNetwork: boolean): StackRow[] {
  const network = {
    stack: `${name}-network`,
    purpose: "VPC, private subnets, endpoints, flow logs",
    insideNetwork: false,
  };
  return [
    {
      stack: `${name}-bootstrap`,
      purpose: "state bucket, permissions boundary, roles of people and of GitHub Actions",
      insideNetwork: false,
    },
    ...(createsNetwork ? [network] : []),
    {
      stack: `${name}-cluster`,
      purpose: "keys, EKS, add-ons, node groups, IAM, interruption queue",
      insideNetwork: false,
    },
    { stack: `${name}-workloads`, purpose: "controllers, namespaces, the Ray cluster", insideNetwork: true },
  ];
}

const CAPACITY: Readonly<Record<NodePoolConfig["capacityType"], string>> = {
  ON_DEMAND: "on demand",
  SPOT: "spot",
  CAPACITY_BLOCK: "capacity block",
};

function poolRow(pool: NodePoolConfig): PoolRow {
  return {
    pool: pool.name,
    typeText: codeList(pool.instanceTypes),
    capacityText: CAPACITY[pool.capacityType],
    sizeText: `${pool.minSize} to ${pool.maxSize}`,
    taintText:
      pool.taints.length === 0
        ? "none"
        : codeList(pool.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`)),
    amiType: pool.amiType,
    volumeGib: pool.volume.sizeGib,
    volumeKey: pool.volume.kmsKeyArn !== null,
    gpus: pool.node.gpus,
  };
}

function costPoolRow(pool: NodePoolConfig): CostPoolRow {
  const { idle, full } = countedTypes(pool.instanceTypes);
  const nodes = (count: number, type: string) => (count === 0 ? "none" : `${count} of \`${type}\``);
  return {
    pool: pool.name,
    idleText: nodes(pool.minSize, idle.name),
    fullText: `${nodes(pool.maxSize, full.name)}, ${CAPACITY[pool.capacityType]}`,
  };
}

function costSum(pools: readonly NodePoolConfig[]): CostSum {
  const sum = (of: (pool: NodePoolConfig) => number) => pools.reduce((total, pool) => total + of(pool), 0);
  return {
    idleCpu: sum((pool) => pool.minSize * countedTypes(pool.instanceTypes).idle.vcpu),
    fullCpu: sum((pool) => pool.maxSize * countedTypes(pool.instanceTypes).full.vcpu),
    idleGpus: sum((pool) => pool.minSize * pool.node.gpus),
    fullGpus: sum((pool) => pool.maxSize * pool.node.gpus),
    idleVolumes: sum((pool) => pool.minSize * pool.volume.sizeGib),
    fullVolumes: sum((pool) => pool.maxSize * pool.volume.sizeGib),
    idlePrice: priceText(pools.map((pool) => [pool.minSize, countedTypes(pool.instanceTypes).idle.name])),
    fullPrice: priceText(pools.map((pool) => [pool.maxSize, countedTypes(pool.instanceTypes).full.name])),
  };
}

/** What nodes cost a month at list price, as numbers are written in prose. */
function priceText(nodes: readonly CountedNodes[]): string {
  const price = monthlyPrice(nodes);
  return "usd" in price ? usdText(price.usd) : `no price is published for ${codeList(price.absent)}`;
}

/** The same subjects as the stacks write (src/platform/github-oidc-trust.ts of a generated repository). */
function trustSubjects(
  { deployment }: EnvironmentConfig,
  { owner, name, ownerId, repositoryId, defaultBranch }: RepositoryConfig,
): TrustSubjects {
  const prefix =
    ownerId !== null && repositoryId !== null
      ? `repo:${owner}@${ownerId}/${name}@${repositoryId}`
      : `repo:${owner}/${name}`;
  return {
    plan: `${prefix}:pull_request`,
    apply: `${prefix}:environment:${deployment.githubEnvironment}`,
    drift: `${prefix}:ref:refs/heads/${defaultBranch}`,
  };
}
