// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

/**
 * Parts of bundled packages that this package never loads: builds for browsers and other loaders, declarations that no
 * compiler of ours reads, maps to sources that are not there, changelogs. npm packs a bundled package whole, and everybody
 * would download them. Licenses stay.
 */
const UNUSED = [
  "@open-policy-agent/opa-wasm/README.md",
  "@open-policy-agent/opa-wasm/capabilities.json",
  "@open-policy-agent/opa-wasm/dist/opa-wasm-browser.esm.js",
  "@open-policy-agent/opa-wasm/dist/opa-wasm-browser.esm.js.map",
  "@open-policy-agent/opa-wasm/dist/opa-wasm-browser.js",
  "@open-policy-agent/opa-wasm/dist/opa-wasm-browser.js.map",
  "@open-policy-agent/opa-wasm/node_modules/yaml/browser",
  "@open-policy-agent/opa-wasm/node_modules/yaml/README.md",
  ...["index", "parse-cst", "types", "util"].map(
    (name) => `@open-policy-agent/opa-wasm/node_modules/yaml/${name}.d.ts`,
  ),
  ...["types", "util"].map((name) => `@open-policy-agent/opa-wasm/node_modules/yaml/${name}.mjs`),
  "@open-policy-agent/opa-wasm/node_modules/yaml/dist/test-events.js",
  "jiti/README.md",
  "jiti/dist/babel.cjs", // src/cli/transpile.ts does that
  ...["cli", "hooks", "native", "register", "static"].map((name) => `jiti/lib/jiti-${name}.mjs`),
  "jiti/lib/jiti-register.d.mts",
  "mustache/CHANGELOG.md",
  "mustache/README.md",
  "mustache/mustache.min.js",
  "mustache/mustache.mjs",
  "mustache/wrappers",
  "sprintf-js/README.md",
  "sprintf-js/dist",
  "yaml/README.md",
  "yaml/browser",
];

for (const path of UNUSED) {
  const file = join(ROOT, "node_modules", path);
  if (existsSync(file)) {
    rmSync(file, { recursive: true });
  }
}

/** Directories whose declarations the compiler here reads, and nobody's who installs the package. */
for (const path of ["jiti/lib", "yaml/dist"]) {
  writeFileSync(join(ROOT, "node_modules", path, ".npmignore"), "*.d.ts\n*.d.cts\n*.d.mts\n");
}
