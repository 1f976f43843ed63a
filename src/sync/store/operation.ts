// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What must lie at a path before it is changed: a file with this hash, nothing, or whatever cannot be read. */
export type Precondition = string | "absent" | "any";

/** One change to the project's directory. */
export type Operation =
  | {
      readonly type: "write";
      readonly path: string;
      readonly content: Buffer;
      readonly mode: number;
      readonly before: Precondition;
      /** Path of another write of the transaction, without which this one would lose what it replaces. */
      readonly savedIn?: string;
    }
  | { readonly type: "delete"; readonly path: string; readonly before: Precondition }
  /** Moves whatever lies at a path, without reading it. */
  | { readonly type: "move"; readonly path: string; readonly to: string };
