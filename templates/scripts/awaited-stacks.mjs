// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Prints the stacks that a stack reads and that are not deployed yet, one a line. It cannot be planned before they are.
//
//   node scripts/awaited-stacks.mjs STACK
import { outputOf } from "./program-output.mjs";
import { initArguments } from "./provider-locks.mjs";
import { parseJson } from "./read-json.mjs";
import { synthesizedStacks } from "./stack-manifest.mjs";

const [stack] = process.argv.slice(2);
const stacks = synthesizedStacks();
if (!Object.hasOwn(stacks, stack ?? "")) {
  console.error(`usage: awaited-stacks.mjs STACK, one of ${Object.keys(stacks).join(", ")}`);
  process.exit(2);
}
for (const dependency of stacks[stack].dependencies) {
  outputOf("terraform", [...initArguments(dependency, "terraform"), "-no-color"]);
  const outputs = outputOf("terraform", [`-chdir=cdktf.out/stacks/${dependency}`, "output", "-json", "-no-color"]);
  // Every stack that is read has outputs, whatever the options are; a state without any is not deployed.
  if (Object.keys(parseJson(outputs)).length === 0) {
    console.log(dependency);
  }
}
