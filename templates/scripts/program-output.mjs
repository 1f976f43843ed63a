// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { basename } from "node:path";

/** What a program prints. A program that fails says itself what is wrong, and ends the script with 1. */
export function outputOf(program, args) {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  } catch (error) {
    const reason = error.code === "ENOENT" ? "is not on the PATH" : "failed; see its message above";
    console.error(`${basename(process.argv[1])}: ${program} ${reason}.`);
    return process.exit(1);
  }
}
