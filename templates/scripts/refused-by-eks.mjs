// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Fails on a plan that Terraform makes and EKS refuses: it would stop a deployment halfway, after the stacks before it.
//
//   node scripts/refused-by-eks.mjs STACK PLAN.json
//
// Exit codes: 0 EKS takes it, 1 it does not, 2 wrong usage or no plan.
import { refusedByEks } from "ray-platform/lib/script-interface.js";
import { logText } from "./log-text.mjs";
import { ofPlans } from "./of-plans.mjs";

const [stack, file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: refused-by-eks.mjs STACK PLAN.json");
  process.exit(2);
}
const refused = ofPlans([file], refusedByEks);
for (const sentence of refused) {
  console.error(`::error::EKS will refuse the plan of ${logText(stack)}: ${logText(sentence)}.`);
}
process.exitCode = refused.length > 0 ? 1 : 0;
