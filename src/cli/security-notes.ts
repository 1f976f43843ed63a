// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "../config/package-data";
import { compareVersions } from "../version-order";

/** One change of a release that matters for security. */
export interface SecurityNote {
  readonly kind: "control" | "pin" | "policy";
  /** Control id of the security document, name of the pinned thing, or policy rule. */
  readonly id: string;
  readonly text: string;
  /** The component that a repository must have for the note to concern it. */
  readonly appliesTo?: string;
}

/** A note with the version that brought it. */
export interface VersionedNote extends SecurityNote {
  readonly version: string;
}

interface NotesFile {
  readonly versions: Readonly<Record<string, readonly SecurityNote[]>>;
}

/** The notes of every version after `from` up to `to` that concern a repository with these components. */
export function securityNotes(
  from: string,
  to: string,
  components: ReadonlySet<string>,
  file: NotesFile = packageData<NotesFile>("security-notes"),
): VersionedNote[] {
  return Object.keys(file.versions)
    .filter((version) => compareVersions(from, version) < 0 && compareVersions(version, to) <= 0)
    .sort(compareVersions)
    .flatMap((version) =>
      (file.versions[version] ?? [])
        .filter(({ appliesTo }) => appliesTo === undefined || components.has(appliesTo))
        .map((note) => ({ version, ...note })),
    );
}
