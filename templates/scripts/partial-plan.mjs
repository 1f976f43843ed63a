// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Fails if a plan of some resources does anything that the plan of all does not. The policies judge whole plans alone.
//
//   node scripts/partial-plan.mjs PART.json WHOLE.json
import { beyondWholePlan } from "ray-platform/lib/script-interface.js";
import { logText } from "./log-text.mjs";
import { ofPlans } from "./of-plans.mjs";

const files = process.argv.slice(2);
if (files.length !== 2) {
  console.error("usage: partial-plan.mjs PART.json WHOLE.json");
  process.exit(2);
}
const beyond = ofPlans(files, beyondWholePlan);
if (beyond.length > 0) {
  console.error(
    `::error::What would be applied is not what the policies judged: ${beyond.map(logText).join("; ")}. Plan again.`,
  );
  process.exit(1);
}
