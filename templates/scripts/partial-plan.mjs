// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Fails if a plan of some resources does anything that the plan of all does not. The policies judge whole plans alone.
//
//   node scripts/partial-plan.mjs PART.json WHOLE.json
import { beyondWholePlan, planIn } from "ray-platform/lib/script-interface.js";

const files = process.argv.slice(2);
if (files.length !== 2) {
  console.error("usage: partial-plan.mjs PART.json WHOLE.json");
  process.exit(2);
}
let beyond;
try {
  const [part, whole] = files.map(planIn);
  beyond = beyondWholePlan(part, whole);
} catch (error) {
  console.error(`partial-plan: ${error.message}`);
  process.exit(2);
}
if (beyond.length > 0) {
  console.error(`::error::What would be applied is not what the policies judged: ${beyond.join("; ")}. Plan again.`);
  process.exit(1);
}
