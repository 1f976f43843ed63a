// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { embeddedRayResources } from "./embedded-manifests";
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

/**
 * The documents that the policies read. Stacks know of each other, so that references between them can be followed;
 * Ray resources within a stack or plan are judged by the Ray policy too.
 */
export function policyDocuments(inputs: readonly PolicyInput[]): PolicyDocument[] {
  const stacks = inputs
    .filter((input) => input.kind === "stack")
    .map((input) => [stackName(input.document) ?? input.file, input.document] as const);
  return inputs.flatMap((input): PolicyDocument[] => {
    const { file, document } = input;
    if (input.kind === "manifest") {
      return [{ file, policy: "ray", document }];
    }
    const others = Object.fromEntries(stacks.filter(([, other]) => other !== document));
    const plan = input.kind === "plan" ? document : fromCdktf(document, others);
    const embedded = embeddedRayResources(document);
    return [
      { file, policy: "terraform", document: plan },
      ...(embedded.length > 0 ? [{ file, policy: "ray" as const, document: embedded }] : []),
    ];
  });
}

/** Judges every document. */
export function judge(
  policies: Policies,
  documents: readonly PolicyDocument[],
  limits: Limits | undefined,
): Judgement[] {
  return documents.map(({ file, policy, document }) => ({ file, ...policies.evaluate(policy, document, limits) }));
}
