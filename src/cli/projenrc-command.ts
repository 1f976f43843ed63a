// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { MIGRATIONS } from "../migrations";
import { PACKAGE_VERSION } from "../package-version";
import type { Rendering } from "../sync/run/preview-report";
import { lastRendering } from "../sync/run/last-rendering";
import { PREVIEW_VARIABLE, UPDATE_VARIABLE } from "../sync/run/run-variables";
import { isSettled } from "../sync/run/settled";
import { unblockStart } from "../sync/run/start-up-files";
import { refuseOtherVersion } from "../sync/run/version-gate";
import { readProjenrc, synthesize } from "./declared-project";
import { automationFiles } from "../workflow-rules/files-on-disk";
import { findProjenrc } from "./find-projenrc";
import { PROGRAM_VARIABLE } from "./program-protocol";
import { readDeclaration } from "./projenrc-declaration";
import { earlierRendering, keepingRendering } from "./rendering-reuse";

/** What `npx projen` starts. @throws OtherVersionError before anything of the repository runs */
export function regenerateHere(cwd: string): void {
  const program = process.env[PROGRAM_VARIABLE];
  if (program) {
    (require("./program-run") as typeof import("./program-run")).runForParent(cwd, program);
    return;
  }
  if (!process.env[PREVIEW_VARIABLE] && !process.env[UPDATE_VARIABLE]) {
    refuseOtherVersion(cwd, PACKAGE_VERSION, MIGRATIONS);
  }
  for (const line of unblockStart(cwd)) {
    process.stderr.write(`ray-platform: ${line}\n`);
  }
  if (isRegeneration() && isSettledAlready(cwd)) {
    return;
  }
  const file = findProjenrc(cwd);
  const declaration = readDeclaration(readProjenrc(file));
  if (declaration === undefined) {
    const { runProjenrcProgram } = require("./program-process") as typeof import("./program-process");
    process.exitCode = runProjenrcProgram(cwd);
  } else if (isRegeneration()) {
    keepingRendering(cwd, () => {
      synthesize(cwd, declaration);
      return lastRendering();
    });
  } else {
    synthesize(cwd, declaration);
  }
}

/** Whether this run brings the directory to what is rendered, and does nothing else. */
function isRegeneration(): boolean {
  return ![PREVIEW_VARIABLE, UPDATE_VARIABLE, "PROJEN_EJECTING"].some((name) => process.env[name]);
}

/**
 * Whether the directory is known to be what would be rendered. That is all that an earlier rendering is used for here:
 * where anything is to be written, installed or said, everything is rendered anew.
 */
function isSettledAlready(cwd: string): boolean {
  const earlier = earlierRendering(cwd);
  return earlier !== undefined && isSettled(earlier) && !hasOwnAutomation(cwd, earlier);
}

/** Whether there are workflows or actions of the user's own, which a run that renders judges, and may fail for. */
function hasOwnAutomation(cwd: string, { files }: Rendering): boolean {
  return automationFiles(cwd).some(({ path }) => (files.get(path)?.ownership ?? "released") === "released");
}
