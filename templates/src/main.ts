// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { App } from "cdktf";
import { extend } from "./extensions";
import { trustWarnings } from "./platform/github-oidc-trust";
import { loadPlatformConfig } from "./platform/load-platform-config";
import { loadScannerExceptions } from "./platform/load-scanner-exceptions";
import { resolvePlainValues } from "./platform/resolve-plain-values";
import { skipCreationStacks } from "./platform/skip-creation-stacks";
import { synthesizePlatform } from "./platform/synthesize-platform";
import { writeScannableStacks } from "./platform/write-scannable-stacks";

skipCreationStacks();
resolvePlainValues();
const config = loadPlatformConfig();
const app = new App();
synthesizePlatform(app, config, extend);
writeScannableStacks(app, loadScannerExceptions());
for (const warning of trustWarnings(config)) {
  console.warn(`warning: ${warning}`);
}
