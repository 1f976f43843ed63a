// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { core } from "../core.js";

/** The module whose function `extend` the platform calls. */
export const EXTENSIONS = "src/extensions.ts";

/** A module of that name without that function. @param {string} cwd */
export function foreignExtensions(cwd) {
  const file = join(cwd, EXTENSIONS);
  const hasExtend = /export\s+(?:(?:async\s+)?function|const|let)\s+extend\b|export\s*\{[^}]*\bextend\b/;
  return existsSync(file) && !hasExtend.test(core.readText(file)) ? [EXTENSIONS] : [];
}
