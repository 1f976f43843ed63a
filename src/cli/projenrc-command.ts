// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { MIGRATIONS } from "../migrations";
import { PACKAGE_ROOT } from "../package-root";
import { PACKAGE_VERSION } from "../package-version";
import { PREVIEW_VARIABLE, UPDATE_VARIABLE } from "../sync/run/run-variables";
import { beginRun } from "../sync/run/only-project";
import { unblockStart } from "../sync/run/start-up-files";
import { refuseOtherVersion } from "../sync/run/version-gate";
import { findProjenrc } from "./find-projenrc";
import { endStackAtUser } from "./user-stack";
import { versionAdviceHere } from "./version-here";

/** What `npx projen` starts. @throws OtherVersionError before anything of the repository runs */
export function regenerateHere(cwd: string): void {
  if (!process.env[PREVIEW_VARIABLE] && !process.env[UPDATE_VARIABLE]) {
    refuseOtherVersion(cwd, PACKAGE_VERSION, MIGRATIONS);
  }
  for (const line of unblockStart(cwd)) {
    process.stderr.write(`ray-platform: ${line}\n`);
  }
  demandSynthesis();
  runProjenrc(cwd);
}

/**
 * Runs the project's `.projenrc.ts`.
 * This is what `npx projen` starts, so it loads nothing that it does not need; the compiled file is cached.
 *
 * @param file another file to run in its place, such as one that is not written yet
 */
export function runProjenrc(cwd: string, file = findProjenrc(cwd)): void {
  const { createJiti } = require("jiti") as typeof import("jiti");
  const modules = join(cwd, "node_modules");
  const jiti = createJiti(file, {
    fsCache: existsSync(modules) ? join(modules, ".cache", "jiti") : false,
    interopDefault: false,
    ...ownPackage(file),
  });
  beginRun();
  try {
    jiti(file);
  } catch (error) {
    hintAtUpdate(cwd);
    endStackAtUser(error, cwd);
    throw error;
  }
}

/** Where nothing is installed yet, a projenrc gets the copy of the package that runs it. */
function ownPackage(file: string): { readonly alias?: Record<string, string> } {
  try {
    createRequire(file).resolve("ray-platform/package.json");
    return {};
  } catch {
    return { alias: { "ray-platform": PACKAGE_ROOT } };
  }
}

/**
 * Makes a process fail that ends without having synthesized: whoever forgot `project.synth()` must not believe that there
 * was nothing to change. Asked at the very end, because a projenrc may wait for something first.
 */
function demandSynthesis(): void {
  process.once("exit", (code) => {
    const { hasRendered } = require("../sync/run/render-project") as typeof import("../sync/run/render-project");
    if (code === 0 && !hasRendered()) {
      process.stderr.write(
        "the projenrc ended without synthesizing a RayPlatformProject, so nothing was generated; does it call project.synth()?\n",
      );
      process.exitCode = 1;
    }
  });
}

/** Options of another version may be the reason why a projenrc fails. */
function hintAtUpdate(cwd: string): void {
  const advice = versionAdviceHere(cwd);
  if (advice !== undefined) {
    process.stderr.write(`${advice}, if that is what the following is about\n\n`);
  }
}
