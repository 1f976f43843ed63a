// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { fromCdktf, stackName } from "./from-cdktf";
import { isObject } from "../json-object";
import { listAt, objectAt } from "./json";
import type { CoverageEntry, Limits, PolicyName } from "./load-policies";
import { withParsedPlan } from "./parsed-texts";
import type { PolicyInput } from "./policy-input";
import type { Verdict, Violation } from "./violation";

/** An input with what the policies say of it. */
export interface Judgement extends Verdict {
  readonly file: string;
}

/** The policies: compiled, or as a repository has them. */
export interface Evaluator {
  evaluate(name: PolicyName, input: unknown, limits: Limits | undefined): Verdict;
  coverage(name: PolicyName, input: unknown): CoverageEntry[];
}

/** What a policy is given for an input. */
export interface JudgedDocument {
  readonly file: string;
  readonly kind: PolicyInput["kind"];
  readonly policy: PolicyName;
  readonly document: unknown;
  lineOf?(path: string): number | undefined;
}

/** What of a file was judged. */
export interface FileCoverage {
  readonly file: string;
  readonly kind: PolicyInput["kind"];
  readonly resources: readonly CoverageEntry[];
}

/**
 * The documents that the policies read. Stacks know of each other, so that references between them can be followed. The
 * YAML within a plan or stack is handed over as the objects that it says.
 */
export function policyDocuments(inputs: readonly PolicyInput[]): JudgedDocument[] {
  const stacks = inputs
    .filter((input) => input.kind === "stack")
    .map((input) => [stackName(input.document) ?? input.file, input.document] as const);
  return inputs.map(({ file, kind, document, lineOf }): JudgedDocument => {
    if (kind === "manifest") {
      return { file, kind, policy: "ray", document, ...(lineOf && { lineOf }) };
    }
    const others = Object.fromEntries(stacks.filter(([, other]) => other !== document));
    const plan = kind === "plan" ? withParsedPlan(document) : fromCdktf(document, others);
    return { file, kind, policy: "terraform", document: plan };
  });
}

/** Judges every document. */
export function judge(
  policies: Evaluator,
  documents: readonly JudgedDocument[],
  limits: Limits | undefined,
): Judgement[] {
  return documents.map(({ file, policy, document, lineOf }) => {
    const { deny, warn } = policies.evaluate(policy, document, limits);
    const located = (violation: Violation) => withLine(violation, lineOf);
    return { file, deny: deny.map(located), warn: warn.map(located) };
  });
}

function withLine(violation: Violation, lineOf: JudgedDocument["lineOf"]): Violation {
  const line = lineOf?.(violation.path);
  return line === undefined ? violation : { ...violation, line };
}

/** What of every document was judged, and why the rest was not. */
export function coverageOf(policies: Evaluator, documents: readonly JudgedDocument[]): FileCoverage[] {
  return documents.map(({ file, kind, policy, document }) => ({
    file,
    kind,
    resources: policies.coverage(policy, document),
  }));
}

/** The Ray resources within plans and stacks, for rules of the repository's own that read manifests. */
export function embeddedRayResources(documents: readonly JudgedDocument[]): JudgedDocument[] {
  return documents.flatMap(({ file, kind, policy, document }) => {
    const held = policy === "terraform" ? heldBy(document).flatMap(rayResourcesIn) : [];
    return held.length > 0 ? [{ file, kind, policy: "ray" as const, document: held }] : [];
  });
}

function heldBy(plan: unknown): unknown[] {
  return listAt(plan, "resource_changes").flatMap((change) => {
    const after = objectAt(objectAt(change, "change"), "after");
    return [after.values, after.manifest, after.yaml_body];
  });
}

function rayResourcesIn(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap(rayResourcesIn);
  }
  if (!isObject(value)) {
    return [];
  }
  const isRay =
    typeof value.apiVersion === "string" && value.apiVersion.startsWith("ray.io") && typeof value.kind === "string";
  return isRay ? [value] : Object.values(value).flatMap(rayResourcesIn);
}
