// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { App } from "cdktf";
import { buildPlatform, type PlatformStacks } from "./build-platform";
import { writeExamples } from "./examples/write-examples";
import type { PlatformConfig } from "./platform-config";
import { writeRayManifests } from "./ray/write-manifests";
import { removeStaleOutput } from "./stale-output";
import { writeTerraformVersion } from "./write-terraform-version";

/** Writes everything that a platform synthesizes into the app's output directory: stacks, Ray manifests, chart values. */
export function synthesizePlatform(app: App, config: PlatformConfig, extend: (stacks: PlatformStacks) => void): void {
  const environments = buildPlatform(app, config, extend);
  removeStaleOutput(app.outdir, config);
  app.synth();
  for (const { workloads } of environments) {
    workloads.writeCharts(app.outdir);
  }
  writeTerraformVersion(app.outdir, config);
  writeRayManifests(app.outdir, config);
  writeExamples(app.outdir, config);
}
