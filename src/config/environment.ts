// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { EnvironmentOptions } from "../options/environment-options";
import type { IssueList } from "../options/option-issues";
import type { RayPlatformProjectOptions } from "../options/ray-platform-project-options";
import { resolveAccess } from "./access";
import { kubernetesImageTags, resolveCluster } from "./cluster";
import { resolveImages } from "./images";
import { resolveCost } from "./cost";
import { MergedSettings } from "./merged-settings";
import { interfaceEndpoints, requiredEndpoints, resolveNetwork } from "./network";
import { resolveNodePools } from "./node-pools";
import { checkPattern, isPattern } from "./patterns";
import type { EnvironmentConfig, PolicyLimits, RepositoryConfig } from "./platform-config";
import { resolveRay } from "./ray";
import { rayBoundary } from "./ray-data";
import { resolveRayLogs } from "./ray-logs";
import { checkRegion } from "./regions";
import { resolveState } from "./state";
import { resolveTags } from "./tags";
import { resolveWorkloads, workloadsOf } from "./workloads";

/** What an environment's resolution needs to know of the whole. */
export interface EnvironmentContext {
  readonly project: RayPlatformProjectOptions;
  readonly repository: RepositoryConfig | null;
  readonly limits: PolicyLimits;
}

/** An environment's options, and where they were written. */
export interface EnvironmentEntry {
  readonly environment: EnvironmentOptions;
  /** `environments[1]`; empty for one that has a name only. */
  readonly path: string;
  /** `environments[1].name` or `environmentNames[1]`. */
  readonly namePath: string;
}

/** Resolves one environment. What it shares with others of its account is settled afterwards, see shared-accounts.ts. */
export function resolveEnvironment(
  { environment, path, namePath }: EnvironmentEntry,
  context: EnvironmentContext,
  issues: IssueList,
): EnvironmentConfig {
  const { project, repository, limits } = context;
  const merged = new MergedSettings(project, environment, path);
  const { settings } = merged;
  checkPattern(environment.name, "environmentName", namePath, issues);
  checkPattern(environment.githubEnvironment, "githubEnvironment", `${path}.githubEnvironment`, issues);
  checkAccount(merged, issues);
  checkPattern(settings.backupBucket, "bucket", merged.path("backupBucket"), issues);

  const region = resolveRegion(merged, limits, issues);
  const production = environment.production ?? ["prod", "production"].includes(environment.name);
  const clusterName = resolveClusterName(environment, project, path, issues);
  const names = { project: project.name, environment: environment.name };
  const network = resolveNetwork(merged, region, issues);
  const pools = resolveNodePools(merged, network.availabilityZones, region, limits, issues);
  const ray = resolveRay(merged, clusterName, region, network.vpcCidr, pools, limits, issues);
  const cluster = resolveCluster(merged, { name: clusterName, production, region, vpcCidr: network.vpcCidr }, issues);
  const state = resolveState(
    merged,
    { ...names, owner: project.githubOwner, region, allowedRegions: limits.terraform.allowed_regions },
    issues,
  );
  const rayLogs = resolveRayLogs(merged, { ...names, owner: project.githubOwner, clusterName, region, state }, issues);
  const features = {
    settings,
    gpu: pools.some((pool) => pool.node.gpus > 0),
    efa: pools.some((pool) => pool.efaInterfaces > 0),
  };
  const kubernetesTags = kubernetesImageTags(cluster.version);
  const images = resolveImages(
    merged,
    { ...names, workloads: workloadsOf(features), ray, pools, kubernetesTags },
    issues,
  );
  const { workloads, namespaces } = resolveWorkloads({
    features,
    region,
    clusterName,
    rayNamespace: ray.namespace,
    rayLogs,
    images: images.list,
  });
  const access = resolveAccess(
    merged,
    {
      clusterName,
      githubOidc: repository !== null,
      rayStatements: rayBoundary(ray.identities),
      logBucket: rayLogs?.bucket,
    },
    issues,
  );

  return {
    name: environment.name,
    production,
    region,
    accountId: settings.awsAccountId ?? null,
    tags: resolveTags(merged, platformTags(environment.name, clusterName, repository, project.name), limits, issues),
    state,
    network: {
      ...network,
      interfaceEndpoints: interfaceEndpoints(merged, requiredEndpoints(Object.values(workloads), ray)),
    },
    cluster,
    access,
    pools,
    cost: resolveCost(merged, environment.name, pools, issues),
    deployment: {
      githubOidc: repository !== null,
      oidcProviderArn: settings.githubOidcProviderArn ?? null,
      githubEnvironment: environment.githubEnvironment ?? environment.name,
      planRoleName: `${clusterName}-plan`,
      applyRoleName: `${clusterName}-apply`,
      driftRoleName: `${clusterName}-drift`,
      mirrorRoleName: `${clusterName}-mirror`,
    },
    images,
    workloads,
    namespaces,
    ray,
    rayLogs,
  };
}

/** The account, and the provider of GitHub's tokens that is in it. */
function checkAccount(merged: MergedSettings, issues: IssueList): void {
  const { awsAccountId, githubOidcProviderArn: provider } = merged.settings;
  checkPattern(awsAccountId, "accountId", merged.path("awsAccountId"), issues);
  const at = merged.path("githubOidcProviderArn");
  if (
    checkPattern(provider, "oidcProviderArn", at, issues) &&
    awsAccountId !== undefined &&
    provider.split(":")[4] !== awsAccountId
  ) {
    issues.add(
      at,
      provider,
      `must belong to the environment's account ${awsAccountId}`,
      "name that account's provider",
    );
  }
}

/** Unique in an account. What is wrong with a name that derives from others is said once, where those are right. */
function resolveClusterName(
  environment: EnvironmentOptions,
  project: RayPlatformProjectOptions,
  path: string,
  issues: IssueList,
): string {
  if (environment.clusterName !== undefined) {
    checkPattern(environment.clusterName, "clusterName", `${path}.clusterName`, issues);
    return environment.clusterName;
  }
  const clusterName = `${project.clusterName ?? project.name}-${environment.name}`;
  if (
    isPattern(environment.name, "environmentName") &&
    (project.clusterName !== undefined || isPattern(project.name, "projectName"))
  ) {
    checkPattern(clusterName, "clusterName", "clusterName", issues);
  }
  return clusterName;
}

/** `ray-platform/cluster` is unique in an account: IAM policies know the environment's resources by it. */
function platformTags(
  environment: string,
  clusterName: string,
  repository: RepositoryConfig | null,
  project: string,
): Record<string, string> {
  return {
    ManagedBy: "ray-platform",
    Environment: environment,
    Repository: repository === null ? project : `${repository.owner}/${repository.name}`,
    "ray-platform/cluster": clusterName,
  };
}

function resolveRegion(merged: MergedSettings, limits: PolicyLimits, issues: IssueList): string {
  const region = merged.settings.awsRegion ?? "us-east-1";
  const path = merged.path("awsRegion");
  if (checkRegion(region, path, issues) && !limits.terraform.allowed_regions.includes(region)) {
    issues.add(
      path,
      region,
      `the policies allow ${limits.terraform.allowed_regions.join(", ")}`,
      "add it to allowedRegions (with projen new: --allowed-regions)",
    );
  }
  return region;
}
