// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { FileReport } from "../sync/run/report";
import type { VersionedNote } from "./security-notes";

/** What an update did. */
export interface UpdateResult {
  readonly from: string | undefined;
  readonly to: string;
  readonly migrations: ReadonlyArray<{ readonly id: string; readonly description: string }>;
  readonly notes: readonly string[];
  readonly securityNotes: readonly VersionedNote[];
  readonly files: readonly FileReport[];
}
