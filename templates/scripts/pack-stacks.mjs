// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Puts what was synthesized into one file for the jobs that judge and plan it, and tells GitHub its digest, as the output `digest`.
//
//   node scripts/pack-stacks.mjs FILE
//
// Ends with 1 if there is something that no synthesis writes, and with 2 for wrong usage.
import { createHash } from "node:crypto";
import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logText } from "./log-text.mjs";
import { readBytes } from "./read-json.mjs";
import { DIRECTORY, FORMAT, isHandedOver, problemOfFiles } from "./synthesized-files.mjs";

const [file, ...rest] = process.argv.slice(2);
if (file === undefined || rest.length > 0) {
  console.error("usage: node scripts/pack-stacks.mjs FILE, after the stacks were synthesized");
  process.exit(2);
}
try {
  const files = filesBelow("").map((path) => ({ path, content: readBytes(join(DIRECTORY, path)) }));
  const problem = problemOfFiles(files.map(({ path, content }) => ({ path, size: content.length, content })));
  if (problem !== undefined) {
    throw new Error(`${DIRECTORY}: ${problem}`);
  }
  const contents = Object.fromEntries(files.map(({ path, content }) => [path, content.toString("base64")]));
  const packed = JSON.stringify({ format: FORMAT, files: contents });
  writeFileSync(file, packed);
  const digest = createHash("sha256").update(packed).digest("hex");
  if (process.env.GITHUB_OUTPUT) {
    appendFileSync(process.env.GITHUB_OUTPUT, `digest=${digest}\n`);
  }
  console.log(`${files.length} files, SHA-256 ${digest}`);
} catch (error) {
  console.error(logText(`pack-stacks.mjs: ${error.message}`));
  process.exitCode = 1;
}

function filesBelow(directory) {
  const entries = readdirSync(join(DIRECTORY, directory), { withFileTypes: true });
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory()) {
        return filesBelow(path);
      }
      if (!entry.isFile()) {
        throw new Error(`${JSON.stringify(path)} is neither a file nor a directory`);
      }
      return isHandedOver(path) ? [path] : [];
    });
}
