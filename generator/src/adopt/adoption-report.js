// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { BACKUP_SUFFIX } from "./backup-suffix.js";

/** @typedef {import("./adoption-plan.js").Plan} Plan */
/** @typedef {import("./conflicts.js").Choice} Choice */

/** The command that goes back. */
export const UNDO = "npx generator-ray-platform adopt --undo";

/** By state, as the core classified. @param {Plan} plan */
export function previewText(plan) {
  const { created, taken, kept, merged: both, left, removed } = reportOf(plan);
  const section = (/** @type {string} */ title, /** @type {readonly string[]} */ paths, listed = 20) =>
    paths.length === 0
      ? []
      : [
          `${title}: ${paths.length}`,
          ...paths.slice(0, listed).map((path) => `  ${path}`),
          ...(paths.length > listed ? ["  ..."] : []),
        ];
  return [
    ...section("Created", created, 0),
    ...section(
      "Extended by a marked block",
      plan.report.files
        .filter(({ class: owner, before }) => owner === "block" && before !== undefined)
        .map(({ path }) => path),
    ),
    ...section("Taken from generation, in place of yours", taken),
    ...section("Kept, and released from generation", kept),
    ...section("Merged, and released from generation", both),
    ...section("Left as they are, and yours", left),
    ...section("Removed, because a generated workflow does their job", removed),
    ...plan.notes.map((note) => `Note: ${note}`),
  ].join("\n");
}

/** What `--json` prints. @param {Plan} plan */
export function reportOf({ report, choices, removed, moved, notes, markers }) {
  const chosen = (/** @type {Choice} */ wanted) =>
    [...choices].filter(([, choice]) => choice === wanted).map(([path]) => path);
  return {
    created: report.files.filter(({ state, disk }) => state === "added" && disk === "absent").map(({ path }) => path),
    taken: chosen("take"),
    kept: chosen("keep"),
    merged: chosen("merge"),
    left: report.files
      .filter(({ class: owner, state, disk }) => owner === "seeded" && state === "unchanged" && disk === "edited")
      .filter(({ path }) => !moved.includes(path))
      .map(({ path }) => path),
    removed,
    moved: moved.map((path) => ({ from: path, to: `${path}${BACKUP_SUFFIX}` })),
    conflicts: markers,
    notes,
    undo: UNDO,
  };
}

/** What a person reads. @param {ReturnType<typeof reportOf>} result */
export function reportText({ created, taken, kept, merged: both, left, removed, conflicts }) {
  return [
    `Adopted: ${created.length} files created, ${taken.length} taken, ${kept.length} kept, ${both.length} merged, ${left.length} left, ${removed.length} removed.`,
    ...conflicts.map((path) => `Resolve the conflicts in ${path}.`),
    `Nothing was committed. Review it with git diff, and go back with: ${UNDO}`,
    "Next: npx projen build",
  ].join("\n");
}
