// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { EXTENSIONS } from "./extensions-module.js";
import { prefixOf } from "./git.js";
import { BACKUP_SUFFIX } from "./backup-suffix.js";

/** @typedef {import("./license-headers.js").HeaderException} HeaderException */
/** @typedef {import("./workflow-rules.js").Relaxation} Relaxation */

/**
 * What a person should know of an adoption beyond its lists of files.
 * @typedef {object} Noteworthy
 * @property {string | undefined} importsToAdd statements for an extensions module that stays the user's
 * @property {readonly string[]} moved
 * @property {{ exceptions: readonly HeaderException[], relax: readonly Relaxation[] }} temporaryExceptions
 * @property {ReturnType<typeof import("./workflow-jobs.js").sameJobs>} workflows
 * @property {readonly string[]} removed
 */

/** @param {string} cwd @param {Noteworthy} noteworthy @returns {string[]} */
export function notesOf(cwd, { importsToAdd, moved, temporaryExceptions, workflows, removed }) {
  return [
    ...(importsToAdd === undefined ? [] : [`${EXTENSIONS} is yours, so add to its function extend:\n${importsToAdd}`]),
    ...moved.map(
      (path) =>
        `${path} has no function extend, which the platform calls; it becomes ${path}${BACKUP_SUFFIX} next to a new one`,
    ),
    ...notesOfHeaders(temporaryExceptions.exceptions),
    ...notesOfRules(temporaryExceptions.relax),
    ...workflows.same
      .filter(({ path }) => !removed.includes(path))
      .map(
        ({ path, replacedBy }) => `${path} does the job of ${replacedBy.join(", ")}; --replace-workflows removes it`,
      ),
    ...workflows.partly.map(
      ({ path, replacedBy }) => `${path} does the job of ${replacedBy.join(", ")} and others, and stays`,
    ),
    ...(prefixOf(cwd) === ""
      ? []
      : [
          `GitHub runs the workflows of the repository's root only: what is generated below ${prefixOf(cwd)}.github waits there`,
        ]),
  ];
}

/** @param {readonly HeaderException[]} exceptions */
function notesOfHeaders(exceptions) {
  return exceptions
    .slice(0, 1)
    .map(
      ({ expires }) =>
        `no license header: ${exceptions.map(({ path }) => path).join(", ")}; excepted until ${expires} (workflows.licenseHeader.exceptions)`,
    );
}

/** One for each workflow. @param {readonly Relaxation[]} relax */
function notesOfRules(relax) {
  /** @type {Map<string, Relaxation[]>} */
  const byWorkflow = new Map();
  for (const relaxation of relax) {
    byWorkflow.set(relaxation.workflow, [...(byWorkflow.get(relaxation.workflow) ?? []), relaxation]);
  }
  return [...byWorkflow].map(
    ([path, broken]) =>
      `${path} breaks rules for workflows: ${broken.map(({ rule }) => rule).join(", ")}; relaxed until ${broken[0]?.expires} (workflows.relax)`,
  );
}
