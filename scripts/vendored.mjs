// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** The packages of which vendor/ has one file each, by name: that file, without its ending, and where they begin. */
export const VENDORED = {
  "@open-policy-agent/opa-wasm": { file: "opa-wasm", entry: "src/opa.js" },
  mustache: { file: "mustache", entry: "mustache.js" },
  sucrase: { file: "sucrase", entry: "dist/index.js" },
  yaml: { file: "yaml", entry: "dist/index.js" },
};
