// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { OwnershipClass } from "../files/ownership";

/**
 * - `unchanged`: nothing to do. For a seeded file also: edited by the user, as it should be.
 * - `added`: new in this version or with these options.
 * - `updated`: what we render changed; the user did not touch the file.
 * - `edited`: the user changed what we manage; what we render did not change.
 * - `deleted`: the file, or its block, is gone.
 * - `merge`: a seeded file that both the user and we changed, with no overlap.
 * - `conflict`: both sides changed and they overlap, or something else lies where a file is to go.
 * - `obstructed`: a directory, a link or an unreadable file lies in place of the file.
 * - `orphan`: no longer generated, and never edited.
 * - `orphan-edited`: no longer generated, but edited.
 * - `released`: the user's.
 * - `foreign`: nobody generated it, and it lies in a directory that is generated as a whole.
 */
export type FileState =
  | "unchanged"
  | "added"
  | "updated"
  | "edited"
  | "deleted"
  | "merge"
  | "conflict"
  | "obstructed"
  | "orphan"
  | "orphan-edited"
  | "released"
  | "foreign";

/**
 * - `write`: write our content. Nothing of the user's is in the file.
 * - `save-and-write`: save the user's version as a patch, then write our content.
 * - `move-and-write`: move what lies there aside, then write our content.
 * - `merge`: three-way merge of our change into the user's file.
 * - `delete`: delete an unedited file.
 * - `chmod`: only the permission bits.
 * - `keep`: leave the file as it is, and say so.
 * - `none`: leave the file as it is.
 */
export type FileAction = "none" | "keep" | "write" | "save-and-write" | "move-and-write" | "merge" | "delete" | "chmod";

/** What is to happen to one file, and why. */
export interface Decision {
  readonly path: string;
  readonly class: OwnershipClass;
  readonly component: string;
  readonly options?: readonly string[];
  readonly state: FileState;
  readonly action: FileAction;
  /** What lies on disk, compared with what we wrote last. */
  readonly disk: "same" | "current" | "edited" | "absent" | "obstructed";
  /** What we render, compared with what we wrote last. */
  readonly upstream: "same" | "changed" | "added" | "removed";
  /** What to tell the user, where the state alone does not say it. */
  readonly note?: string;
  /** What the file holds now, where it is a readable file. */
  readonly before?: Buffer;
  /** What of it is the user's, where that is not the whole: one side of a file with conflict markers. */
  readonly edit?: Buffer;
  /** What the file is to hold. For a pending merge: what we render. */
  readonly after?: Buffer;
  /** For a merge that left a conflict: what both sides started from. */
  readonly conflictBase?: Buffer;
  /** What the lock is to record, where that is not what we render. */
  readonly base?: Buffer;
  /** Permission bits that the file is to have. */
  readonly mode: number;
  /** `record` what we render, `hold` the entry as it is, or `drop` it. */
  readonly lock: "record" | "hold" | "drop";
}
