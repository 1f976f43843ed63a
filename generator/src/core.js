// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "./user-error.js";

const OWN = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** Root of the ray-platform package of this generator's version. */
export const CORE_ROOT = findCore();

/** The one way from the generator to the core. @type {typeof import("../../lib/generator-interface.js")} */
export const core = createRequire(import.meta.url)(join(CORE_ROOT, "lib", "generator-interface.js"));

/** The core's command. */
export const CORE_COMMAND = join(CORE_ROOT, "bin", "ray-platform");

/** Beside the generator when both are installed; around it in the project's own repository. */
function findCore() {
  for (const candidate of [resolveInstalled(), join(dirname(fileURLToPath(import.meta.url)), "..", "..")]) {
    const manifest = candidate === undefined ? undefined : join(candidate, "package.json");
    if (manifest !== undefined && existsSync(manifest)) {
      const { name, version } = JSON.parse(readFileSync(manifest, "utf8"));
      if (name === "ray-platform" && version === OWN.version) {
        return /** @type {string} */ (candidate);
      }
    }
  }
  throw new UserError(
    `ray-platform ${OWN.version} is not installed with generator-ray-platform; run: npx generator-ray-platform@${OWN.version}`,
  );
}

function resolveInstalled() {
  try {
    return dirname(createRequire(import.meta.url).resolve("ray-platform/package.json"));
  } catch {
    return undefined;
  }
}
