// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** First part of what stands for an output that is not deployed; the stacks write it (`stack-outputs.ts`). */
const AWAITED = "awaits-deployment-of-";

/** What a plan would apply that stands for something not deployed yet: `dev-network-node_subnet_ids-eu-west-1c`. */
export function standIns(plan: { readonly resource_changes?: readonly unknown[] }): string[] {
  const planned = (plan.resource_changes ?? []).map(
    (resource) => (resource as { change?: { after?: unknown } }).change?.after,
  );
  const text = JSON.stringify(planned);
  return [
    ...new Set([...text.matchAll(new RegExp(`${AWAITED}([\\w.-]+)`, "g"))].map(([, name]) => name as string)),
  ].sort();
}
