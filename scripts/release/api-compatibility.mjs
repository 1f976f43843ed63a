// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { major, minor } from "semver";
import { CommandError, exec } from "../command.mjs";
import { ROOT } from "../setup.mjs";

const JSII_DIFF = join(ROOT, "node_modules", "jsii-diff", "bin", "jsii-diff");

/**
 * What breaks programs that use the earlier package, as jsii-diff sees it.
 *
 * @param {string} before @param {string} after unpacked packages @returns {Promise<string[]>} a line for each
 */
export async function apiBreaks(before, after) {
  try {
    await exec(process.execPath, [JSII_DIFF, "--error-on", "non-experimental", before, after]);
    return [];
  } catch (error) {
    const breaks = `${error.stdout}${error.stderr}`
      .split("\n")
      .filter((line) => /^(?:err|Error|IFACE|PROP|METHOD|TYPE)/i.test(line.trim()));
    if (!(error instanceof CommandError) || breaks.length === 0) {
      throw error;
    }
    return breaks;
  }
}

/**
 * A break needs a version that says so, and a migration that takes users over it.
 *
 * @param {{ breaks: readonly string[], previous: string, next: string, before: string, after: string }} release
 * @returns {string[]} what is missing
 */
export function missingForBreaks({ breaks, previous, next, before, after }) {
  if (breaks.length === 0) {
    return [];
  }
  const saysSo = major(next) > major(previous) || (major(next) === 0 && minor(next) > minor(previous));
  const hasMigration = migrations(after).some((name) => !migrations(before).includes(name));
  return [
    ...(saysSo
      ? []
      : [
          `${previous} to ${next} is no version for a change that breaks: mark its commit with "!", or keep the old API`,
        ]),
    ...(hasMigration
      ? []
      : ["no migration was added for a change that breaks: npm run new -- migration NAME, or keep the old API"]),
  ];
}

/** @param {string} directory an unpacked package */
function migrations(directory) {
  const place = join(directory, "lib", "migrations");
  return existsSync(place) ? readdirSync(place).filter((name) => name.endsWith(".js")) : [];
}
