// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../explained-error";
import { readForeignText } from "../foreign-file";
import { PACKAGE_ROOT } from "../package-root";
import { duringRun } from "../sync/run/only-project";
import { CommandError } from "./command-error";
import { loadLessOfProjen } from "./less-of-projen";
import type { DeclaredOptions } from "./projenrc-declaration";
import { hintAtUpdate } from "./version-here";

/** More text than anybody's options have. */
const MOST_BYTES = 1 << 20;

/** What this package exports, as far as a declaration needs it. */
interface Exports extends Readonly<Record<string, unknown>> {
  readonly RayPlatformProject: new (options: unknown) => { synth(): void };
}

/** The text of a projenrc. @throws CommandError for what is no text of that kind */
export function readProjenrc(file: string): string {
  try {
    return readForeignText(file, MOST_BYTES);
  } catch (error) {
    if (error instanceof ExplainedError) {
      throw new CommandError(`${error.message}, and so not a projenrc; nothing was generated`);
    }
    throw error;
  }
}

/** Makes and synthesizes the project that a projenrc declares. Nothing of the repository runs. */
export function synthesize(cwd: string, declaration: DeclaredOptions): void {
  loadLessOfProjen();
  // This very copy of the package: what the repository would resolve the name to is up to its package.json.
  const exports = require(PACKAGE_ROOT) as Exports;
  try {
    duringRun(() => new exports.RayPlatformProject(declaration.options(exports)).synth());
  } catch (error) {
    hintAtUpdate(cwd);
    throw error;
  }
}
