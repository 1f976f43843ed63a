// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** The commit that a posture is of. */
export interface Commit {
  readonly id: string;
  /** When it was made, in UTC, such as `2026-11-27T09:30:00Z`. */
  readonly date: string;
  /** Whether files that it holds were changed since. */
  readonly isChanged: boolean;
}
