// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { foreignFiles } from "../files/owned-directories";
import { pathPattern } from "../files/path-pattern";
import type { RenderedFile } from "../files/rendered-file";

/**
 * What to say of patterns of the option `release` that match neither a generated file nor one of the user's own: most
 * likely they are misspelled, or no longer needed.
 * @param rendered generated files, by path
 */
export function releaseNotes(
  root: string,
  rendered: ReadonlyMap<string, RenderedFile>,
  releases: readonly string[],
): string[] {
  if (releases.length === 0) {
    return [];
  }
  const owners = new Map([...rendered].map(([path, { ownership }]) => [path, ownership] as const));
  const paths = [...rendered.keys(), ...foreignFiles(root, owners, releases).released];
  return releases
    .map(pathPattern)
    .filter((pattern) => !paths.some((path) => pattern.matches(path)))
    .map(({ text }) => `release: ${JSON.stringify(text)} matches no generated file`);
}
