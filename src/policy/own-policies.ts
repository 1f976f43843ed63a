// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../file-presence";
import { ExplainedError } from "../explained-error";
import { readForeignText } from "../foreign-file";
import { checkPolicyFiles } from "./custom-packages";
import { regoBelow } from "./entries-below";
import {
  type CoverageEntry,
  type ControlVerdict,
  type Limits,
  POLICY_DIRECTORY,
  type PolicyName,
} from "./load-policies";
import { isObject } from "../json-object";
import { listAt } from "./json";
import { evaluateRego } from "./opa";
import type { Verdict, Violation } from "./violation";

/** Directories of `policies/` that the compiled policies are built from. */
const PACKAGES = ["controls", "lib", "ray", "terraform"];

/**
 * The files of a repository's `policies/` whose Rego is not the package's, relative to its root: changed, added, or gone.
 * None for a directory that has no policies of its own.
 */
export function differingPolicies(root: string): string[] {
  if (!isThere(join(root, "policies", "terraform"))) {
    return [];
  }
  return PACKAGES.flatMap((name) => {
    const own = textsBelow(join(root, "policies", name));
    const shipped = textsBelow(join(POLICY_DIRECTORY, name));
    return [...new Set([...own.keys(), ...shipped.keys()])]
      .filter((file) => own.get(file) !== shipped.get(file))
      .map((file) => join("policies", name, file));
  }).sort();
}

/** Texts by name: a checkout may have its own line ends. */
function textsBelow(directory: string): ReadonlyMap<string, string> {
  const files = isThere(directory) ? regoBelow(directory) : [];
  return new Map(files.map((name) => [name, readForeignText(join(directory, name)).replace(/\r\n/g, "\n")]));
}

/** The Rego of a repository, evaluated as it lies on disk by OPA from the PATH: what the compiled policies do otherwise. */
export class OwnPolicies {
  /** @param differing what makes these others than the package's, for messages */
  public constructor(
    private readonly root: string,
    private readonly differing: readonly string[],
  ) {
    checkPolicyFiles(join(root, "policies"));
  }

  public evaluate(name: PolicyName, input: unknown, limits: Limits | undefined): Verdict {
    const found = this.query(`x := {"deny": data.${name}.deny, "warn": data.${name}.warn}`, input, limits);
    return { deny: listAt(found, "deny") as Violation[], warn: listAt(found, "warn") as Violation[] };
  }

  public coverage(name: PolicyName, input: unknown): CoverageEntry[] {
    return listAt(
      this.query(`x := {"coverage": data.${name}.coverage}`, input, undefined),
      "coverage",
    ) as CoverageEntry[];
  }

  public evaluateControls(input: unknown): ControlVerdict {
    const found = this.query('x := {"deny": data.controls.deny, "absent": data.controls.absent}', input, undefined);
    return { deny: listAt(found, "deny") as Violation[], absent: listAt(found, "absent") as string[] };
  }

  private query(query: string, document: unknown, limits: Limits | undefined): unknown {
    const found = evaluateRego(this.root, {
      directories: PACKAGES.map((name) => join("policies", name)).filter((path) => isThere(join(this.root, path))),
      query: `${query} with input as input.document${limits === undefined ? "" : " with data.limits as input.limits"}`,
      input: JSON.stringify({ document, limits: limits ?? {} }),
      subject: this.shown,
      need: `${this.shown} differs from the package's, so that OPA must evaluate it`,
    });
    if (!isObject(found)) {
      throw new ExplainedError(`${this.shown} gave no verdict: a package or one of its sets is missing`);
    }
    return found;
  }

  private get shown(): string {
    return this.differing.join(", ");
  }
}
