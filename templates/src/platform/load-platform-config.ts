// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadImageDigests, withImageDigests } from "./image-digests";
import type { PlatformConfig } from "./platform-config";

/**
 * Reads `src/platform/platform.json`, and `image-digests.json` for the images that it knows by their tag only.
 *
 * @param file path of the first; by default the one in the working directory, which is the repository's root
 * @param digestFile path of the second; it need not exist
 * @throws when the file was written by a generator with another format
 */
export function loadPlatformConfig(
  file = join(process.cwd(), "src", "platform", "platform.json"),
  digestFile = join(process.cwd(), "image-digests.json"),
): PlatformConfig {
  const config = JSON.parse(readFileSync(file, "utf8")) as PlatformConfig;
  if (config.schemaVersion !== 1) {
    throw new Error(
      `${file}: schemaVersion is ${JSON.stringify(config.schemaVersion)}, these stacks read 1; run \`npx projen\` to write both again`,
    );
  }
  return withImageDigests(config, loadImageDigests(digestFile), digestFile);
}
