// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Exit codes of the `ray-platform` command. */
export enum ExitCode {
  /** The repository is what its options say. */
  CLEAN = 0,
  /** The command failed. */
  ERROR = 1,
  /** A managed file or block was edited or deleted. */
  EDITED = 2,
  /** What is rendered differs from what was written last: run `npx projen`, or `npx ray-platform update`. */
  OUTDATED = 3,
  /** Somebody has to decide: both sides changed and overlap, or something lies where a file is to go. */
  CONFLICT = 4,
}
