// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** The environment that a stack belongs to, by its name; undefined for one that belongs to none, and so concerns all. */
export function environmentOf(stack: string, environments: readonly string[]): string | undefined {
  return environments
    .filter((name) => stack === name || stack.startsWith(`${name}-`))
    .sort((a, b) => b.length - a.length)[0];
}

/**
 * The stacks of each environment, with those that concern all.
 *
 * @returns nothing for an environment that has no stack of its own
 */
export function stacksByEnvironment<Stack extends { readonly name: string }>(
  stacks: readonly Stack[],
  environments: readonly string[],
): ReadonlyMap<string, readonly Stack[]> {
  const owners = new Map(stacks.map((stack) => [stack, environmentOf(stack.name, environments)]));
  const inhabited = environments.filter((environment) => [...owners.values()].includes(environment));
  return new Map(
    inhabited.map((environment) => [
      environment,
      stacks.filter((stack) => (owners.get(stack) ?? environment) === environment),
    ]),
  );
}
