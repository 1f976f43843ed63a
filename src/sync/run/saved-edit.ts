// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type DiskFile, readDiskFile } from "../files/disk-file";
import { git } from "../comparison/git";
import type { Operation } from "../store/operation";
import { unifiedDiff } from "../comparison/unified-diff";

const REJECTED_DIRECTORY = ".ray-platform/rejected";

/** How an edit of a managed file is kept: as a patch on top of what we write in its place. */
export function saveEdit(
  root: string,
  path: string,
  users: Buffer,
  ours: Buffer,
  version: string,
): { readonly path: string; readonly operation: Operation | undefined } {
  const diff = unifiedDiff([{ path, before: ours, after: users }]);
  const apply = applyCommand(root);
  return freePath(root, path, "patch", (to) =>
    Buffer.concat([
      Buffer.from(
        `Edit of ${path}, undone by ray-platform ${version} because the file is generated.\n` +
          `To apply it again:         ${apply} ${to}\n` +
          `To keep it for good first: add ${JSON.stringify(path)} to "release" in the project's options.\n\n`,
      ),
      diff,
    ]),
  );
}

/** Where something that is no readable file is moved to, so that ours can take its place. */
export function asidePath(root: string, path: string): string {
  for (let number = 1; ; number++) {
    const to = `${REJECTED_DIRECTORY}/${path}.${number}.moved`;
    if (isFree(readDiskFile(root, to, new Set()))) {
      return to;
    }
  }
}

/** A link that leads nowhere from here is there all the same. What is behind a link is refused when it is written. */
function isFree({ kind }: DiskFile): boolean {
  return kind === "absent" || kind === "unreachable";
}

/** Below the top of a repository, git skips the files of a patch that does not name them from the top, and says nothing. */
function applyCommand(root: string): string {
  const prefix = git(root, ["rev-parse", "--show-prefix"]).stdout.toString("utf8").trim();
  return prefix === ""
    ? "git apply"
    : `git apply --directory=${/^[\w./-]+$/.test(prefix) ? prefix : JSON.stringify(prefix)}`;
}

function freePath(
  root: string,
  path: string,
  extension: string,
  render: (to: string) => Buffer,
): { readonly path: string; readonly operation: Operation | undefined } {
  for (let number = 1; ; number++) {
    const to = `${REJECTED_DIRECTORY}/${path}.${number}.${extension}`;
    const content = render(to);
    const there = readDiskFile(root, to, new Set());
    if (isFree(there)) {
      return { path: to, operation: { type: "write", path: to, content, mode: 0o644, before: "absent" } };
    }
    if (there.kind === "file" && there.content.equals(content)) {
      return { path: to, operation: undefined }; // Saved by a run that was interrupted afterwards.
    }
  }
}
