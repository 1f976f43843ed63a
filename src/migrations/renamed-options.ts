// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Migration } from "./migration";

/** An option that an older version called otherwise. */
export interface RenamedOption {
  /** Path of the old name; `[]` stands for every element: `environments[].region`. */
  readonly from: string;
  /** Its name now, in the same place. */
  readonly to: string;
  /** The version that renamed it. */
  readonly version: string;
}

/** What migrations say of the names of options. An option that was renamed twice has its last name. */
export function renamedOptions(migrations: readonly Migration[]): RenamedOption[] {
  const renames: RenamedOption[] = [];
  for (const { version, ...migration } of migrations) {
    migration.apply({
      renameOption(from, to) {
        renames.forEach((rename, index) => {
          if (parentOf(rename.from) + rename.to === from) {
            renames[index] = { ...rename, to };
          }
        });
        renames.push({ from, to, version });
      },
      declareOption() {},
      generated: () => undefined,
      moveFile() {},
      removeFile() {},
    });
  }
  return renames;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf(".") + 1);
}
