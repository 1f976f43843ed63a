// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { MIGRATIONS } from "../migrations";
import { PACKAGE_VERSION } from "../package-version";
import { PREVIEW_VARIABLE, UPDATE_VARIABLE } from "../sync/run/run-variables";
import { unblockStart } from "../sync/run/start-up-files";
import { refuseOtherVersion } from "../sync/run/version-gate";
import { readProjenrc, synthesize } from "./declared-project";
import { findProjenrc } from "./find-projenrc";
import { PROGRAM_VARIABLE } from "./program-protocol";
import { readDeclaration } from "./projenrc-declaration";

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
  const file = findProjenrc(cwd);
  const declaration = readDeclaration(readProjenrc(file));
  if (declaration !== undefined) {
    synthesize(cwd, declaration);
    return;
  }
  const { runProgram } = require("./program-process") as typeof import("./program-process");
  process.exitCode = runProgram(cwd);
}
