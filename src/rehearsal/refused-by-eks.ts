// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { PlanDocument, PlannedChange } from "./deployment-order";

/**
 * What EKS refuses in a plan that Terraform makes all the same: without this, it would come out when the change is merged and
 * half deployed.
 *
 * @returns sentences, which say nothing of the plan but addresses and Kubernetes versions
 */
export function refusedByEks(plan: PlanDocument): string[] {
  return (plan.resource_changes ?? [])
    .filter(({ address }) => /^(?:module\.[\w-]+\.)*aws_eks_cluster\./.test(address))
    .flatMap((cluster) => [...upgrade(cluster), ...replacement(cluster)]);
}

function upgrade({ address, change }: PlannedChange): string[] {
  const [from, to] = [minorOf(change.before), minorOf(change.after)];
  if (from === undefined || to === undefined || isReplaced(change.actions) || to === from || to === from + 1) {
    return [];
  }
  const rule = to < from ? "never goes back" : "goes one minor version at a time";
  const fix = to < from ? `1.${from} again` : `1.${from + 1} first`;
  return [`${address} goes from Kubernetes 1.${from} to 1.${to}, and EKS ${rule}: set ${fix}`];
}

/** Dependents that are made before they are destroyed make the cluster do so too, and its name is taken. */
function replacement({ address, change }: PlannedChange): string[] {
  const [before, after] = [change.before, change.after].map((value) => (value as { name?: unknown } | null)?.name);
  return change.actions[0] === "create" && isReplaced(change.actions) && before === after
    ? [
        `${address} is replaced, and EKS creates no second cluster with the same name: undo what replaces it, or destroy it first`,
      ]
    : [];
}

function isReplaced(actions: readonly string[]): boolean {
  return actions.includes("create") && actions.includes("delete");
}

function minorOf(cluster: unknown): number | undefined {
  const minor = /^1\.(\d{1,2})$/.exec(String((cluster as { version?: unknown } | null)?.version))?.[1];
  return minor === undefined ? undefined : Number(minor);
}
