// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { basename } from "node:path";
import { planIn } from "ray-platform/lib/script-interface.js";
import { logText } from "./log-text.mjs";

/** What is found in Terraform plans in JSON files. What is no plan ends the script with 2 and a line that says so. */
export function ofPlans(files, find) {
  try {
    return find(...files.map((file) => planIn(file)));
  } catch (error) {
    console.error(`${basename(process.argv[1], ".mjs")}: ${logText(error.message)}`);
    return process.exit(2);
  }
}
