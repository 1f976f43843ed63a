// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

/**
 * Parts of bundled packages that Node.js never loads: builds for browsers, and maps to sources that are not there. npm packs
 * a bundled package whole, and everybody would download them.
 */
const UNUSED = [
  "@open-policy-agent/opa-wasm/dist/opa-wasm-browser.esm.js",
  "@open-policy-agent/opa-wasm/dist/opa-wasm-browser.esm.js.map",
  "@open-policy-agent/opa-wasm/dist/opa-wasm-browser.js",
  "@open-policy-agent/opa-wasm/dist/opa-wasm-browser.js.map",
  "@open-policy-agent/opa-wasm/node_modules/yaml/browser",
  "yaml/browser",
];

for (const path of UNUSED) {
  const file = join(ROOT, "node_modules", path);
  if (existsSync(file)) {
    rmSync(file, { recursive: true });
  }
}
