// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What a rehearsal found. */
export interface RehearsalFinding {
  readonly stack: string;
  /** What was rehearsed when it was found, such as `create` or `destroy`. */
  readonly act: string;
  readonly message: string;
}

/** Receives a line for each step as it begins. */
export type Narrator = (line: string) => void;
