// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { compare } from "../comparison/compare";
import { isInterrupted } from "../store/journal";
import { isInstalled } from "./installation";
import { prepare } from "./plan";
import type { Rendering } from "./preview-report";
import { releaseNotes } from "./release-notes";
import { describeOutcome } from "./report";
import { placeNotes } from "./repository-place";
import { isPostSynthesisWanted } from "./run-variables";

/** Whether a regeneration to this rendering would change nothing, install nothing and say nothing. Reads only. */
export function isSettled({ root, version, migrations, files, releases }: Rendering): boolean {
  if (isInterrupted(root) || (isPostSynthesisWanted() && !isInstalled(root))) {
    return false;
  }
  const request = { root, version, migrations, mode: "regenerate", rendered: files, first: [], releases } as const;
  const { decisions, operations, lockChanged, previousGenerator } = prepare(
    request,
    compare(root, files, "regenerate", releases),
  );
  const outcome = { decisions, previousGenerator, recovered: undefined, skipped: [], problems: [] };
  const notes = [...releaseNotes(root, files, releases), ...placeNotes(root, files.keys())];
  return (
    operations.length === 0 &&
    !lockChanged &&
    decisions.every(({ action }) => action !== "chmod") &&
    describeOutcome(outcome, notes).length === 0
  );
}
