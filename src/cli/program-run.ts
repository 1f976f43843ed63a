// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";
import { beginRun } from "../sync/run/only-project";
import { END, END_DESCRIPTOR } from "./program-protocol";
import { endStackAtUser } from "./user-stack";
import { hintAtUpdate } from "./version-here";

/** Runs a projenrc that is a program, in a process that the verdict does not depend on. */
export function runForParent(cwd: string, file: string): void {
  process.once("exit", (code) => {
    const { hasRendered } = require("../sync/run/render-project") as typeof import("../sync/run/render-project");
    if (code === 0 && !hasRendered()) {
      process.stderr.write(
        "the projenrc ended without synthesizing a RayPlatformProject, so nothing was generated; does it call project.synth()?\n",
      );
      process.exitCode = 1;
    } else if (code === 0) {
      writeSync(END_DESCRIPTOR, END);
    }
  });
  process.once("exit", failUnfinished);
  try {
    runProjenrc(cwd, file);
  } finally {
    process.removeListener("exit", failUnfinished);
  }
}

/** A projenrc that ends the process leaves whatever comes after it undone. */
function failUnfinished(): void {
  process.stderr.write("the projenrc ended the process, so nothing was compared: remove process.exit() from it\n");
  process.exitCode = 1;
}

/** Runs a projenrc as the program that it is; what is compiled is cached where that can be written. */
function runProjenrc(cwd: string, file: string): void {
  const { ProgramModules } = require("./program-modules") as typeof import("./program-modules");
  const modules = join(cwd, "node_modules");
  const isConfined = (process as { permission?: unknown }).permission !== undefined;
  const program = new ProgramModules({
    cache: existsSync(modules) && !isConfined ? join(modules, ".cache", "ray-platform", "compiled") : undefined,
    packages: ownPackage(file),
  });
  beginRun();
  try {
    program.load(file);
  } catch (error) {
    hintAtUpdate(cwd);
    endStackAtUser(error, cwd);
    throw error;
  }
}

/** Where nothing is installed yet, a projenrc gets the copy of the package that runs it. */
function ownPackage(file: string): Readonly<Record<string, string>> {
  try {
    createRequire(file).resolve("ray-platform/package.json");
    return {};
  } catch {
    return { "ray-platform": PACKAGE_ROOT };
  }
}
