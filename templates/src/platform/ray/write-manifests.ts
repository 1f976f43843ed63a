// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlatformConfig } from "../platform-config";
import { registryPrefix } from "../workloads/images";
import { rayChartValues } from "./ray-chart-values";

/**
 * Writes what the policies judge and Helm can render offline: for each environment `<env>-ray.json`, a List of its Ray
 * resources, and `<env>-ray-values.json`, the values of `helm/ray`.
 *
 * @param outdir directory that stacks are synthesized to; the files go to `manifests` in it
 */
export function writeRayManifests(outdir: string, platform: PlatformConfig): void {
  const directory = join(outdir, "manifests");
  mkdirSync(directory, { recursive: true });
  for (const environment of platform.environments) {
    // Where the options name no account, only Terraform knows it; the images' host then stands here without a number.
    const values = rayChartValues(environment, registryPrefix(environment, environment.accountId ?? "account"));
    const items = [values.rayCluster, values.rayService, values.rayJob].filter((manifest) => manifest !== null);
    write(join(directory, `${environment.name}-ray.json`), { apiVersion: "v1", kind: "List", items });
    write(join(directory, `${environment.name}-ray-values.json`), values);
  }
}

function write(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
