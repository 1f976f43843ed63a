// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlatformConfig } from "./platform-config";

/**
 * Reads `src/platform/platform.json`.
 *
 * @param file path of the file; by default the one in the working directory, which is the repository's root
 * @throws when the file was written by a generator with another format
 */
export function loadPlatformConfig(file = join(process.cwd(), "src", "platform", "platform.json")): PlatformConfig {
  const config = JSON.parse(readFileSync(file, "utf8")) as PlatformConfig;
  if (config.schemaVersion !== 1) {
    throw new Error(
      `${file}: schemaVersion is ${JSON.stringify(config.schemaVersion)}, these stacks read 1; run \`npx projen\` to write both anew`,
    );
  }
  return config;
}
