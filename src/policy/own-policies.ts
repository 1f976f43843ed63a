// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ExplainedError } from "../explained-error";
import { checkPolicyFiles } from "./custom-packages";
import { entriesBelow } from "./entries-below";
import {
  type CoverageEntry,
  type ControlVerdict,
  type Limits,
  POLICY_DIRECTORY,
  type PolicyName,
} from "./load-policies";
import { isObject } from "../json-object";
import { listAt, objectAt } from "./json";
import { runOpa } from "./opa";
import type { Verdict, Violation } from "./violation";

/** Directories of `policies/` that the compiled policies are built from. */
const PACKAGES = ["controls", "lib", "ray", "terraform"];

/**
 * The files of a repository's `policies/` whose Rego is not the package's, relative to its root: changed, added, or gone.
 * None for a directory that has no policies of its own.
 */
export function differingPolicies(root: string): string[] {
  if (!existsSync(join(root, "policies", "terraform"))) {
    return [];
  }
  return PACKAGES.flatMap((name) => {
    const own = regoBelow(join(root, "policies", name));
    const shipped = regoBelow(join(POLICY_DIRECTORY, name));
    return [...new Set([...own.keys(), ...shipped.keys()])]
      .filter((file) => own.get(file) !== shipped.get(file))
      .map((file) => join("policies", name, file));
  }).sort();
}

function regoBelow(directory: string): ReadonlyMap<string, string> {
  const files = existsSync(directory) ? entriesBelow(directory) : [];
  return new Map(
    files
      .filter((name) => name.endsWith(".rego") && !name.endsWith("_test.rego"))
      .map((name) => [name, readFileSync(join(directory, name), "utf8").replace(/\r\n/g, "\n")]),
  );
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
    const data = PACKAGES.filter((name) => existsSync(join(this.root, "policies", name)));
    const options = ["eval", "--format", "json", "--strict-builtin-errors", "--ignore", "*_test.rego", "--stdin-input"];
    const run = this.run(
      [
        ...options,
        ...data.flatMap((name) => ["--data", join("policies", name)]),
        `${query} with input as input.document${limits === undefined ? "" : " with data.limits as input.limits"}`,
      ],
      JSON.stringify({ document, limits: limits ?? {} }),
    );
    const [result] = listAt(run, "result");
    const { x } = objectAt(result, "bindings");
    if (!isObject(x)) {
      throw new ExplainedError(`${this.shown} came to no verdict: a package or one of its sets is missing`);
    }
    return x;
  }

  private run(args: readonly string[], input: string): unknown {
    let run: ReturnType<typeof runOpa>;
    try {
      run = runOpa(this.root, args, input);
    } catch (error) {
      if (!(error instanceof ExplainedError)) {
        throw error;
      }
      throw new ExplainedError(
        `${this.shown} differs from the package's, so that OPA must evaluate it: ${error.message.replace(/^policies\/custom holds Rego, which needs OPA: /, "")}`,
      );
    }
    if (run.status !== 0) {
      throw new ExplainedError(`opa could not evaluate ${this.shown}: ${(run.stderr || run.stdout).trim()}`);
    }
    return JSON.parse(run.stdout) as unknown;
  }

  private get shown(): string {
    return this.differing.join(", ");
  }
}
