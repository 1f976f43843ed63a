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

/**
 * Both sides of a file in which git's merge left conflicts: ours and theirs, each with everything around the conflicts.
 * @returns undefined for a file without complete conflicts
 */
export function conflictSides(content: Buffer): readonly [Buffer, Buffer] | undefined {
  if (!hasAnyConflictMarkers(content)) {
    return undefined;
  }
  const sides: [string[], string[]] = [[], []];
  let part: "both" | "first" | "base" | "second" = "both";
  for (const line of content.toString("latin1").split(/(?<=\n)/)) {
    const next: RegExp = part === "both" ? /^<{7} / : part === "second" ? /^>{7} / : /^(?:\|{7} |={7}\r?$)/m;
    if (!next.test(line)) {
      if (part === "both" || part === "first") {
        sides[0].push(line);
      }
      if (part === "both" || part === "second") {
        sides[1].push(line);
      }
      continue;
    }
    part = part === "both" ? "first" : part === "second" ? "both" : line.startsWith("|") ? "base" : "second";
  }
  return part === "both"
    ? [Buffer.from(sides[0].join(""), "latin1"), Buffer.from(sides[1].join(""), "latin1")]
    : undefined;
}

/** Whether a merge of ours left a conflict that nobody resolved yet. */
export function hasConflictMarkers(content: Buffer): boolean {
  if (!content.includes(`<<<<<<< ${YOURS}`)) {
    return false;
  }
  const text = content.toString("latin1");
  return /^<{7} yours\r?$/m.test(text) && /^>{7} ray-platform /m.test(text);
}
