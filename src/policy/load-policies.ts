// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import type { LoadedPolicy } from "@open-policy-agent/opa-wasm";
import { PACKAGE_ROOT } from "../package-root";
import type { Verdict, Violation } from "./violation";

/** Which of the two policies an input is for. */
export type PolicyName = "terraform" | "ray";

/** Overrides of the policies' own limits: `policies/data.json` without its outer key. */
export interface Limits {
  readonly terraform?: unknown;
  readonly ray?: unknown;
}

/** One resource or document of an input, and whether rules read it. */
export interface CoverageEntry {
  /** Address of a Terraform resource, or kind and name of a manifest. */
  readonly resource: string;
  /** Type of the Terraform resource. */
  readonly type?: string;
  /** Place of the document in its file. */
  readonly path?: string;
  /** Why it is not judged; empty if it is. */
  readonly reason: string;
}

/** What the rules of the controls say of one environment. */
export interface ControlVerdict {
  readonly deny: readonly Violation[];
  /** Ids of the controls that the environment's options leave out. */
  readonly absent: readonly string[];
}

/** Where the package keeps its compiled policies. */
export const POLICY_DIRECTORY = join(PACKAGE_ROOT, "policies");

// Pages of 64 KiB. OPA's allocator grows memory page by page, and V8 collects garbage at each step: with room from the
// start, which costs nothing until it is used, a large plan takes a quarter of the time. More than the maximum is an error.
const MEMORY = { initial: 16_384, maximum: 32_768 };

/** The compiled policies; evaluations must not overlap. */
export class Policies {
  public constructor(private readonly policy: LoadedPolicy) {}

  /** Judges one input. Where the policies come to no verdict, that is a denial, not an exception. */
  public evaluate(name: PolicyName, input: unknown, limits: Limits | undefined): Verdict {
    this.policy.setData(limits === undefined ? {} : { limits });
    // To opa-wasm a falsy input is none; within an array it is what it is, and no document.
    const document = input ? input : [input ?? null];
    return { deny: this.rule(document, `${name}/deny`), warn: this.rule(document, `${name}/warn`) };
  }

  /** What of the input is judged, and why the rest is not; nothing where the policies come to no verdict. */
  public coverage(name: PolicyName, input: unknown): CoverageEntry[] {
    try {
      const found: unknown = this.policy.evaluate(input ? input : [input ?? null], `${name}/coverage`)[0]?.result;
      return Array.isArray(found) ? (found as CoverageEntry[]) : [];
    } catch {
      return [];
    }
  }

  /** Judges one environment by the rules of the controls. */
  public evaluateControls(input: unknown): ControlVerdict {
    this.policy.setData({});
    return { deny: this.rule(input, "controls/deny"), absent: this.absentControls(input) };
  }

  private absentControls(input: unknown): string[] {
    try {
      const found: unknown = this.policy.evaluate(input, "controls/absent")[0]?.result;
      return Array.isArray(found) ? (found as string[]).sort() : [];
    } catch {
      return [];
    }
  }

  private rule(input: unknown, entrypoint: `${PolicyName}/${"deny" | "warn"}` | "controls/deny"): Violation[] {
    let found: unknown;
    try {
      found = this.policy.evaluate(input, entrypoint)[0]?.result;
    } catch (error) {
      return [noVerdict(entrypoint, error instanceof Error ? error.message : String(error))];
    }
    return Array.isArray(found)
      ? (found as Violation[]).sort(byPlace)
      : [noVerdict(entrypoint, "the result is undefined")];
  }
}

/** The rule of each package that speaks of what cannot be read. */
const RULES_OF_INPUT: Readonly<Record<string, string>> = { terraform: "terraform/plan", ray: "ray/manifest" };

function noVerdict(entrypoint: string, reason: string): Violation {
  const id = RULES_OF_INPUT[entrypoint.split("/")[0] ?? ""] ?? "controls/input";
  const msg = `input: the policy ${entrypoint} gave no verdict: ${reason}`;
  return {
    id,
    msg,
    resource: "input",
    path: "",
    value: null,
    limit: null,
    fix: "Check that the input is what Terraform or KubeRay write.",
  };
}

/** Loads the package's compiled policies. */
export async function loadPolicies(): Promise<Policies> {
  const { loadPolicy } = require("@open-policy-agent/opa-wasm") as typeof import("@open-policy-agent/opa-wasm");
  return new Policies(await loadPolicy(policyModule(), MEMORY));
}

function policyModule(): Buffer {
  return brotliDecompressSync(readFileSync(join(POLICY_DIRECTORY, "policy.wasm.br")));
}

function byPlace(a: Violation, b: Violation): number {
  return compare(a.resource, b.resource) || compare(a.id, b.id) || compare(a.path, b.path) || compare(a.msg, b.msg);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
