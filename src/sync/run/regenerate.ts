// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from "node:fs";
import type { Project } from "projen/lib/project";
import { withoutCommands } from "../../log-text";
import { PACKAGE_VERSION } from "../../package-version";
import { apply } from "./apply";
import { eject } from "./eject";
import { claimRun } from "./only-project";
import type { Outcome } from "./outcome";
import type { ApplyRequest } from "./plan";
import { bookkeepingFiles } from "../store/bookkeeping-files";
import type { MigrationStep } from "../store/lock-file";
import { Ownership } from "../files/ownership";
import { placeNotes } from "./repository-place";
import { type RenderedProject, renderProject, runPostSynthesis } from "./render-project";
import { carriedOut, describeOutcome, describeRun, fileReport, type Report } from "./report";
import { noteRendering } from "./last-rendering";
import { handOverPreview } from "./preview-handover";
import type { Rendering } from "./preview-report";
import { releaseNotes } from "./release-notes";
import { writeRendering } from "./rendering-exchange";
import { isPostSynthesisWanted, PREVIEW_VARIABLE, UPDATE_VARIABLE } from "./run-variables";
import { refuseOtherVersion } from "./version-gate";

/**
 * Synthesizes a project without ever losing what its user wrote.
 *
 * The project is rendered aside, compared with its directory and with the lock of the last run, and only what differs
 * is written, atomically. To be called from the project's `synth()`.
 *
 * @param project the root project.
 * @param migrations those that lead to this version, oldest first.
 * @param synth projen's own `synth()`, which is left to itself for `projen new --no-synth`.
 */
export function regenerate(project: Project, migrations: readonly MigrationStep[], synth: () => void): void {
  if (project.initProject?.synth === false) {
    synth();
    return;
  }
  const preview = process.env[PREVIEW_VARIABLE];
  const update = process.env[UPDATE_VARIABLE];
  if (!preview && !update) {
    refuseOtherVersion(project.outdir, PACKAGE_VERSION, migrations);
  }
  claimRun(project);
  const rendered = renderProject(project);
  const request: ApplyRequest = {
    root: project.outdir,
    version: PACKAGE_VERSION,
    migrations: migrations.map(({ id }) => id),
    mode: update ? "update" : "regenerate",
    rendered: new Map([...rendered.files, ...bookkeepingFiles().map((file) => [file.path, file] as const)]),
    first: rendered.creation,
    releases: Ownership.of(project).releasePatterns(),
  };
  const { root, version, migrations: ids, rendered: files, releases = [] } = request;
  const rendering: Rendering = { root, version, migrations: ids, files, releases };
  if (preview) {
    if (!handOverPreview(rendering)) {
      writeFileSync(preview, writeRendering(rendering));
    }
    return;
  }
  noteRendering(rendering);
  if (project.ejected) {
    tellLines(project, eject(project.outdir, rendered.files));
    finish(project);
    return;
  }
  const notes = releaseNotes(root, files, releases);
  const outcome = apply(request);
  const remarks = [...notes, ...placeNotes(root, rendered.files.keys())];
  if (update) {
    writeReport(update, outcomeReport(request, outcome, remarks));
  } else {
    tell(project, outcome, remarks);
  }
  markChanged(rendered, outcome);
  finish(project);
}

function finish(project: Project): void {
  if (isPostSynthesisWanted()) {
    runPostSynthesis(project);
  }
}

function outcomeReport(request: ApplyRequest, outcome: Outcome, notes: readonly string[]): Report {
  return {
    format: 1,
    generator: request.version,
    previousGenerator: outcome.previousGenerator,
    files: carriedOut(outcome).map(fileReport),
    notes: [...describeRun(outcome), ...notes],
  };
}

function writeReport(file: string, report: Report): void {
  writeFileSync(file, JSON.stringify(report));
}

function tell(project: Project, outcome: Outcome, notes: readonly string[]): void {
  tellLines(project, describeOutcome(outcome, notes));
  if (outcome.decisions.some(({ state, action }) => state === "obstructed" && action === "keep")) {
    // The directory is not what the options say, and only the user can make way.
    process.exitCode = 1;
  }
}

function tellLines(project: Project, lines: readonly string[]): void {
  if (lines.length > 0) {
    project.logger.info(withoutCommands(["ray-platform:", ...lines.map((line) => `  ${line}`)].join("\n")));
  }
}

/** projen's post-synthesis hooks ask which files changed, to decide on installing dependencies. */
function markChanged(rendered: RenderedProject, outcome: Outcome): void {
  const written = new Set(
    carriedOut(outcome)
      .filter(({ after, action }) => after !== undefined && action !== "keep" && action !== "none")
      .map(({ path }) => path),
  );
  for (const [path, component] of rendered.components) {
    Object.defineProperty(component, "changed", { value: written.has(path), configurable: true });
  }
}
