// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createRequire } from "node:module";

/** What projen loads at once and needs only to run commands, find files and compare versions, and all names that it has. */
const LATE: Readonly<Record<string, readonly string[]>> = {
  "./util/dax": ["$", "escapeCommand"],
  "fast-glob": [
    ...["glob", "globSync", "globStream", "async", "sync", "stream", "generateTasks", "isDynamicPattern"],
    ...["escapePath", "convertPathToPattern", "posix", "win32"],
  ],
  semver: [
    ...["parse", "valid", "clean", "inc", "diff", "major", "minor", "patch", "prerelease", "compare", "rcompare"],
    ...["compareLoose", "compareBuild", "sort", "rsort", "gt", "lt", "eq", "neq", "gte", "lte", "cmp", "coerce"],
    ...[
      "truncate",
      "Comparator",
      "Range",
      "satisfies",
      "toComparators",
      "maxSatisfying",
      "minSatisfying",
      "minVersion",
    ],
    ...[
      "validRange",
      "outside",
      "gtr",
      "ltr",
      "intersects",
      "simplifyRange",
      "subset",
      "SemVer",
      "re",
      "src",
      "tokens",
    ],
    ...["SEMVER_SPEC_VERSION", "RELEASE_TYPES", "compareIdentifiers", "rcompareIdentifiers"],
  ],
};

/**
 * Lets projen load what a rendering hardly ever needs when it is first used: that takes more time than the rest of projen. To be
 * called where nothing of a repository runs, before projen is loaded.
 */
export function loadLessOfProjen(): void {
  let fromProjen: NodeJS.Require;
  try {
    fromProjen = createRequire(require.resolve("projen/lib/project"));
  } catch {
    return; // What needs projen says that it is missing.
  }
  for (const [name, exported] of Object.entries(LATE)) {
    putOff(fromProjen, name, exported);
  }
}

type Loaded = ((...args: unknown[]) => unknown) & Readonly<Record<string, unknown>>;

/** Puts a function in the place of a module, which loads that one when it is called or any of its exports is asked for. */
function putOff(fromProjen: NodeJS.Require, name: string, exported: readonly string[]): void {
  const { cache } = require;
  let file: string;
  try {
    file = fromProjen.resolve(name);
  } catch {
    return; // A projen that does without it.
  }
  if (cache[file] !== undefined) {
    return;
  }
  let loaded: Loaded | undefined;
  const late = (): Loaded => {
    if (loaded === undefined) {
      delete cache[file];
      loaded = fromProjen(name) as Loaded;
    }
    return loaded;
  };
  const exports = (...args: unknown[]): unknown => late()(...args);
  for (const key of exported) {
    Object.defineProperty(exports, key, { configurable: true, enumerable: true, get: () => late()[key] });
  }
  cache[file] = Object.assign(Object.create(Object.getPrototypeOf(module)), {
    ...{ id: file, path: file, filename: file, loaded: true, children: [], paths: [], exports },
  }) as NodeJS.Module;
}
