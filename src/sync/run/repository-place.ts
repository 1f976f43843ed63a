// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { portableRelative } from "../../portable-path";

/** What to say of a project below the top of a git repository, where GitHub looks for workflows in vain. */
export function placeNotes(root: string, paths: Iterable<string>): string[] {
  const top = topOfRepository(root);
  if (top === undefined || top === root || ![...paths].some((path) => path.startsWith(".github/workflows/"))) {
    return [];
  }
  const place = portableRelative(top, root);
  return [
    `this project is in ${place}/ of a repository, and GitHub reads workflows only at the top: ${place}/.github/ has no ` +
      "effect. Move the project to the top, or set workflows: { enabled: false } and call its scripts from your own workflows",
  ];
}

/** The nearest directory upwards that git keeps; undefined outside every repository. */
function topOfRepository(root: string): string | undefined {
  for (let directory = root; ; directory = dirname(directory)) {
    if (existsSync(join(directory, ".git"))) {
      return directory;
    }
    if (directory === dirname(directory)) {
      return undefined;
    }
  }
}
