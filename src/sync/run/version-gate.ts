// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../../explained-error";
import { compareVersions } from "../../version-order";
import { type Lock, type MigrationStep, missingMigrations, readLock } from "../store/lock-file";

/**
 * What to say, and to type, where the version that runs is not the one that the repository is at. A repository that was
 * not generated yet is at any version.
 * @param migrations those that lead to the version that runs
 * @returns undefined where it is
 */
export function versionAdvice(
  lock: Lock | undefined,
  version: string,
  migrations: readonly MigrationStep[],
): string | undefined {
  if (lock === undefined) {
    return undefined;
  }
  const order = compareVersions(version, lock.generator);
  if (order > 0) {
    return (
      `ray-platform ${lock.generator} generated this repository, and ${version} is installed: run ` +
      '"npx ray-platform update --installed", which applies migrations and merges changes into your files'
    );
  }
  if (order < 0) {
    return (
      `ray-platform ${lock.generator} generated this repository, and the older ${version} is installed: run "npm ci", ` +
      `or, to go back on purpose, "npx ray-platform update --to ${version}"`
    );
  }
  const missing = missingMigrations(lock, migrations);
  return missing.length === 0
    ? undefined
    : `not all of this repository has been through ${missing.map(({ id }) => id).join(", ")}, as after a merge: run ` +
        '"npx ray-platform update --installed"';
}

/** Refuses to regenerate with another version than the one that the repository is at. @throws OtherVersionError */
export function refuseOtherVersion(root: string, version: string, migrations: readonly MigrationStep[]): void {
  const { lock, text } = readLock(root);
  const advice = versionAdvice(text === undefined ? undefined : lock, version, migrations);
  if (advice !== undefined) {
    throw new OtherVersionError(advice);
  }
}

/** Thrown where only `update` may go on; the command then exits with 3, as a check of the same repository does. */
export class OtherVersionError extends ExplainedError {
  public readonly exitCode = 3;

  public constructor(advice: string) {
    super(`nothing was changed: ${advice}`);
    Object.defineProperty(this, "exitCode", { enumerable: false });
  }
}
