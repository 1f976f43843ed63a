// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Fails if a plan would apply what stands for an output that is not deployed yet, and names each.
//
//   node scripts/stand-ins.mjs PLAN.json
import { readFileSync } from "node:fs";
import { parseJson } from "ray-platform/lib/json-object.js";
import { standIns } from "ray-platform/lib/rehearsal/stand-ins.js";

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: stand-ins.mjs PLAN.json");
  process.exit(2);
}
const missing = standIns(planIn(file));
if (missing.length > 0) {
  console.error(
    `::error::The plan needs what is not deployed yet: ${missing.join(", ")}. Apply the stack that makes it first.`,
  );
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
  console.error(`stand-ins: ${file} is not a Terraform plan in JSON`);
  process.exit(2);
}
