// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
/** The environment that a stack belongs to, by its name; undefined for one that belongs to none, and so concerns all. */
export function environmentOf(stack: string, environments: readonly string[]): string | undefined {
  return environments
    .filter((name) => stack === name || stack.startsWith(`${name}-`))
    .sort((a, b) => b.length - a.length)[0];
}
