// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Fails if a plan of some resources does anything that the plan of all does not. The policies judge whole plans alone.
//
//   node scripts/partial-plan.mjs PART.json WHOLE.json
import { readFileSync } from "node:fs";
import { parseJson } from "ray-platform/lib/json-object.js";
import { beyondWholePlan } from "ray-platform/lib/rehearsal/partial-plan.js";

const files = process.argv.slice(2);
if (files.length !== 2) {
  console.error("usage: partial-plan.mjs PART.json WHOLE.json");
  process.exit(2);
}
const [part, whole] = files.map(planIn);
const beyond = beyondWholePlan(part, whole);
if (beyond.length > 0) {
  console.error(`::error::What would be applied is not what the policies judged: ${beyond.join("; ")}. Plan again.`);
  process.exit(1);
}

/** @returns what the file holds; one that is no plan ends the script */
function planIn(file) {
  try {
    const plan = parseJson(readFileSync(file, "utf8"));
    if (typeof plan === "object" && plan !== null) {
      return plan;
    }
  } catch {
    // Not JSON, and so not a plan either.
  }
  console.error(`partial-plan: ${file} is not a Terraform plan in JSON`);
  process.exit(2);
}
