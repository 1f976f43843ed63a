// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { core } from "../core.js";
import { UserError } from "../user-error.js";

/** The options of a repository that left generation. @param {string} cwd */
export function ejectedProjenrc(cwd) {
  const file = join(cwd, ".projenrc.ts.bak");
  const text = existsSync(file) && !existsSync(join(cwd, ".projenrc.ts")) ? core.readText(file) : "";
  return text.includes("RayPlatformProject") ? text : undefined;
}

/** A projenrc that releases these files. @param {string} projenrc @param {readonly string[]} release */
export function withReleases(projenrc, release) {
  if (release.length === 0) {
    return projenrc;
  }
  const opened = /new RayPlatformProject\(\{\n?/;
  if (!opened.test(projenrc) || /^\s*release:/m.test(projenrc)) {
    throw new UserError(`add to "release" in the projenrc by hand, and start again: ${release.join(", ")}`);
  }
  return projenrc.replace(opened, (start) => `${start}  release: ${JSON.stringify(release)},\n`);
}
