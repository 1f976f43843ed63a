// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Label of the user's side in conflict markers. */
export const YOURS = "yours";

/** Label of our side in conflict markers. */
export function theirs(version: string): string {
  return `ray-platform ${version}`;
}

/** Whether any merge left a conflict that nobody resolved yet: another merge on top of it would be beyond repair. */
export function hasAnyConflictMarkers(content: Buffer): boolean {
  const text = content.toString("latin1");
  return /^<{7} /m.test(text) && /^={7}\r?$/m.test(text) && /^>{7} /m.test(text);
}

/** Whether a merge of ours left a conflict that nobody resolved yet. */
export function hasConflictMarkers(content: Buffer): boolean {
  if (!content.includes(`<<<<<<< ${YOURS}`)) {
    return false;
  }
  const text = content.toString("latin1");
  return /^<{7} yours\r?$/m.test(text) && /^>{7} ray-platform /m.test(text);
}
