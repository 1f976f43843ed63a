// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { EnvironmentOptions } from "../options/environment-options";
import type { IssueList } from "../options/option-issues";
import { nearestKey } from "../options/nearest-key";
import type { RayPlatformProjectOptions } from "../options/ray-platform-project-options";
import { clusterAutoscalerTag, resolveCluster } from "./cluster";
import { resolveImages } from "./images";
import { MergedSettings } from "./merged-settings";
import { resolveNetwork } from "./network";
import { resolveNodePools } from "./node-pools";
import { packageData } from "./package-data";
import { checkPattern } from "./patterns";
import type { EnvironmentConfig, PolicyLimits, RepositoryConfig, StateConfig } from "./platform-config";
import { resolveRay } from "./ray";
import { resolveWorkloads } from "./workloads";

/** What an environment's resolution needs to know of the whole. */
export interface EnvironmentContext {
  readonly project: RayPlatformProjectOptions;
  readonly repository: RepositoryConfig | null;
  readonly limits: PolicyLimits;
  /** ARN of the provider that an earlier environment of the same account makes; null if there is none. */
  readonly sharedOidcProviderArn: (accountId: string | undefined) => string | null;
}

/** Resolves one environment. */
export function resolveEnvironment(environment: EnvironmentOptions, path: string, context: EnvironmentContext, issues: IssueList): EnvironmentConfig {
  const { project, repository, limits } = context;
  const merged = new MergedSettings(project, environment, path);
  const { settings } = merged;
  checkPattern(environment.name, "environmentName", path === "" ? "environmentNames" : `${path}.name`, issues);
  checkPattern(environment.githubEnvironment, "githubRepository", `${path}.githubEnvironment`, issues);
  checkPattern(settings.awsAccountId, "accountId", merged.path("awsAccountId"), issues);
  checkPattern(settings.githubOidcProviderArn, "oidcProviderArn", merged.path("githubOidcProviderArn"), issues);
  checkPattern(settings.backupBucket, "bucket", merged.path("backupBucket"), issues);

  const region = resolveRegion(merged, limits, issues);
  const production = environment.production ?? ["prod", "production"].includes(environment.name);
  const clusterName = environment.clusterName ?? `${project.clusterName ?? project.name}-${environment.name}`;
  checkPattern(clusterName, "clusterName", environment.clusterName === undefined ? "clusterName" : `${path}.clusterName`, issues);
  const network = resolveNetwork(merged, region, issues);
  const pools = resolveNodePools(merged, network.availabilityZones, region, limits, issues);
  const ray = resolveRay(merged, clusterName, network.vpcCidr, pools, limits, issues);
  const workloads = resolveWorkloads(settings, pools);
  const cluster = resolveCluster(merged, clusterName, production, network.vpcCidr, issues);

  return {
    name: environment.name,
    production,
    region,
    accountId: settings.awsAccountId ?? null,
    tags: resolveTags(merged, environment.name, repository, project.name, limits, issues),
    state: resolveState(merged, environment.name, project, region, issues),
    network,
    cluster,
    pools,
    deployment: {
      githubOidc: repository !== null,
      oidcProviderArn: settings.githubOidcProviderArn ?? context.sharedOidcProviderArn(settings.awsAccountId),
      githubEnvironment: environment.githubEnvironment ?? environment.name,
      planRoleName: `${clusterName}-plan`,
      applyRoleName: `${clusterName}-apply`,
      driftRoleName: `${clusterName}-drift`,
    },
    images: resolveImages(merged, project.name, workloads, ray, clusterAutoscalerTag(cluster.version), issues),
    workloads,
    ray,
  };
}

function resolveRegion(merged: MergedSettings, limits: PolicyLimits, issues: IssueList): string {
  const region = merged.settings.awsRegion ?? "us-east-1";
  const known = Object.keys(packageData<{ readonly regions: object }>("regions").regions);
  if (!known.includes(region)) {
    const near = nearestKey(region, known);
    issues.add(merged.path("awsRegion"), region, "must be an AWS region that data/regions.json knows", near ? `did you mean ${near}?` : `use one of ${known.join(", ")}`);
  } else if (!limits.terraform.allowed_regions.includes(region)) {
    issues.add(merged.path("awsRegion"), region, `the policies allow ${limits.terraform.allowed_regions.join(", ")}`, "add it to allowedRegions (with projen new: --allowed-regions)");
  }
  return region;
}

function resolveTags(merged: MergedSettings, environment: string, repository: RepositoryConfig | null, project: string, limits: PolicyLimits, issues: IssueList): Record<string, string> {
  const own = merged.settings.tags ?? {};
  const fixed: Record<string, string> = {
    ManagedBy: "ray-platform",
    Environment: environment,
    Repository: repository === null ? project : `${repository.owner}/${repository.name}`,
  };
  for (const [key, value] of Object.entries(own)) {
    checkPattern(key, "tagKey", merged.path("tags", key), issues);
    checkPattern(value, "tagValue", merged.path("tags", key), issues);
    if (key in fixed) {
      issues.add(merged.path("tags", key), value, `${key} is set by the platform`, "remove it");
    }
  }
  const tags = { ...own, ...fixed };
  for (const tag of limits.terraform.required_tags.filter((name) => !(name in tags))) {
    issues.add("policyLimits.requiredTags", tag, "every required tag is set", `add tags.${tag}`);
  }
  return tags;
}

function resolveState(merged: MergedSettings, environment: string, project: RayPlatformProjectOptions, region: string, issues: IssueList): StateConfig {
  const options = merged.settings.state ?? {};
  checkPattern(options.bucket, "bucket", merged.path("state", "bucket"), issues);
  const parts = [project.githubOwner?.toLowerCase(), project.name, environment, "tfstate", merged.settings.awsAccountId];
  const bucket = options.bucket ?? parts.filter((part) => part !== undefined).join("-");
  if (options.bucket === undefined) {
    checkPattern(bucket, "bucket", merged.path("state", "bucket"), issues);
  }
  return { bucket, kmsKeyAlias: `${project.name}-${environment}-tfstate`, region: options.region ?? region };
}
