// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { isObject } from "../../json-object";
import { pathPattern } from "../files/path-pattern";

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
 * the git repository.
 */
export function workspaceOf(member: string): Workspace | undefined {
  for (let directory = member; !existsSync(join(directory, ".git")); ) {
    const parent = dirname(directory);
    if (parent === directory) {
      return undefined;
    }
    directory = parent;
    const found = listsIn(directory).find(({ patterns }) => isListed(relative(directory, member), patterns));
    if (found !== undefined) {
      const list = relative(member, join(directory, found.file)).split(sep).join("/");
      return { directory, list, isPnpm: found.file === "pnpm-workspace.yaml" };
    }
  }
  return undefined;
}

function listsIn(directory: string): { readonly file: string; readonly patterns: readonly string[] }[] {
  const pnpm = objectIn(join(directory, "pnpm-workspace.yaml"), parseYaml).packages;
  const { workspaces } = objectIn(join(directory, "package.json"), JSON.parse);
  // Yarn's older form has the list within an object.
  const packages = isObject(workspaces) ? workspaces.packages : workspaces;
  return [
    { file: "pnpm-workspace.yaml", patterns: texts(pnpm) },
    { file: "package.json", patterns: texts(packages) },
  ];
}

/** The last pattern that matches decides, and one with an exclamation mark takes out. */
function isListed(path: string, patterns: readonly string[]): boolean {
  const name = path.split(sep).join("/");
  const matching = patterns.filter((pattern) =>
    pathPattern(pattern.replace(/^!/, "").replace(/\/+$/, "")).matches(name),
  );
  return matching.length > 0 && !(matching.at(-1) as string).startsWith("!");
}

function objectIn(file: string, read: (text: string) => unknown): Readonly<Record<string, unknown>> {
  try {
    const value = read(readFileSync(file, "utf8"));
    return isObject(value) ? value : {};
  } catch {
    return {}; // Absent, or not readable for its package manager either.
  }
}

/** The parser is loaded where there is something to parse: every command looks for a workspace. */
function parseYaml(text: string): unknown {
  return (require("yaml") as typeof import("yaml")).parse(text);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
