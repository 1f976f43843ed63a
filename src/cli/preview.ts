// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { DiskFile } from "../sync/files/disk-file";
import { takePreview } from "../sync/run/preview-handover";
import { previewReport, type Rendering } from "../sync/run/preview-report";
import { readRendering } from "../sync/run/rendering-exchange";
import type { Report } from "../sync/run/report";
import { PREVIEW_VARIABLE } from "../sync/run/run-variables";
import { isStartBlocked, START_IS_BLOCKED } from "../sync/run/start-up-files";
import { CommandError } from "./command-error";
import { ExitCode } from "./exit-code";
import { readProjenrc, synthesize } from "./declared-project";
import { findProjenrc } from "./find-projenrc";
import { type DeclaredOptions, readDeclaration } from "./projenrc-declaration";
import { earlierRendering, keepingRendering } from "./rendering-reuse";

/** What a preview is told and asked besides. */
interface PreviewProps {
  /** Receives what was rendered, if that depends on nothing but the text of the projenrc. */
  readonly declared?: (rendering: Rendering) => void;
  /** A file to read in place of the project's own. */
  readonly projenrc?: string;
  /** Receives what lies at each path that is compared. */
  readonly disks?: Map<string, DiskFile>;
}

/**
 * Compares the project's directory with what an earlier run rendered, if that would be rendered again, or renders.
 * @param disks receives what lies at each path that is compared
 */
export function previewReusing(root: string, disks?: Map<string, DiskFile>): Report {
  const earlier = earlierRendering(root);
  if (earlier !== undefined) {
    return previewReport(earlier, disks);
  }
  let report: Report | undefined;
  keepingRendering(root, () => {
    let declared: Rendering | undefined;
    report = preview(root, {
      declared: (rendering) => {
        declared = rendering;
      },
      disks,
    });
    return declared;
  });
  return report as unknown as Report;
}

/**
 * Renders the project and compares, without writing to it. The same code as a regeneration, stopped before it writes.
 *
 * The comparison is made here, by a process in which nothing of the repository runs: a projenrc that only declares options
 * is read as data, and one that is a program renders in a process of its own.
 */
export function preview(root: string, { declared, projenrc, disks }: PreviewProps = {}): Report {
  if (isStartBlocked(root)) {
    throw new CommandError(START_IS_BLOCKED, ExitCode.CONFLICT);
  }
  const file = projenrc ?? findProjenrc(root);
  const declaration = readDeclaration(readProjenrc(file));
  if (declaration === undefined) {
    const { renderProgram } = require("./program-process") as typeof import("./program-process");
    return previewReport(readRendering(renderProgram(root, file), root), disks);
  }
  const rendering = renderDeclaration(root, declaration);
  declared?.(rendering);
  return previewReport(rendering, disks);
}

/** What is logged meanwhile goes to standard error, so that our own output stays readable by machines. */
function renderDeclaration(root: string, declaration: DeclaredOptions): Rendering {
  const previous = { ...process.env };
  const { write } = process.stdout;
  const origin = process.cwd();
  process.env[PREVIEW_VARIABLE] = "handed over";
  process.env.PROJEN_DISABLE_POST = "true";
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  try {
    process.chdir(root);
    const rendering = takePreview(() => synthesize(root, declaration));
    if (rendering === undefined) {
      throw new Error("the declared project rendered nothing");
    }
    return rendering;
  } finally {
    process.chdir(origin);
    process.stdout.write = write;
    restoreEnvironment(previous);
  }
}

/** In place, because others may hold the same object. */
function restoreEnvironment(previous: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env).filter((name) => !(name in previous))) {
    delete process.env[name];
  }
  Object.assign(process.env, previous);
}
