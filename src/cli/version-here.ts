// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { MIGRATIONS } from "../migrations";
import { PACKAGE_VERSION } from "../package-version";
import { versionAdvice } from "../sync/run/version-gate";
import { readLock } from "../sync/store/lock-file";

/** What to type where the repository is at another version than the one that is installed; undefined where it is not. */
export function versionAdviceHere(cwd: string): string | undefined {
  const { lock, text } = readLock(cwd);
  return versionAdvice(text === undefined ? undefined : lock, PACKAGE_VERSION, MIGRATIONS);
}

/** Options of another version may be the reason why a projenrc fails. */
export function hintAtUpdate(cwd: string): void {
  const advice = versionAdviceHere(cwd);
  if (advice !== undefined) {
    process.stderr.write(`${advice}, if that is what the following is about\n\n`);
  }
}
