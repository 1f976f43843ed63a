// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { conditionsHold } from "./conditions";
import { list, type PolicyDocument, type PrincipalElement, type Statement } from "./policy";
import type { AccessRequest, RequestContext } from "./request";
import { matchesPattern } from "./wildcards";

/** The policies that bear on a request. */
export interface ApplicablePolicies {
  /** Policies attached to the principal, and its inline ones. */
  readonly identity?: readonly PolicyDocument[];
  /** Permissions boundary of the principal; undefined for none. */
  readonly boundary?: PolicyDocument;
  /** Policy of the resource; undefined for none. */
  readonly resource?: PolicyDocument;
  /**
   * Whether nothing is allowed that the resource's policy does not admit, as with a role's trust policy and a key's policy.
   * Elsewhere, within an account, either side is enough.
   * @default false
   */
  readonly resourceDecides?: boolean;
}

/** IAM's decision, and the statement that made it. */
export interface AccessDecision {
  readonly decision: "allowed" | "explicit deny" | "implicit deny";
  /** The statement that allows or denies; for an implicit deny what is missing. */
  readonly reason: string;
}

/**
 * May this principal do this action on this resource? Within one account, as IAM documents it: an explicit deny anywhere
 * decides; then the identity's policies or the resource's must allow, and the boundary too.
 *
 * A resource's policy that names the account (`arn:aws:iam::ACCOUNT:root`) admits whom the account's own policies allow.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @throws Error on a condition operator that IAM does not have
 */
export function evaluateAccess(request: AccessRequest, policies: ApplicablePolicies): AccessDecision {
  const { identity = [], boundary, resource, resourceDecides = false } = policies;
  const ofIdentity = identity.flatMap((policy) => matching(policy, request));
  const ofBoundary = boundary === undefined ? [] : matching(boundary, request);
  const ofResource =
    resource === undefined
      ? []
      : matching(resource, request).filter((statement) => reach(statement, request.principal) !== "none");

  const denied = [...ofIdentity, ...ofBoundary, ...ofResource].find(({ Effect }) => Effect === "Deny");
  if (denied !== undefined) {
    return { decision: "explicit deny", reason: name(denied) };
  }
  const byIdentity = ofIdentity[0];
  const byResource = ofResource.find((statement) => reach(statement, request.principal) === "principal");
  if (boundary !== undefined && ofBoundary.length === 0) {
    return { decision: "implicit deny", reason: "the permissions boundary does not allow it" };
  }
  if (resourceDecides && ofResource.length === 0) {
    return { decision: "implicit deny", reason: "the resource's policy does not allow it" };
  }
  const allowed = byResource ?? byIdentity;
  return allowed === undefined
    ? { decision: "implicit deny", reason: "no policy allows it" }
    : { decision: "allowed", reason: name(allowed) };
}

function name(statement: Statement): string {
  return statement.Sid ?? JSON.stringify(statement);
}

/** Statements of a policy that speak of the request's action and resource, and whose conditions hold. */
function matching({ Version, Statement: statements }: PolicyDocument, request: AccessRequest): Statement[] {
  const context: RequestContext = { "aws:PrincipalArn": request.principal, ...request.context };
  const variables = Version === "2012-10-17" ? context : undefined;
  return list(statements).filter(
    (statement) =>
      includesAction(statement, request.action) &&
      includesResource(statement, request.resource, variables) &&
      conditionsHold(statement.Condition, context, variables),
  );
}

function includesAction({ Action, NotAction }: Statement, action: string): boolean {
  const matches = (pattern: string): boolean => matchesPattern(pattern, action, { ignoreCase: true });
  return NotAction === undefined ? list(Action).some(matches) : !list(NotAction).some(matches);
}

/** A resource's own policy may leave the resource out: a role's trust policy always does. */
function includesResource(
  { Resource, NotResource }: Statement,
  resource: string,
  variables: RequestContext | undefined,
): boolean {
  const matches = (pattern: string): boolean => matchesPattern(pattern, resource, { variables });
  if (NotResource !== undefined) {
    return !list(NotResource).some(matches);
  }
  return Resource === undefined || list(Resource).some(matches);
}

/** Whether a statement of a resource's policy names the principal, its account, or neither. */
function reach({ Principal, NotPrincipal }: Statement, principal: string): "principal" | "account" | "none" {
  if (NotPrincipal !== undefined) {
    return names(NotPrincipal, principal) ? "none" : "principal";
  }
  if (names(Principal, principal)) {
    return "principal";
  }
  const account = principal.split(":")[4];
  const accountNames = [account, `${principal.split(":").slice(0, 5).join(":")}:root`];
  return account !== undefined && values(Principal).some((value) => accountNames.includes(value)) ? "account" : "none";
}

function names(element: PrincipalElement | undefined, principal: string): boolean {
  return values(element).some((value) => value === "*" || value === principal);
}

function values(element: PrincipalElement | undefined): readonly string[] {
  return element === undefined ? [] : element === "*" ? ["*"] : Object.values(element).flatMap((one) => list(one));
}
