// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlatformConfig } from "../platform-config";
import { registryPrefix } from "../workloads/images";
import { rayChartValues } from "./ray-chart-values";

/**
 * Writes what the policies judge and Helm can render offline: for each environment `manifests/<env>-ray.json`, a List of
 * its Ray resources, and `values/<env>-ray.json`, the values of `helm/ray`.
 *
 * @param outdir directory that stacks are synthesized to
 */
export function writeRayManifests(outdir: string, platform: PlatformConfig): void {
  for (const environment of platform.environments) {
    // Where the options name no account, only Terraform knows it; the images' host then stands here without a number.
    const accountId = environment.accountId ?? "account";
    const values = rayChartValues(environment, registryPrefix(environment, accountId), accountId);
    const items = [values.rayCluster, values.rayService, values.rayJob].filter((manifest) => manifest !== null);
    write(outdir, "manifests", environment.name, { apiVersion: "v1", kind: "List", items });
    write(outdir, "values", environment.name, values);
  }
}

function write(outdir: string, kind: string, environment: string, value: unknown): void {
  mkdirSync(join(outdir, kind), { recursive: true });
  writeFileSync(join(outdir, kind, `${environment}-ray.json`), `${JSON.stringify(value, null, 2)}\n`);
}
