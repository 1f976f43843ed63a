// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Prints the stacks that a stack reads and that are not deployed yet, one a line. It cannot be planned before they are.
//
//   node scripts/awaited-stacks.mjs STACK
import { execFileSync } from "node:child_process";
import { initArguments } from "./provider-locks.mjs";
import { parseJson, readObject } from "./read-json.mjs";

const [stack] = process.argv.slice(2);
const { stacks } = readObject("cdktf.out/manifest.json");
if (!Object.hasOwn(stacks, stack ?? "")) {
  console.error(`usage: awaited-stacks.mjs STACK, one of ${Object.keys(stacks).join(", ")}`);
  process.exit(2);
}
for (const dependency of stacks[stack].dependencies) {
  const terraform = (...args) =>
    execFileSync("terraform", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  terraform(...initArguments(dependency, "terraform"), "-no-color");
  const outputs = terraform(`-chdir=cdktf.out/stacks/${dependency}`, "output", "-json", "-no-color");
  // Every stack that is read has outputs, whatever the options are; a state without any is not deployed.
  if (Object.keys(parseJson(outputs)).length === 0) {
    console.log(dependency);
  }
}
