// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { partitionOf } from "../partition";
import type { WorkloadStatementConfig } from "../platform-config";
import type { PolicyStatement } from "../policy-document";

/** What the placeholders in a workload's statements stand for. */
export interface StatementPlaceholders {
  readonly partition: ReturnType<typeof partitionOf>;
  readonly account: string;
  /** Absent where no statement speaks of it. */
  readonly interruptionQueueArn?: string;
}

/** Statements of a workload's role as IAM writes them (controls IRSA-02, IRSA-03). */
export function policyStatements(
  statements: readonly WorkloadStatementConfig[],
  placeholders: StatementPlaceholders,
): PolicyStatement[] {
  const fill = (text: string): string =>
    text.replace(
      /\{(partition|account|interruptionQueueArn)\}/g,
      (placeholder, name: keyof StatementPlaceholders) => placeholders[name] ?? placeholder,
    );
  return statements.map(({ sid, actions, resources, condition }) => ({
    Sid: sid,
    Effect: "Allow",
    Action: oneOrAll(actions),
    Resource: oneOrAll(resources.map(fill)),
    Condition: condition === null ? undefined : JSON.parse(fill(JSON.stringify(condition))),
  }));
}

/** IAM keeps a list of one as that one; written so, a plan shows no difference. */
function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}
