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
