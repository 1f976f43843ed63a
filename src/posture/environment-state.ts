// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { PostureControl } from "../reports/posture-report";
import type { PlatformFacts } from "./platform-facts";

/** What a control comes to in one environment. */
export interface EnvironmentState {
  readonly state: string;
  /** What its statement comes to: `held`, `weakened`, `delegated` or `absent`. */
  readonly stated: string;
  readonly sentence: string;
  readonly evidence: PostureControl["evidence"];
}

const STACKS = /^cdktf\.out\/stacks\/([^/]+)\//;

/**
 * A control in one environment. A breach in a stack is one of the environments that the stack belongs to; any other
 * file belongs to all.
 */
export function stateIn(
  control: PostureControl,
  { environment, stacks }: Pick<PlatformFacts, "environment" | "stacks">,
): EnvironmentState | undefined {
  const statement = control.statements.find(({ environments }) => environments.includes(environment));
  if (statement === undefined) {
    return undefined;
  }
  const evidence = control.evidence.filter(({ file }) => {
    const stack = STACKS.exec(file)?.[1];
    return stack === undefined || stacks.includes(stack);
  });
  const isBound = statement.state !== "absent" && statement.state !== "delegated";
  let state = isBound ? control.state : statement.state;
  if (control.state === "violated") {
    // Only a rule finds a breach: where it found none, it was asked all the same.
    state = evidence.length > 0 ? "violated" : isBound ? "proven" : statement.state;
  }
  return { state, stated: statement.state, sentence: statement.sentence, evidence };
}
