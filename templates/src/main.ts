// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { App } from "cdktf";
import { extend } from "./extensions";
import { clusterWarnings } from "./platform/cluster/validation";
import { loadPlatformConfig } from "./platform/load-platform-config";
import { loadScannerExceptions } from "./platform/load-scanner-exceptions";
import { skipCreationStacks } from "./platform/skip-creation-stacks";
import { synthesizePlatform } from "./platform/synthesize-platform";
import { writeScannableStacks } from "./platform/write-scannable-stacks";

skipCreationStacks();
const config = loadPlatformConfig();
const app = new App();
synthesizePlatform(app, config, extend);
writeScannableStacks(app, loadScannerExceptions());
for (const warning of config.environments.flatMap(clusterWarnings)) {
  console.warn(`warning: ${warning}`);
}
