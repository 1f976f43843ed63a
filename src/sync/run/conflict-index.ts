// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { git } from "../comparison/git";

/** The three sides of a merge that left a conflict in a file. */
export interface ConflictSides {
  readonly path: string;
  readonly base: Buffer;
  readonly users: Buffer;
  readonly ours: Buffer;
  readonly executable: boolean;
}

/**
 * Records conflicts in git's index as a merge does, with three different stages, so that `git status`, editors and
 * `git mergetool` treat them like any other. Outside of a repository there is nothing to record.
 * @returns what went wrong, if anything did: the markers in the files are there in any case.
 */
export function recordConflicts(root: string, conflicts: readonly ConflictSides[]): string | undefined {
  if (conflicts.length === 0) {
    return undefined;
  }
  const prefix = git(root, ["rev-parse", "--show-prefix"]);
  if (prefix.code !== 0) {
    return /not a git repository/.test(prefix.stderr)
      ? undefined
      : `conflicts could not be recorded in git's index: ${prefix.stderr.trim()}`;
  }
  const directory = prefix.stdout.toString("utf8").replace(/\n$/, "");
  const lines: string[] = [];
  for (const { path, base, users, ours, executable } of conflicts) {
    const mode = executable ? "100755" : "100644";
    const place = `${directory}${path}`;
    const stages: string[] = [];
    for (const content of [base, users, ours]) {
      const { code, stdout, stderr } = git(root, ["hash-object", "-w", "--stdin", "--path", path], content);
      if (code !== 0) {
        return `the conflict in ${path} could not be recorded in git's index: ${stderr.trim()}`;
      }
      stages.push(stdout.toString("utf8").trim());
    }
    // An all-zero id of the repository's length takes the resolved entry out.
    lines.push(`0 ${"0".repeat(stages[0]?.length ?? 40)}\t${place}`);
    lines.push(...stages.map((id, index) => `${mode} ${id} ${index + 1}\t${place}`));
  }
  const { code, stderr } = git(root, ["update-index", "--index-info"], Buffer.from(`${lines.join("\n")}\n`));
  return code === 0 ? undefined : `conflicts could not be recorded in git's index: ${stderr.trim()}`;
}
