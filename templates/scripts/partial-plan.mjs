// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Fails if a plan of some resources does anything that the plan of all does not. The policies judge whole plans alone.
//
//   node scripts/partial-plan.mjs PART.json WHOLE.json
import { beyondWholePlan } from "ray-platform/lib/rehearsal/partial-plan.js";
import { planIn } from "ray-platform/lib/rehearsal/plan-file.js";

const files = process.argv.slice(2);
if (files.length !== 2) {
  console.error("usage: partial-plan.mjs PART.json WHOLE.json");
  process.exit(2);
}
const plans = files.map(planIn);
if (plans.includes(undefined)) {
  console.error(`partial-plan: ${files[plans.indexOf(undefined)]} is not a Terraform plan in JSON`);
  process.exit(2);
}
const [part, whole] = plans;
const beyond = beyondWholePlan(part, whole);
if (beyond.length > 0) {
  console.error(`::error::What would be applied is not what the policies judged: ${beyond.join("; ")}. Plan again.`);
  process.exit(1);
}
