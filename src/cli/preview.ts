// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runReport } from "../reports/file-reports";
import { keepRendering, readKeptRendering } from "../sync/run/kept-rendering";
import { previewReport } from "../sync/run/preview-report";
import { inputsAfter, inputsBefore } from "../sync/run/rendering-inputs";
import type { Report } from "../sync/run/report";
import { PREVIEW_VARIABLE, RENDERING_VARIABLE } from "../sync/run/run-variables";
import { isStartBlocked, START_IS_BLOCKED } from "../sync/run/start-up-files";
import { CommandError } from "./command-error";
import { isDeclarative } from "./declarative-projenrc";
import { ExitCode } from "./exit-code";
import { findProjenrc } from "./find-projenrc";
import { runProjenrc } from "./projenrc-command";

/** The module that a projenrc of this very copy of the package has loaded once it has rendered. */
const RENDERER = require.resolve("../sync/run/regenerate");

/**
 * Compares the project's directory with what the last preview rendered, if it would render the same again, or else with
 * what it renders now. Which of the two it was makes no difference but time.
 *
 * A kept rendering is not used in continuous integration: what a pull request brings along decides nothing there.
 */
export function previewReusing(root: string): Report {
  if (process.env.CI) {
    return preview(root);
  }
  const kept = readKeptRendering(root);
  if (kept !== undefined) {
    return previewReport(kept);
  }
  const declarative = isDeclarative(readFileSync(findProjenrc(root), "utf8"));
  const before = inputsBefore(root);
  let rendering: Buffer | undefined;
  const report = preview(root, (bytes) => {
    rendering = bytes;
  });
  const modules = Object.keys(require.cache);
  if (declarative && rendering !== undefined && modules.includes(RENDERER)) {
    const inputs = inputsAfter(before, root, modules, performance.timeOrigin);
    if (inputs !== undefined) {
      keepRendering(root, inputs, rendering);
    }
  }
  return report;
}

/**
 * Renders the project and compares, without writing to it. The same code as a regeneration, stopped before it writes.
 * What the projenrc prints goes to standard error, so that our own output stays readable by machines.
 * @param rendered receives what was rendered, serialized
 * @param projenrc a file to run in place of the project's own
 */
export function preview(root: string, rendered?: (bytes: Buffer) => void, projenrc?: string): Report {
  if (isStartBlocked(root)) {
    throw new CommandError(START_IS_BLOCKED, ExitCode.CONFLICT);
  }
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-preview-"));
  const reportFile = join(directory, "report.json");
  const renderingFile = join(directory, "rendering");
  const previous = { ...process.env };
  const { write } = process.stdout;
  const origin = process.cwd();
  process.env[PREVIEW_VARIABLE] = reportFile;
  process.env.PROJEN_DISABLE_POST = "true";
  if (rendered !== undefined) {
    process.env[RENDERING_VARIABLE] = renderingFile;
  }
  process.once("exit", failUnfinished);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  try {
    process.chdir(root);
    runProjenrc(root, projenrc);
    if (!existsSync(reportFile)) {
      throw new CommandError(
        "the projenrc ended without synthesizing a RayPlatformProject; does it call project.synth()?",
      );
    }
    if (existsSync(renderingFile)) {
      rendered?.(readFileSync(renderingFile));
    }
    return runReport.read(readFileSync(reportFile, "utf8")) as Report;
  } finally {
    process.removeListener("exit", failUnfinished);
    process.chdir(origin);
    process.stdout.write = write;
    restoreEnvironment(previous);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** In place, because others may hold the same object. */
function restoreEnvironment(previous: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env).filter((name) => !(name in previous))) {
    delete process.env[name];
  }
  Object.assign(process.env, previous);
}

/** A projenrc that ends the process must not make a check succeed that compared nothing. */
function failUnfinished(): void {
  process.stderr.write("the projenrc ended the process, so nothing was compared: remove process.exit() from it\n");
  process.exitCode = 1;
}
