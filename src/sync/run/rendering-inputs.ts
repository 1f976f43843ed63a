// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { isThere } from "../../file-presence";
import { readForeignFile } from "../../foreign-file";
import { PACKAGE_ROOT } from "../../package-root";
import { sha256 } from "../files/content-hash";
import { readmeName } from "../files/readme-name";
import { foreignWorkspace, PACKAGE_MANAGER_FILES } from "./package-manager";
import { PROJENRC_FILES } from "./projenrc-files";

/** Files of a repository that decide what is rendered: the options, and what a user may add to package.json. */
const REPOSITORY_FILES = [...PROJENRC_FILES, "package.json", ...PACKAGE_MANAGER_FILES];

/** What of this package is read while rendering; its modules are found among the loaded ones. */
const PACKAGE_FILES = [".jsii", "package.json", "data", "policies", "templates", "workflows"];

/**
 * Environment variables that projen and this package listen to. What follows a rendering is not of it: projen's command sets
 * PROJEN_DISABLE_POST, and ours does not.
 */
const VARIABLES = /^(PROJEN_(?!DISABLE_POST$)|RAY_PLATFORM_|DEBUG$|NODE_ENV$|NODE_OPTIONS$|NODE_PATH$)/;

/** A file that changed this shortly before a run, or during it, may have been read in either state. */
const UNSURE_MILLISECONDS = 100;

/** Everything that a project whose projenrc only declares options is rendered from. */
export interface RenderingInputs {
  /** Node, this package, the project, the name of its README, a workspace around it, and the environment variables. */
  readonly circumstances: string;
  /** Content hashes of the repository's files, by name; for one that cannot be read, the error's code. */
  readonly repository: ReadonlyMap<string, string>;
  /** Identity of the files that are installed - this package, projen, and what they load - by absolute path. */
  readonly installed: ReadonlyMap<string, string>;
}

/** Inputs that are known before a run; those that it loads are added afterwards. */
export function inputsBefore(root: string): RenderingInputs {
  return { circumstances: circumstances(root), repository: repositoryHashes(root), installed: new Map() };
}

/**
 * Adds what a run has loaded.
 * @param modules absolute paths of all modules that are loaded
 * @param started when the process started, and with it the loading of modules, in milliseconds since 1970
 * @returns undefined if something changed meanwhile, or a module is no file: nobody knows what was rendered from
 */
export function inputsAfter(
  before: RenderingInputs,
  root: string,
  modules: readonly string[],
  started: number,
): RenderingInputs | undefined {
  if (!isSameRepository(before, root)) {
    return undefined;
  }
  const own = REPOSITORY_FILES.map((name) => join(root, name));
  const loaded = modules.filter((path) => !own.includes(path)).map((path) => [path, statOf(path)] as const);
  const installed = new Map<string, string>();
  for (const [path, stat] of [...loaded, ...PACKAGE_FILES.flatMap((name) => statsBelow(join(PACKAGE_ROOT, name)))]) {
    if (stat === undefined || stat.ctimeMs > started - UNSURE_MILLISECONDS) {
      return undefined;
    }
    installed.set(path, identity(stat));
  }
  return { ...before, installed };
}

/** Whether a project would be rendered from the same inputs now. */
export function areUnchanged(inputs: RenderingInputs, root: string): boolean {
  return (
    isSameRepository(inputs, root) && [...inputs.installed].every(([path, then]) => identity(statOf(path)) === then)
  );
}

/** Whether everything is the same but what is installed. */
function isSameRepository(inputs: RenderingInputs, root: string): boolean {
  const hashes = repositoryHashes(root);
  return (
    inputs.circumstances === circumstances(root) &&
    [...hashes].every(([name, hash]) => inputs.repository.get(name) === hash)
  );
}

function circumstances(root: string): string {
  const variables = Object.entries(process.env)
    .filter(([name]) => VARIABLES.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const workspace = foreignWorkspace(root)?.list;
  return JSON.stringify([
    process.version,
    process.platform,
    PACKAGE_ROOT,
    root,
    readmeName(root),
    workspace,
    variables,
  ]);
}

function repositoryHashes(root: string): Map<string, string> {
  return new Map(REPOSITORY_FILES.map((name) => [name, hashOf(join(root, name))]));
}

function hashOf(path: string): string {
  if (!isThere(path)) {
    return "absent";
  }
  try {
    return sha256(readForeignFile(path));
  } catch {
    return "unreadable"; // Rendering anew says what is wrong.
  }
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** As git tells a changed file: none of these stays the same when a package is installed again. */
function identity(stat: Stats | undefined): string {
  return stat === undefined ? "" : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
}

/** A file, or a directory and everything in it: a directory's identity tells of new files. */
function statsBelow(path: string): Array<readonly [string, Stats]> {
  const stat = statOf(path);
  if (stat === undefined) {
    return [];
  }
  return [
    [path, stat],
    ...(stat.isDirectory() ? readdirSync(path).flatMap((name) => statsBelow(join(path, name))) : []),
  ];
}
