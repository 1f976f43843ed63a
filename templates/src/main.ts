// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { App } from "cdktf";
import { extend } from "./extensions";
import { buildPlatform } from "./platform/build-platform";
import { clusterWarnings } from "./platform/cluster/validation";
import { loadPlatformConfig } from "./platform/load-platform-config";
import { writeRayManifests } from "./platform/ray/write-manifests";
import { removeStaleOutput } from "./platform/stale-output";

const config = loadPlatformConfig();
const app = new App();
buildPlatform(app, config, extend);
removeStaleOutput(app.outdir, config);
app.synth();
writeRayManifests(app.outdir, config);
for (const warning of config.environments.flatMap(clusterWarnings)) {
  console.warn(`warning: ${warning}`);
}
