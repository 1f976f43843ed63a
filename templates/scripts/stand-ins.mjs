// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Fails if a plan would apply what stands for an output that is not deployed yet, and names each.
//
//   node scripts/stand-ins.mjs PLAN.json
import { standIns } from "ray-platform/lib/script-interface.js";
import { logText } from "./log-text.mjs";
import { ofPlans } from "./of-plans.mjs";

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: stand-ins.mjs PLAN.json");
  process.exit(2);
}
const missing = ofPlans([file], standIns);
if (missing.length > 0) {
  console.error(
    `::error::The plan needs what is not deployed yet: ${missing.map(logText).join(", ")}. Apply the stack that makes it first.`,
  );
  process.exit(1);
}
