// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { nearestKey } from "../nearest-key";
import type { IssueList } from "../options/option-issues";
import { packageData } from "./package-data";

/** Facts about an AWS region, from data/regions.json. */
export interface Region {
  readonly partition: string;
  /** Zones that offer general-purpose instances. */
  readonly zones: readonly string[];
  /** Zones that offer a GPU family; a family that is absent is not offered. */
  readonly gpuZones: { readonly [family: string]: readonly string[] };
}

/** All known regions by name. */
export function regions(): { readonly [name: string]: Region } {
  return packageData<{ readonly regions: { readonly [name: string]: Region } }>("regions").regions;
}

/** @returns undefined for a region that the data file does not know. */
export function region(name: string): Region | undefined {
  return Object.hasOwn(regions(), name) ? regions()[name] : undefined;
}

/** Adds an issue if the region is given and not known. @returns whether it is known */
export function checkRegion(name: string | undefined, path: string, issues: IssueList): boolean {
  if (name === undefined || region(name) !== undefined) {
    return name !== undefined;
  }
  const partition = otherPartition(name);
  if (partition !== undefined) {
    issues.add(
      path,
      name,
      `is in ${partition}, which ray-platform does not support: it knows neither the zones nor the instance types there`,
      "use a region of the commercial partition, such as us-east-1",
    );
    return false;
  }
  const known = Object.keys(regions());
  const near = nearestKey(name, known);
  issues.add(
    path,
    name,
    "must be an AWS region that ray-platform knows",
    near ? `did you mean ${near}?` : `use one of ${known.join(", ")}`,
  );
  return false;
}

/** Partitions of AWS besides the commercial one, by how their regions begin. */
const OTHER_PARTITIONS: readonly (readonly [prefix: RegExp, partition: string])[] = [
  [/^us-gov-/, "AWS GovCloud (US)"],
  [/^cn-/, "AWS China"],
  [/^(?:us-iso[a-z]*|eu-isoe)-/, "an isolated partition of AWS"],
  [/^eusc-/, "the AWS European Sovereign Cloud"],
];

function otherPartition(region: string): string | undefined {
  return OTHER_PARTITIONS.find(([prefix]) => prefix.test(region))?.[1];
}

/** The first part of every ARN of a region. */
export function partitionOf(name: string): string {
  return name.startsWith("cn-") ? "aws-cn" : name.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
