// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { OwnershipClass } from "./ownership";

/** A file as this version of the generator, with these options, would write it. */
export interface RenderedFile {
  /** Path relative to the root project, with `/`. */
  readonly path: string;
  readonly ownership: OwnershipClass;
  readonly component: string;
  /** The options that shape it. */
  readonly options?: readonly string[];
  /** The whole file; for a block, its body. */
  readonly content: Buffer;
  /** Permission bits, such as `0o444`. */
  readonly mode: number;
  /** Whether `content` is a block's, also once the file is released. Default: false. */
  readonly isBlock?: boolean;
  /** For a block. */
  readonly position: "start" | "end";
  /** For a block: the user's part of a new file. */
  readonly initial: string;
}
