// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { rmSync } from "node:fs";
import { App } from "cdktf";
import { extend } from "./extensions";
import { buildPlatform } from "./platform/build-platform";
import { loadPlatformConfig } from "./platform/load-platform-config";
import { writeRayManifests } from "./platform/ray/write-manifests";
import { writeTerraformVersion } from "./platform/write-terraform-version";

const config = loadPlatformConfig();
const app = new App();
// A stack that is no longer in the configuration must not be judged or deployed.
rmSync(app.outdir, { recursive: true, force: true });
buildPlatform(app, config, extend);
app.synth();
writeTerraformVersion(app.outdir, config);
writeRayManifests(app.outdir, config);
