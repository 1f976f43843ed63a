// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Events that the node termination handler acts on, by the last part of their rule's name. */
export const interruptionEvents = [
  "asg-terminate",
  "spot-interruption",
  "rebalance",
  "state-change",
  "scheduled-change",
] as const;

export type InterruptionEvent = (typeof interruptionEvents)[number];

/** Name of an event's rule. EventBridge takes 64 characters, and the cluster's name may have 40. */
export function interruptionRuleName(clusterName: string, event: InterruptionEvent): string {
  return `${clusterName}-nth-${event}`;
}

/** Names of all rules. */
export function interruptionRuleNames(clusterName: string): string[] {
  return interruptionEvents.map((event) => interruptionRuleName(clusterName, event));
}

/** Names of the queue and of its dead-letter queue. */
export function interruptionQueueNames(clusterName: string): [queue: string, deadLetters: string] {
  return [`${clusterName}-interruption`, `${clusterName}-interruption-dlq`];
}
