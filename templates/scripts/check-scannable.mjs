// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Says after a synthesis what the jobs that scan would refuse of it: a resource that no scanner would see, or a comment that silences one.
//
//   node scripts/check-scannable.mjs
//
// Ends with 1 if there is something.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { logText } from "./log-text.mjs";
import { isThere, readBytes } from "./read-json.mjs";
import { problemOfScannable } from "./scannable-stacks.mjs";
import { synthesizedStacks } from "./stack-manifest.mjs";
import { DIRECTORY } from "./synthesized-files.mjs";

try {
  // What an earlier synthesis left of stacks that are gone is judged by nobody.
  const paths = Object.keys(synthesizedStacks()).flatMap((name) => [
    `stacks/${name}/cdk.tf.json`,
    ...filesBelow(`scannable/${name}`),
  ]);
  const problem = problemOfScannable(paths.map((path) => [path, readBytes(join(DIRECTORY, path))]));
  if (problem !== undefined) {
    throw new Error(problem);
  }
} catch (error) {
  console.error(logText(`check-scannable.mjs: ${error.message}`));
  process.exitCode = 1;
}

function filesBelow(directory) {
  return isThere(join(DIRECTORY, directory))
    ? readdirSync(join(DIRECTORY, directory)).map((file) => `${directory}/${file}`)
    : [];
}
