// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Where a resource is declared. */
export interface Declaration {
  /** The synthesized stack, relative to the current directory. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Path of the construct that made it, such as `dev-cluster/gpu/node-group`. */
  readonly construct?: string;
}

/** What a policy rule reports, as the Rego rules build it. */
export interface Violation {
  /** Rule, such as `terraform/encryption`. */
  readonly id: string;
  readonly msg: string;
  /** Address of a Terraform resource, or kind and name of a manifest. */
  readonly resource: string;
  /** Path within the resource. */
  readonly path: string;
  /** What was found; null where nothing was. */
  readonly value: unknown;
  /** What would have been allowed; null where that is no single value. */
  readonly limit: unknown;
  readonly fix: string;
  /** Line of the file, from 1, where the file tells. */
  readonly line?: number;
  /** Where the stack declares the resource, for one of a stack or a plan. */
  readonly declared?: Declaration;
}

/** What the policies say of one input. */
export interface Verdict {
  /** Must stop a deployment. */
  readonly deny: readonly Violation[];
  /** Should be looked at. */
  readonly warn: readonly Violation[];
}
