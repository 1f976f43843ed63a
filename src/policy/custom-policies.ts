// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../file-presence";
import { isObject } from "../json-object";
import { checkCustomPackages, checkPolicyFiles } from "./custom-packages";
import { regoBelow } from "./entries-below";
import { listAt, objectAt } from "./json";
import type { Judgement, JudgedDocument } from "./judgement";
import { type Limits, POLICY_DIRECTORY } from "./load-policies";
import { evaluateRego, runOpa } from "./opa";
import type { Violation } from "./violation";

/** Where a repository keeps Rego of its own. */
export const CUSTOM_DIRECTORY = join("policies", "custom");

/** Where a repository keeps all Rego. */
const POLICIES = "policies";

/** OPA gives a test five seconds by default, which is too few on a machine that does much else. */
const TEST = ["test", "--verbose", "--timeout", "45s"];

/**
 * Checks and tests all Rego of a repository, as strictly as OPA does, and confined as it is when it judges.
 *
 * The tests of the generated policies bring the limits that they are about: with the repository's own, a region that it
 * does not use would fail them. The repository's own tests see its limits, as its rules do.
 * @returns what OPA said, and whether it was content
 */
export function testPolicies(cwd: string): { readonly output: string; readonly isContent: boolean } {
  checkPolicyFiles(join(cwd, POLICIES));
  const runs: string[][] = [
    ["check", "--strict", POLICIES],
    [...TEST, "--ignore", "data.json", "--ignore", "custom", POLICIES],
  ];
  if (isThere(join(cwd, CUSTOM_DIRECTORY)) && hasRego(join(cwd, CUSTOM_DIRECTORY))) {
    runs.push([...TEST, CUSTOM_DIRECTORY, ...libraryFiles(cwd)]);
  }
  let output = "";
  for (const parameters of runs) {
    const { status, stdout, stderr } = runOpa(cwd, parameters);
    output += `${stdout}${stderr}`;
    if (status !== 0) {
      return { output, isContent: false };
    }
  }
  return { output, isContent: true };
}

/** The repository's limits, and the generated Rego without its tests. */
function libraryFiles(cwd: string): string[] {
  const rego = ["lib", "ray", "terraform"]
    .filter((name) => isThere(join(cwd, POLICIES, name)))
    .flatMap((name) => regoBelow(join(cwd, POLICIES, name)).map((file) => join(POLICIES, name, file)));
  const limits = join(POLICIES, "data.json");
  return isThere(join(cwd, limits)) ? [limits, ...rego] : rego;
}

/**
 * Judges the documents by the repository's own Rego: the sets `deny` and `warn` of the packages `custom.terraform` and
 * `custom.ray`, of texts or of objects with a `msg`. Rego needs OPA itself, which must be on the PATH.
 *
 * They may import the packages of `policies/lib`, `policies/ray` and `policies/terraform`.
 *
 * @returns nothing if the repository has no Rego of its own.
 * @throws ExplainedError if it has and OPA is missing or fails, if nothing reads one of its packages, or if an import
 *   leads nowhere.
 */
export function judgeByCustomPolicies(
  cwd: string,
  documents: readonly JudgedDocument[],
  limits: Limits | undefined,
): Judgement[] {
  if (!isThere(join(cwd, CUSTOM_DIRECTORY))) {
    return [];
  }
  checkPolicyFiles(join(cwd, CUSTOM_DIRECTORY));
  if (!hasRego(join(cwd, CUSTOM_DIRECTORY))) {
    return [];
  }
  checkCustomPackages(join(cwd, CUSTOM_DIRECTORY), librariesOf(cwd));
  return documents.map(({ file, policy, document }) => {
    const rules = objectAt(evaluate(cwd, document, limits), policy);
    return { file, deny: violations(listAt(rules, "deny"), policy), warn: violations(listAt(rules, "warn"), policy) };
  });
}

function hasRego(directory: string): boolean {
  return regoBelow(directory).length > 0;
}

// The libraries that custom Rego may import: those of the repository, else those of the package.
function librariesOf(cwd: string): string[] {
  return ["lib", "ray", "terraform"].map((name) => {
    const own = join(cwd, "policies", name);
    return isThere(own) ? own : join(POLICY_DIRECTORY, name);
  });
}

function evaluate(cwd: string, document: unknown, limits: Limits | undefined): unknown {
  const input = JSON.stringify({ document, limits: limits ?? {} });
  return evaluateRego(cwd, {
    directories: [CUSTOM_DIRECTORY, ...librariesOf(cwd)],
    query: "x := data.custom with input as input.document with data.limits as input.limits",
    input,
    subject: CUSTOM_DIRECTORY,
  });
}

/** What a rule says of itself is taken for what it should be, and for nothing else. */
function violations(found: readonly unknown[], policy: string): Violation[] {
  return found.map((item) => {
    const given = isObject(item) ? item : { msg: item };
    const text = (key: string, otherwise: string): string => {
      const value = given[key];
      return typeof value === "string" ? value : otherwise;
    };
    return {
      id: text("id", `custom/${policy}`),
      msg: text("msg", JSON.stringify(given.msg ?? item)),
      resource: text("resource", ""),
      path: text("path", ""),
      value: given.value ?? null,
      limit: given.limit ?? null,
      fix: text("fix", ""),
    };
  });
}
