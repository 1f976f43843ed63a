// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import { RayAdmission } from "../options/ray-admission";
import type { RayOptions } from "../options/ray-options";
import { RayUpgrade } from "../options/ray-upgrade";
import { WORKLOADS } from "../workloads";
import { Ipv4Cidr } from "./ipv4-cidr";
import type { MergedSettings } from "./merged-settings";
import { checkNumber, checkPattern } from "./patterns";
import type { NodePoolConfig, PolicyLimits, RayConfig, RayEgressConfig } from "./platform-config";
import { resolveAutoscaler } from "./ray-autoscaler";
import { hasTwoClusters, runsTwice } from "./ray-clusters";
import { exampleData, resolveRayData } from "./ray-data";
import { resolveHead } from "./ray-head";
import { type ImagePool, rayData, rayImage } from "./ray-images";
import { checkServeConfig } from "./ray-serve";
import { checkTotals, fitDefaults, totalWorkers } from "./ray-totals";
import { defaultGroups, resolveGroup } from "./ray-worker-groups";
import { checkFitsTwice, checkJobStarts } from "./ray-worker-room";

/** Namespaces of Kubernetes. */
const KUBERNETES_NAMESPACES = /^(?:kube-.*|default)$/;

/** Resolves the Ray cluster of an environment. */
export function resolveRay(
  merged: MergedSettings,
  clusterName: string,
  region: string,
  vpcCidr: string,
  pools: readonly NodePoolConfig[],
  limits: PolicyLimits,
  issues: IssueList,
): RayConfig {
  const options = merged.settings.ray ?? {};
  const at = (field: string) => merged.path("ray", field);
  const version = resolveVersion(options, at, issues);
  checkScalars(options, at, issues);
  const repository = options.imageRepository ?? rayData().image.repository;
  const rayImageOf = (pool: ImagePool) => rayImage(repository, version, pool);
  const groups = options.workerGroups ?? defaultGroups(pools, limits.ray);
  const workerGroups = groups.map((group, index) => {
    const onPool = groups.filter(({ pool }) => (pool ?? "cpu") === (group.pool ?? "cpu")).length;
    return resolveGroup(
      group,
      (field) => at(`workerGroups[${index}].${field}`),
      { pools, limits: limits.ray, rayImageOf, shares: hasTwoClusters(options) ? 2 * onPool : 1 },
      issues,
    );
  });
  const names = workerGroups.map((group) => group.name);
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) {
      issues.add(at(`workerGroups[${index}].name`), name, "names of worker groups are unique", "choose another name");
    }
  });
  const fitted = fitDefaults(workerGroups, groups, limits.ray);
  checkTotals(fitted, limits.ray, at("workerGroups"), issues);
  if (runsTwice(options)) {
    checkFitsTwice(fitted, pools, at("workerGroups"), issues);
  }
  if (options.jobEntrypoint !== undefined) {
    checkJobStarts(fitted, pools, options.autoscaling ?? true, at("workerGroups"), issues);
  }
  const autoscaler = resolveAutoscaler(options, totalWorkers(fitted), at, issues);
  const data = resolveRayData(merged, region, names, issues);

  return {
    namespace: options.namespace ?? "ray",
    clusterName,
    version,
    head: {
      ...resolveHead(merged, pools, limits.ray, { rayImageOf, sidecar: autoscaler }, issues),
      serviceAccount: data.head,
    },
    workerGroups: fitted.map((group, index) => ({ ...group, serviceAccount: data.groups[index] })),
    tokenAuth: options.tokenAuth ?? true,
    autoscaler,
    gcsFaultTolerance:
      options.redisAddress === undefined
        ? null
        : { redisAddress: options.redisAddress, passwordSecret: options.redisPasswordSecret ?? null },
    job: options.jobEntrypoint === undefined ? null : { entrypoint: options.jobEntrypoint },
    service:
      options.serveConfig === undefined
        ? null
        : { config: options.serveConfig, upgrade: runsTwice(options) ? "NewCluster" : "None" },
    admission: options.admission ?? RayAdmission.DENY,
    upgrade: options.upgrade ?? RayUpgrade.REFUSE,
    identities: data.identities,
    exampleData: exampleData(data, fitted),
    registries: (options.registries ?? []).map(({ registry, pullSecret }, index) => {
      checkPattern(registry, "imageRegistry", at(`registries[${index}].registry`), issues);
      checkPattern(pullSecret, "kubernetesName", at(`registries[${index}].pullSecret`), issues);
      return { registry, pullSecret: pullSecret ?? null };
    }),
    egress: resolveEgress(options, vpcCidr, at, issues),
  };
}

/** Whether a namespace belongs to Kubernetes or to another workload of the platform, installed or not. */
function isTakenNamespace(name: string): boolean {
  return KUBERNETES_NAMESPACES.test(name) || WORKLOADS.some(({ namespace }) => namespace.name === name);
}

function resolveVersion(options: RayOptions, at: (field: string) => string, issues: IssueList): string {
  const data = rayData();
  const version = options.version ?? data.default;
  if (checkPattern(version, "rayVersion", at("version"), issues) && !(version in data.versions)) {
    issues.add(
      at("version"),
      version,
      "must be a Ray version that ray-platform knows, and with token authentication at least 2.52.0",
      `use one of ${Object.keys(data.versions).join(", ")}`,
    );
  }
  return version;
}

function resolveEgress(
  options: RayOptions,
  vpcCidr: string,
  at: (field: string) => string,
  issues: IssueList,
): RayEgressConfig[] {
  const given = (options.egress ?? []).map(({ cidr, ports }, index) => {
    if (Ipv4Cidr.parse(cidr) === undefined) {
      issues.add(
        at(`egress[${index}].cidr`),
        cidr,
        "must be an IPv4 range whose address has no bits behind the prefix",
        "write a range such as 10.20.0.0/16",
      );
    }
    (ports ?? []).forEach((port, position) =>
      checkNumber(port, { min: 1, max: 65535 }, at(`egress[${index}].ports[${position}]`), issues),
    );
    if (ports?.length === 0) {
      issues.add(
        at(`egress[${index}].ports`),
        [],
        "an empty list would admit every port",
        "list ports, or remove it for 443",
      );
    }
    return { cidr, ports: ports ?? [443] };
  });
  const redisPort =
    options.redisAddress === undefined ? undefined : Number(/:(\d+)$/.exec(options.redisAddress)?.[1] ?? 6379);
  return redisPort === undefined ? given : [...given, { cidr: vpcCidr, ports: [redisPort] }];
}

function checkScalars(options: RayOptions, at: (field: string) => string, issues: IssueList): void {
  checkPattern(options.imageRepository, "imageRepository", at("imageRepository"), issues);
  checkPattern(options.namespace, "kubernetesName", at("namespace"), issues);
  checkPattern(options.redisAddress, "redisAddress", at("redisAddress"), issues);
  checkPattern(options.redisPasswordSecret, "kubernetesName", at("redisPasswordSecret"), issues);
  checkPattern(options.jobEntrypoint, "plainText", at("jobEntrypoint"), issues);
  checkNumber(options.idleTimeoutSeconds, { min: 60, max: 86400 }, at("idleTimeoutSeconds"), issues);
  if (options.redisPasswordSecret !== undefined && options.redisAddress === undefined) {
    issues.add(
      at("redisPasswordSecret"),
      options.redisPasswordSecret,
      "belongs to redisAddress",
      "add redisAddress, or remove it",
    );
  }
  if (options.namespace !== undefined && isTakenNamespace(options.namespace)) {
    issues.add(
      at("namespace"),
      options.namespace,
      "must be a separate namespace: Pod Security is set on it",
      "use ray",
    );
  }
  if (checkPattern(options.serveConfig, "embeddedText", at("serveConfig"), issues)) {
    checkServeConfig(options.serveConfig, at("serveConfig"), issues);
  }
  if (options.serveConfig !== undefined && options.jobEntrypoint !== undefined) {
    issues.add(
      at("serveConfig"),
      options.serveConfig,
      "not together with jobEntrypoint: they would compete for the same nodes, since an upgrade of the service runs it twice",
      "keep one of the two",
    );
  }
}
