// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { parseJson } from "../../src/json-object";
import type { ApplicablePolicies } from "../../src/iam/evaluate";
import type { PolicyDocument } from "../../src/iam/policy";
import { TerraformReferences, type TerraformStack } from "./terraform-references";

/** A role of synthesized stacks, and the policies that decide what it may do. */
export interface SynthesizedRole extends ApplicablePolicies {
  readonly arn: string;
  /** Who may assume it. */
  readonly trust: PolicyDocument;
  readonly identity: readonly PolicyDocument[];
}

/** What synthesized stacks leave open. */
export interface AccountFacts {
  readonly accountId: string;
  readonly region: string;
  /** Documents of policies that the stacks name and do not make, AWS's own and a given boundary, by ARN. */
  readonly givenPolicies?: Readonly<Record<string, PolicyDocument>>;
}

/**
 * The IAM roles of an environment's stacks by name, as IAM would see them once the stacks are applied: with attached, inline
 * and given policies, and with their permissions boundary.
 *
 * @param stacks the contents of `cdk.tf.json`, by the stack's name
 * @throws Error if a role has a policy that neither the stacks nor the facts know
 */
export function synthesizedRoles(
  stacks: Readonly<Record<string, TerraformStack>>,
  facts: AccountFacts,
): ReadonlyMap<string, SynthesizedRole> {
  const documents = new Map(Object.entries(facts.givenPolicies ?? {}));
  const readers = Object.values(stacks).map((stack) => ({ stack, references: new TerraformReferences(stack, facts) }));
  for (const { stack, references } of readers) {
    for (const [address, body] of resourcesOf(stack, "aws_iam_policy")) {
      documents.set(references.arn("aws_iam_policy", address), parse(references, body.policy));
    }
  }
  const documentOf = (arn: string): PolicyDocument => {
    const document = documents.get(arn);
    if (document === undefined) {
      throw new Error(`no stack makes the policy ${arn}, and its document is not given`);
    }
    return document;
  };

  const roles = new Map<string, SynthesizedRole>();
  for (const { stack, references } of readers) {
    const ofRole = (type: string, role: string): ResourceBody[] =>
      resourcesOf(stack, type).flatMap(([, body]) => (references.text(body.role) === role ? [body] : []));
    for (const [address, body] of resourcesOf(stack, "aws_iam_role")) {
      const name = references.text(body.name);
      roles.set(name, {
        arn: references.arn("aws_iam_role", address),
        trust: parse(references, body.assume_role_policy),
        identity: [
          ...ofRole("aws_iam_role_policy", name).map(({ policy }) => parse(references, policy)),
          ...ofRole("aws_iam_role_policy_attachment", name).map(({ policy_arn }) =>
            documentOf(references.text(policy_arn)),
          ),
        ],
        ...(body.permissions_boundary === undefined
          ? {}
          : { boundary: documentOf(references.text(body.permissions_boundary)) }),
      });
    }
  }
  return roles;
}

type ResourceBody = Readonly<Record<string, unknown>>;

function resourcesOf(stack: TerraformStack, type: string): [address: string, body: ResourceBody][] {
  return Object.entries(stack.resource?.[type] ?? {});
}

function parse(references: TerraformReferences, text: unknown): PolicyDocument {
  return parseJson(references.text(text)) as PolicyDocument;
}
