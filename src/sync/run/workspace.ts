// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readYaml } from "../../bounded-yaml";
import { readForeignText } from "../../foreign-file";
import { isObject, type JsonObject, objectOf } from "../../json-object";
import { portableRelative } from "../../portable-path";
import { pathPattern } from "../files/path-pattern";
import { readManifest } from "./package-manifest";

/** What a directory upwards says of the packages that are installed together with it. */
export interface Workspace {
  readonly directory: string;
  /** The file that lists the packages, relative to the member. */
  readonly list: string;
  /** Whether the list is one that pnpm alone reads. */
  readonly isPnpm: boolean;
}

/**
 * The workspace that a directory is a member of; undefined for a package that stands alone. The search ends at the top of
 * the git repository. In a confined process it ends at what that may read: whoever confines it has looked further.
 */
export function workspaceOf(member: string): Workspace | undefined {
  for (let directory = member; !existsSync(join(directory, ".git")); ) {
    const parent = dirname(directory);
    if (parent === directory || !mayRead(parent)) {
      return undefined;
    }
    directory = parent;
    const found = listsIn(directory).find(({ patterns }) => isListed(portableRelative(directory, member), patterns));
    if (found !== undefined) {
      const list = portableRelative(member, join(directory, found.file));
      return { directory, list, isPnpm: found.file === "pnpm-workspace.yaml" };
    }
  }
  return undefined;
}

/** Under Node's permission model `existsSync` throws for what it may not look at, in some versions. */
function mayRead(directory: string): boolean {
  const { permission } = process as { permission?: { has(scope: string, path: string): boolean } };
  return permission?.has("fs.read", join(directory, ".git")) ?? true;
}

function listsIn(directory: string): { readonly file: string; readonly patterns: readonly string[] }[] {
  const pnpm = readMap(join(directory, "pnpm-workspace.yaml")).packages;
  const { workspaces } = readManifest(directory);
  // Yarn's older form has the list within an object.
  const packages = isObject(workspaces) ? workspaces.packages : workspaces;
  return [
    { file: "pnpm-workspace.yaml", patterns: texts(pnpm) },
    { file: "package.json", patterns: texts(packages) },
  ];
}

/** The last pattern that matches decides, and one with an exclamation mark takes out. */
function isListed(name: string, patterns: readonly string[]): boolean {
  const matching = patterns.filter((pattern) =>
    pathPattern(pattern.replace(/^!/, "").replace(/\/+$/, "")).matches(name),
  );
  return matching.length > 0 && !(matching.at(-1) as string).startsWith("!");
}

/** The parser is loaded where there is something to parse: every command looks for a workspace. */
function readMap(file: string): JsonObject {
  try {
    const { documents, problem } = readYaml(readForeignText(file));
    const value: unknown = problem === undefined && documents.length === 1 ? documents[0]?.toJS() : undefined;
    return objectOf(value);
  } catch {
    return {}; // Absent, or not readable for pnpm either.
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
