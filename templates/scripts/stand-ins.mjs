// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Fails if a plan would apply what stands for an output that is not deployed yet, and names each.
//
//   node scripts/stand-ins.mjs PLAN.json
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** First part of what stands for an output that is not deployed; `src/platform/stack-outputs.ts` writes it. */
const AWAITED = /awaits-deployment-of-([\w.-]+)/g;

/** What a plan waits for: `dev-network-node_subnet_ids-eu-west-1c`. */
export function standIns(plan) {
  const planned = JSON.stringify((plan.resource_changes ?? []).map(({ change }) => change.after));
  return [...new Set([...planned.matchAll(AWAITED)].map(([, name]) => name))].sort();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    console.error("usage: stand-ins.mjs PLAN.json");
    process.exit(2);
  }
  const missing = standIns(JSON.parse(readFileSync(file, "utf8")));
  if (missing.length > 0) {
    console.error(
      `::error::The plan needs what is not deployed yet: ${missing.join(", ")}. Apply the stack that makes it first.`,
    );
    process.exit(1);
  }
}
