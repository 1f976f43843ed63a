// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadedPolicy } from "@open-policy-agent/opa-wasm";
import type { Verdict, Violation } from "./violation";

/** Which of the two policies an input is for. */
export type PolicyName = "terraform" | "ray";

/** Overrides of the policies' own limits: `policies/data/limits.json` without its outer key. */
export interface Limits {
  readonly terraform?: unknown;
  readonly ray?: unknown;
}

/** Where the package keeps its compiled policies. */
export const POLICY_DIRECTORY = join(__dirname, "..", "..", "policies");

// Pages of 64 KiB. OPA's allocator grows by itself; a plan that needs more than the maximum is an error, not a pass.
const MEMORY = { initial: 64, maximum: 32_768 };

/** The compiled policies; evaluations must not overlap. */
export class Policies {
  public constructor(private readonly policy: LoadedPolicy) {}

  /**
   * Judges one input.
   * @throws Error if the policies cannot come to a verdict, which must count as a failure.
   */
  public evaluate(name: PolicyName, input: unknown, limits: Limits | undefined): Verdict {
    this.policy.setData(limits === undefined ? {} : { limits });
    // To opa-wasm a falsy input is none; within an array it is what it is, and no document.
    const document = input ? input : [input ?? null];
    return { deny: this.rule(document, `${name}/deny`), warn: this.rule(document, `${name}/warn`) };
  }

  private rule(input: unknown, entrypoint: string): Violation[] {
    const [found] = this.policy.evaluate(input, entrypoint);
    if (!Array.isArray(found?.result)) {
      throw new Error(`the policy ${entrypoint} gave no verdict`);
    }
    return (found.result as Violation[]).sort(byPlace);
  }
}

/** Loads the compiled policies. @param wasm path of `policy.wasm`; default: the package's own. */
export async function loadPolicies(wasm: string = join(POLICY_DIRECTORY, "policy.wasm")): Promise<Policies> {
  const { loadPolicy } = require("@open-policy-agent/opa-wasm") as typeof import("@open-policy-agent/opa-wasm");
  return new Policies(await loadPolicy(readFileSync(wasm), MEMORY));
}

function byPlace(a: Violation, b: Violation): number {
  return compare(a.resource, b.resource) || compare(a.id, b.id) || compare(a.path, b.path) || compare(a.msg, b.msg);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
