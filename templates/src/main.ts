// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { App } from "cdktf";
import { extend } from "./extensions";
import { buildPlatform } from "./platform/build-platform";
import { loadPlatformConfig } from "./platform/load-platform-config";
import { writeRayManifests } from "./platform/ray/write-manifests";
import { loadScannerExceptions } from "./platform/scanner-exceptions";
import { writeScannableStacks } from "./platform/write-scannable-stacks";
import { writeTerraformVersion } from "./platform/write-terraform-version";

const config = loadPlatformConfig();
const app = new App();
buildPlatform(app, config, extend);
app.synth();
writeTerraformVersion(app.outdir, config);
writeRayManifests(app.outdir, config);
writeScannableStacks(app, loadScannerExceptions());
