// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { posix } from "node:path";
import { readYaml } from "../bounded-yaml";
import { scalarsBelow } from "./workflow-view";

/** What may name an action by its path: not a plain name, or written so that only a parser sees what it is. Most files have none. */
const MAY_NAME_ONE = /(?:uses|\*\w+)["']?\s*:\s*[^\w\s]|\\[xuU\r\n]/;

/** Paths in the workspace that a workflow or an action names, such as `./ci/notify`, without dots and in lower case. */
export function localPaths(text: string): string[] {
  if (!MAY_NAME_ONE.test(text)) {
    return [];
  }
  // Behind whatever key: an alias may stand for it elsewhere.
  return readYaml(text)
    .documents.flatMap(({ contents }) => scalarsBelow(contents))
    .map(({ node }) => String(node.value).trim())
    .filter((value) => /^[.$]\/\S+$/.test(value))
    .map((value) => posix.normalize(value.slice(2)).toLowerCase());
}

/** Whether one of these paths leads into a directory of the repository, wherever that is checked out. */
export function leadInto(paths: Iterable<string>, directory: string): boolean {
  return [...paths].some((path) => `/${path}/`.includes(`/${directory.toLowerCase()}/`));
}
