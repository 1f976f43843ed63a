// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import { Ipv4Cidr } from "./ipv4-cidr";
import { LOG_TYPES } from "./limits";
import { checkRetention } from "./log-retention";
import type { MergedSettings } from "./merged-settings";
import { packageData } from "./package-data";
import { checkKmsKey } from "./kms-key";
import { checkPattern } from "./patterns";
import type { AddonConfig, ClusterConfig } from "./platform-config";

interface EksData {
  readonly default: string;
  readonly kubernetesVersions: {
    readonly [version: string]: {
      readonly imageTags: { readonly [key: string]: string };
      readonly addons: { readonly [name: string]: { readonly version: string; readonly wave: AddonConfig["wave"] } };
    };
  };
}

/** Tags of images, by key, that follow from a Kubernetes version: the cluster autoscaler has its minor version. */
export function kubernetesImageTags(version: string): Readonly<Record<string, string>> {
  return packageData<EksData>("eks").kubernetesVersions[version]?.imageTags ?? {};
}

/** What a cluster's resolution needs to know of its environment. */
export interface ClusterContext {
  readonly name: string;
  readonly production: boolean;
  readonly region: string;
  readonly vpcCidr: string;
}

/** Resolves the EKS cluster of an environment. */
export function resolveCluster(
  merged: MergedSettings,
  { name, production, region, vpcCidr }: ClusterContext,
  issues: IssueList,
): ClusterConfig {
  const options = merged.settings.cluster ?? {};
  const at = (field: string) => merged.path("cluster", field);
  const eks = packageData<EksData>("eks");
  const version = merged.settings.kubernetesVersion ?? eks.default;
  const known = Object.hasOwn(eks.kubernetesVersions, version) ? eks.kubernetesVersions[version] : undefined;
  if (known === undefined) {
    const versions = Object.keys(eks.kubernetesVersions).sort();
    issues.add(
      merged.path("kubernetesVersion"),
      version,
      "must be a Kubernetes version whose add-ons are pinned",
      `use one of ${versions.join(", ")}`,
    );
  }
  (options.publicAccessCidrs ?? []).forEach((text, index) => {
    const cidr = Ipv4Cidr.parse(text);
    if (cidr === undefined || cidr.prefix < 8) {
      issues.add(
        at(`publicAccessCidrs[${index}]`),
        text,
        "must be an IPv4 range of /8 or smaller; the endpoint is never open to the world (EKS-02)",
        "list your own ranges, such as 203.0.113.0/24",
      );
    } else if (cidr.isPrivate) {
      issues.add(
        at(`publicAccessCidrs[${index}]`),
        text,
        "must be public: EKS refuses private ranges here, and reaches them over the private endpoint anyway",
        "remove it",
      );
    }
  });
  if (options.publicAccessCidrs?.length === 0) {
    issues.add(
      at("publicAccessCidrs"),
      [],
      "an empty list would mean the whole world to EKS",
      "remove it to have no public endpoint",
    );
  }
  checkServiceCidr(options.serviceCidr, vpcCidr, at("serviceCidr"), issues);
  checkKmsKey(options.kmsKeyArn, region, at("kmsKeyArn"), issues);
  checkPattern(options.permissionsBoundaryArn, "policyArn", at("permissionsBoundaryArn"), issues);
  checkRetention(options.logRetentionDays, at("logRetentionDays"), issues);
  for (const field of ["adminPrincipalArns", "viewerPrincipalArns"] as const) {
    (options[field] ?? []).forEach((arn, index) => checkPattern(arn, "principalArn", at(`${field}[${index}]`), issues));
  }
  const both = (options.adminPrincipalArns ?? []).filter((arn) => options.viewerPrincipalArns?.includes(arn));
  if (both.length > 0) {
    issues.add(
      at("viewerPrincipalArns"),
      both,
      "EKS has one access entry for each principal",
      "list it among administrators or viewers",
    );
  }

  return {
    name,
    version,
    publicAccessCidrs: options.publicAccessCidrs ?? [],
    logTypes: LOG_TYPES,
    logRetentionDays: options.logRetentionDays ?? 365,
    kmsKeyArn: options.kmsKeyArn ?? null,
    serviceCidr: options.serviceCidr ?? null,
    deletionProtection: options.deletionProtection ?? production,
    adminPrincipalArns: options.adminPrincipalArns ?? [],
    viewerPrincipalArns: options.viewerPrincipalArns ?? [],
    permissionsBoundaryArn: options.permissionsBoundaryArn ?? null,
    addons: Object.entries(known?.addons ?? {}).map(([addon, { version: pinned, wave }]) => ({
      name: addon,
      version: pinned,
      wave,
    })),
  };
}

function checkServiceCidr(text: string | undefined, vpcCidr: string, path: string, issues: IssueList): void {
  if (text === undefined) {
    return;
  }
  const range = Ipv4Cidr.parse(text);
  if (range === undefined || !range.isPrivate || range.prefix < 12 || range.prefix > 24) {
    issues.add(path, text, "must be an RFC 1918 range from /12 to /24 (EKS)", "choose a range such as 172.20.0.0/16");
  } else if (Ipv4Cidr.parse(vpcCidr)?.overlaps(range)) {
    issues.add(path, text, `must not overlap the VPC's range ${vpcCidr}`, "choose a range such as 172.20.0.0/16");
  }
}
