// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What the manifest of a synthesis says of a stack. */
export interface ManifestEntry {
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly workingDirectory: string;
  readonly synthesizedStackPath: string;
}

/** The entry of a stack. @param dependencies names of the stacks that it reads */
export function manifestEntry(name: string, dependencies: readonly string[] = []): ManifestEntry {
  const workingDirectory = `stacks/${name}`;
  return { name, dependencies, workingDirectory, synthesizedStackPath: `${workingDirectory}/cdk.tf.json` };
}
