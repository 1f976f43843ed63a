// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject, objectOf } from "../json-object";
import { listAt, objectAt } from "../policy/json";
import { resourceBlocks } from "../policy/resource-blocks";
import { hasExpression } from "../policy/terraform-expressions";

/**
 * A stack as its plan says that it will be: the resources that the plan keeps or makes, each literal with the plan's value.
 * What the synthesized stack writes as an expression stays one, because it says what it refers to, and a plan may not.
 *
 * @param synthesized the stack's `cdk.tf.json`; an empty object where there is none
 * @param plan what `terraform show -json` prints
 */
export function plannedStack(synthesized: JsonObject, plan: JsonObject): JsonObject {
  const written = new Map(resourceBlocks(synthesized).map(({ type, name, body }) => [`${type}.${name}`, body]));
  const resource: Record<string, Record<string, JsonObject>> = {};
  for (const change of [...listAt(plan, "resource_changes"), ...listAt(plan, "deferred_changes").map(deferred)]) {
    const { mode, type, name } = objectOf(change);
    const after = objectAt(objectAt(change, "change"), "after");
    const actions = listAt(objectAt(change, "change"), "actions");
    if (mode === "data" || typeof type !== "string" || typeof name !== "string") {
      continue;
    }
    if (actions.length === 1 && (actions[0] === "delete" || actions[0] === "forget")) {
      continue;
    }
    const body = written.get(`${type}.${name}`);
    resource[type] = { ...resource[type], [name]: body === undefined ? after : withPlanned(body, after) };
  }
  return { ...synthesized, resource };
}

function deferred(entry: unknown): unknown {
  return objectAt(entry, "resource_change");
}

function withPlanned(body: JsonObject, after: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => {
      const planned = after[key];
      return [key, planned === undefined || planned === null || holdsExpression(value) ? value : planned];
    }),
  );
}

function holdsExpression(value: unknown): boolean {
  if (typeof value === "string") {
    return hasExpression(value);
  }
  return Array.isArray(value)
    ? value.some(holdsExpression)
    : isObject(value) && Object.values(value).some(holdsExpression);
}
