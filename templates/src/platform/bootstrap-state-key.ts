// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Where the state of an environment's bootstrap stack is in the bucket that this stack makes. `scripts/bootstrap.sh` takes it
 * there after the first apply.
 */
export function bootstrapStateKey(environment: string): string {
  return `_bootstrap/${environment}.tfstate`;
}
