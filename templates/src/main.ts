// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { App } from "cdktf";
import { extend } from "./extensions";
import { clusterWarnings } from "./platform/cluster/validation";
import { loadPlatformConfig } from "./platform/load-platform-config";
import { synthesizePlatform } from "./platform/synthesize-platform";

const config = loadPlatformConfig();
synthesizePlatform(new App(), config, extend);
for (const warning of config.environments.flatMap(clusterWarnings)) {
  console.warn(`warning: ${warning}`);
}
