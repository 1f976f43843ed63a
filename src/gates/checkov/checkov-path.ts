// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Where the repository's root is: what Checkov walks from, what the workflow calls it in the image, and what `ray-platform gates`
 * copies it to. Checkov makes some paths absolute, and others not.
 */
const ROOT = String.raw`(\.|/repository|/.*/ray-platform-gates-\w+/checkov\.(\w|-)+)`;

/**
 * A path of the repository, and what is below it, as Checkov's `skip-path` has it: a pattern that may begin anywhere in a path. By
 * `build` alone it would leave out the stacks of an environment of that name too. The pattern has no square bracket: Checkov also
 * puts the whole list between two of its own.
 */
export function checkovPath(path: string): string {
  return `^${ROOT}/${path.replace(/\/$/, "").replace(/[.*+?^${}()|\\]/g, String.raw`\$&`)}(/|$)`;
}
