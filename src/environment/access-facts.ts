// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type ApplicablePolicies, evaluateAccess } from "../iam/evaluate";
import { list, type PolicyDocument, type PrincipalElement, type Statement } from "../iam/policy";
import { isObject, parseObject } from "../json-object";
import { listAt } from "../policy/json";
import { type AccessQuestion, type AccessScope, questionsAbout } from "./access-questions";
import type { ResolvedResource } from "./stack-values";

/** A statement that allows, taken apart: one action on one resource. */
export interface Grant {
  /** Address of the policy that holds the statement. */
  readonly policy: string;
  /** May hold wildcards; `not X` for everything but X. */
  readonly action: string;
  readonly resource: string;
  readonly condition: unknown;
}

/** Who a role's trust policy admits, taken apart: one principal and one action. */
export interface Admission {
  /** `Service`, `AWS`, `Federated`, or `*`. */
  readonly kind: string;
  readonly principal: string;
  readonly action: string;
  readonly condition: unknown;
}

/** An IAM role of an environment with everything that any stack attaches to it. */
export interface RoleFacts {
  readonly address: string;
  readonly stack: string;
  readonly name: string;
  readonly arn: string;
  /** ARN of the permissions boundary; null for none. */
  readonly boundary: string | null;
  readonly admits: readonly Admission[];
  readonly grants: readonly Grant[];
  /** ARNs of attached policies that no stack makes, with the address of what attaches them. */
  readonly attached: readonly { readonly arn: string; readonly by: string }[];
  /** Addresses of policies that cannot be read before they are made. */
  readonly unreadable: readonly string[];
}

/** An answer of IAM that is yes: this role may do this to that. */
export interface AccessFact {
  readonly principal: string;
  readonly address: string;
  readonly about: AccessQuestion["about"];
  readonly what: string;
  readonly action: string;
  readonly resource: string;
  /** The statement that allows it. */
  readonly reason: string;
}

/** The roles of an environment, and what IAM would let them do. */
export function accessFacts(
  resources: readonly ResolvedResource[],
  scope: AccessScope,
): { readonly roles: readonly RoleFacts[]; readonly answers: readonly AccessFact[] } {
  const policies = new Map<string, { readonly address: string; readonly document: PolicyDocument | undefined }>();
  for (const resource of ofType(resources, "aws_iam_policy")) {
    for (const id of resource.ids) {
      policies.set(id, { address: address(resource), document: documentOf(resource.body.policy) });
    }
  }
  const found = ofType(resources, "aws_iam_role").map((role) => {
    const sources = policiesOf(role, resources, policies);
    const boundary = typeof role.body.permissions_boundary === "string" ? role.body.permissions_boundary : null;
    const facts: RoleFacts = {
      address: address(role),
      stack: role.stack,
      name: String(role.body.name ?? role.name),
      arn: role.ids.find((id) => id.startsWith("arn:")) ?? "",
      boundary,
      admits: admissionsOf(documentOf(role.body.assume_role_policy)),
      grants: sources.flatMap(({ by, document }) => grantsOf(by, document)),
      attached: sources.flatMap(({ by, arn, document }) =>
        document === undefined && arn !== undefined ? [{ arn, by }] : [],
      ),
      unreadable: [
        ...(documentOf(role.body.assume_role_policy) === undefined ? [address(role)] : []),
        ...sources.flatMap(({ by, arn, document }) => (document === undefined && arn === undefined ? [by] : [])),
      ],
    };
    const applicable: ApplicablePolicies = {
      identity: sources.flatMap(({ document }) => document ?? []),
      ...(boundary !== null && { boundary: policies.get(boundary)?.document }),
    };
    return { facts, applicable };
  });
  return {
    roles: found.map(({ facts }) => facts),
    answers: found.flatMap(({ facts, applicable }) => answersOf(facts, applicable, scope)),
  };
}

function answersOf(role: RoleFacts, policies: ApplicablePolicies, scope: AccessScope): AccessFact[] {
  return questionsAbout(role.name, scope).flatMap(({ about, what, action, resource, context }) => {
    const reason = reasonToAllow(role.arn, { action, resource, ...(context && { context }) }, policies);
    return reason === undefined
      ? []
      : [{ principal: role.name, address: role.address, about, what, action, resource, reason }];
  });
}

// What the evaluator cannot read counts as allowed: nobody knows better.
function reasonToAllow(
  principal: string,
  request: Pick<AccessQuestion, "action" | "resource" | "context">,
  policies: ApplicablePolicies,
): string | undefined {
  try {
    const { decision, reason } = evaluateAccess({ principal, ...request }, policies);
    return decision === "allowed" ? reason : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

interface PolicySource {
  /** What attaches it. */
  readonly by: string;
  /** ARN of a policy that is attached. */
  readonly arn?: string;
  readonly document: PolicyDocument | undefined;
}

// Every way to give a role rights: inline, attached by each of the three types, and the arguments of the role itself.
function policiesOf(
  role: ResolvedResource,
  resources: readonly ResolvedResource[],
  policies: ReadonlyMap<string, { readonly document: PolicyDocument | undefined }>,
): PolicySource[] {
  const names = new Set<unknown>([role.body.name, ...role.ids]);
  const attached = (by: string, arn: unknown): PolicySource => {
    const known = policies.get(String(arn));
    return { by, arn: String(arn), document: known?.document };
  };
  const inline = (by: string, text: unknown): PolicySource => ({ by, document: documentOf(text) });
  const own = [
    ...listAt(role.body, "managed_policy_arns").map((arn) => attached(address(role), arn)),
    ...listAt(role.body, "inline_policy").flatMap((block) =>
      isObject(block) && block.policy !== undefined ? [inline(address(role), block.policy)] : [],
    ),
  ];
  const others = resources.flatMap((resource): PolicySource[] => {
    const { type, body } = resource;
    if (type === "aws_iam_role_policy" && names.has(body.role)) {
      return [inline(address(resource), body.policy)];
    }
    if (type === "aws_iam_role_policy_attachment" && names.has(body.role)) {
      return [attached(address(resource), body.policy_arn)];
    }
    if (type === "aws_iam_policy_attachment" && listAt(body, "roles").some((name) => names.has(name))) {
      return [attached(address(resource), body.policy_arn)];
    }
    if (type === "aws_iam_role_policy_attachments_exclusive" && names.has(body.role_name)) {
      return listAt(body, "policy_arns").map((arn) => attached(address(resource), arn));
    }
    return [];
  });
  return [...own, ...others];
}

function ofType(resources: readonly ResolvedResource[], type: string): ResolvedResource[] {
  return resources.filter((resource) => resource.type === type);
}

/** Address of a resource, with its stack. */
export function address({ stack, type, name }: ResolvedResource): string {
  return `${stack}/${type}.${name}`;
}

function documentOf(text: unknown): PolicyDocument | undefined {
  const document = typeof text === "string" ? parseObject(text) : isObject(text) ? text : undefined;
  return document !== undefined && "Statement" in document ? (document as unknown as PolicyDocument) : undefined;
}

function grantsOf(policy: string, document: PolicyDocument | undefined): Grant[] {
  return statementsOf(document).flatMap(({ Effect, Action, NotAction, Resource, NotResource, Condition }) =>
    Effect === "Deny"
      ? []
      : excluded(Action, NotAction).flatMap((action) =>
          excluded(Resource, NotResource).map((resource) => ({
            policy,
            action,
            resource,
            condition: Condition ?? null,
          })),
        ),
  );
}

function admissionsOf(document: PolicyDocument | undefined): Admission[] {
  return statementsOf(document).flatMap(({ Effect, Action, NotAction, Principal, NotPrincipal, Condition }) =>
    Effect === "Deny"
      ? []
      : principalsOf(Principal, NotPrincipal).flatMap(([kind, principal]) =>
          excluded(Action, NotAction).map((action) => ({ kind, principal, action, condition: Condition ?? null })),
        ),
  );
}

function statementsOf(document: PolicyDocument | undefined): readonly Statement[] {
  return list(document?.Statement).filter(isObject);
}

function excluded(
  wanted: string | readonly string[] | undefined,
  but: string | readonly string[] | undefined,
): string[] {
  return but === undefined ? [...list(wanted)] : [`not ${list(but).join(", ")}`];
}

function principalsOf(principal: PrincipalElement | undefined, but: PrincipalElement | undefined): [string, string][] {
  if (but !== undefined || principal === "*") {
    return [["*", "*"]];
  }
  return Object.entries(principal ?? {}).flatMap(([kind, names]) =>
    list(names).map((name): [string, string] => [kind, name]),
  );
}
