// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Initializes a synthesized stack with the providers that .terraform.lock.hcl pins, and no others where it pins all of them.
//
//   TF=terraform node scripts/init-stack.mjs STACK [OPTION of init...]
//
// Ends as Terraform or OpenTofu does, and with 2 for wrong usage.
import { spawnSync } from "node:child_process";
import { initArguments, stackDirectory } from "./provider-locks.mjs";
import { isThere } from "./read-json.mjs";

const USAGE = "usage: TF=terraform node scripts/init-stack.mjs STACK [OPTION of init...], after npx projen synth";

const [stack, ...options] = process.argv.slice(2);
if (stack === "--help" || stack === "-h") {
  console.log(USAGE);
  process.exit(0);
}
if (stack === undefined || stack.startsWith("-") || !isThere(stackDirectory(stack))) {
  console.error(USAGE);
  process.exit(2);
}
try {
  const program = process.env.TF || "terraform";
  const { status, error } = spawnSync(program, [...initArguments(stack, program), ...options], { stdio: "inherit" });
  if (error !== undefined) {
    throw error;
  }
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(`init-stack.mjs: ${error.message}`);
  process.exitCode = 1;
}
