// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { fromCdktf, stackName } from "./from-cdktf";
import type { Limits, Policies, PolicyName } from "./load-policies";
import type { PolicyInput } from "./policy-input";
import type { Verdict } from "./violation";

/** An input with what the policies say of it. */
export interface Judgement extends Verdict {
  readonly file: string;
}

/** What a policy is given for an input. */
export interface PolicyDocument {
  readonly file: string;
  readonly policy: PolicyName;
  readonly document: unknown;
}

/** The documents that the policies read; stacks know of each other, so that references between them can be followed. */
export function policyDocuments(inputs: readonly PolicyInput[]): PolicyDocument[] {
  const stacks = inputs.filter((input) => input.kind === "stack").map((input) => [stackName(input.document) ?? input.file, input.document] as const);
  return inputs.map((input): PolicyDocument => {
    if (input.kind !== "stack") {
      return { file: input.file, policy: input.kind === "plan" ? "terraform" : "ray", document: input.document };
    }
    const others = Object.fromEntries(stacks.filter(([, document]) => document !== input.document));
    return { file: input.file, policy: "terraform", document: fromCdktf(input.document, others) };
  });
}

/** Judges every document. */
export function judge(policies: Policies, documents: readonly PolicyDocument[], limits: Limits | undefined): Judgement[] {
  return documents.map(({ file, policy, document }) => ({ file, ...policies.evaluate(policy, document, limits) }));
}
