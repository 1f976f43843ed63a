// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { FileBase } from "projen/lib/file";
import type { Project } from "projen/lib/project";
import { Ownership } from "../files/ownership";
import { assertProjectPath } from "../files/project-path";
import type { RenderedFile } from "../files/rendered-file";
import { rootRelative } from "../files/root-relative";
import { type StagedFile, Staging } from "../files/staging";

/** A whole project as it would be written. */
export interface RenderedProject {
  /** Generated files, by path. */
  readonly files: ReadonlyMap<string, RenderedFile>;
  /** What is written only by `projen new`, such as `.projenrc.ts`: the user's from the start, and not tracked. */
  readonly creation: readonly StagedFile[];
  /** projen's own file components, by path. */
  readonly components: ReadonlyMap<string, FileBase>;
}

/** Known to every copy of this package: the command may come from another than the projenrc imports. */
const RENDERED = Symbol.for("ray-platform.rendered");

/** Whether this process rendered a project. */
export function hasRendered(): boolean {
  return RENDERED in globalThis;
}

/**
 * Renders a project without touching its directory.
 *
 * Follows the steps of projen's `Project.synth()` (0.103): `preSynthesize` everywhere, then `synthesize`, then
 * `projectCreation`. Its clean-up is left out, because the classifier decides what is deleted.
 */
export function renderProject(project: Project): RenderedProject {
  Object.assign(globalThis, { [RENDERED]: true });
  prepare(project);
  const staging = new Staging(project);
  try {
    staging.redirect(() => synthesize(project));
    const staged = staging.collect();
    const initProject = project.initProject;
    if (initProject !== undefined) {
      staging.redirect(() => {
        for (const component of project.components) {
          component.projectCreation(initProject);
        }
      });
    }
    const creation = staging.collect();
    const components = fileComponents(project);
    return { files: own(project, staged, components), creation, components };
  } finally {
    staging.dispose();
  }
}

/** Runs what projen runs after writing: installation of dependencies, mostly. */
export function runPostSynthesis(project: Project): void {
  for (const subproject of project.subprojects) {
    runPostSynthesis(subproject);
  }
  for (const component of project.components) {
    component.postSynthesize();
  }
  project.postSynthesize();
  const initProject = project.initProject;
  if (initProject !== undefined) {
    for (const component of project.components) {
      component.postProjectCreation(initProject);
    }
  }
}

function prepare(project: Project): void {
  project.preSynthesize();
  for (const component of project.components) {
    component.preSynthesize();
  }
  for (const subproject of project.subprojects) {
    prepare(subproject);
  }
}

function synthesize(project: Project): void {
  for (const subproject of project.subprojects) {
    synthesize(subproject);
  }
  for (const component of project.components) {
    component.synthesize();
  }
}

function fileComponents(project: Project): Map<string, FileBase> {
  const components = new Map<string, FileBase>();
  for (const construct of project.node.findAll()) {
    if (construct instanceof FileBase) {
      components.set(rootRelative(construct.project, construct.path), construct);
    }
  }
  return components;
}

function own(
  project: Project,
  staged: readonly StagedFile[],
  components: ReadonlyMap<string, FileBase>,
): Map<string, RenderedFile> {
  const ownership = Ownership.of(project);
  const files = new Map<string, RenderedFile>();
  for (const { path, content, mode } of [...staged].sort(byPath)) {
    assertProjectPath(path);
    const declared = ownership.declared(path);
    const component = components.get(path);
    // What is neither declared nor a file component is a sample of some kind: written once, never again.
    const owner = declared?.ownership ?? (component === undefined ? "seeded" : "managed");
    files.set(path, {
      path,
      ownership: ownership.isReleased(path) ? "released" : owner,
      component: declared?.component ?? component?.constructor.name ?? "SampleFile",
      options: ownership.optionsOf(path),
      content,
      mode: owner === "managed" ? mode : mode | 0o200,
      isBlock: owner === "block",
      position: declared?.position ?? "end",
      initial: declared?.initial ?? "",
    });
  }
  return files;
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
