// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CORE_ROOT, core } from "../core.js";
import { settledOptions } from "../options-of-run.js";
import { writeProjenrc } from "../projenrc-writer.js";
import { acceptedDependencies } from "./accepted-dependencies.js";
import { optionsFor } from "./adoption-options.js";
import { notesOf } from "./adoption-notes.js";
import { resolveConflicts } from "./conflicts.js";
import { ejectedProjenrc, withReleases } from "./ejected-projenrc.js";
import { EXTENSIONS, foreignExtensions } from "./extensions-module.js";
import { extensionsWithImports } from "./imports.js";
import { headerExceptions } from "./license-headers.js";
import { keptManifest } from "./package-manifest.js";
import { clusterNames, conflictsOf, demandRoom, generatedJson } from "./previewed-files.js";
import { keptTasks } from "./projen-tasks.js";
import { promptOrAbort } from "./prompt.js";
import { sameJobs } from "./workflow-jobs.js";
import { workflowRelaxations } from "./workflow-rules.js";

/** @typedef {import("../command-line.js").Settings} Settings */
/** @typedef {import("../new-command.js").Io} Io */
/** @typedef {import("@yeoman/types").InputOutputAdapter} Adapter */
/** @typedef {import("../../../lib/sync/run/report.js").Report} Report */
/** @typedef {import("./conflicts.js").Conflict} Conflict */
/** @typedef {import("./conflicts.js").Choice} Choice */

/**
 * What an adoption is to do.
 * @typedef {object} Plan
 * @property {string} projenrc
 * @property {Report} report
 * @property {Map<string, Choice>} choices
 * @property {Map<string, Buffer>} contents files to be written before generation
 * @property {string[]} removed files that generated ones replace
 * @property {string[]} moved files that make room and stay as a backup beside
 * @property {string[]} notes
 * @property {string[]} markers files in which a merge left conflicts
 */

const EXTENSIONS_TEMPLATE = readFileSync(join(CORE_ROOT, "templates", EXTENSIONS), "utf8");

/**
 * Renders what the options give, asks about what is in its way, and renders again with the answers. A repository that left
 * generation comes back with the projenrc that it had: nothing is looked for in its files.
 * @param {Settings} settings @param {Io} io @param {Adapter | undefined} adapter @returns {Promise<Plan>}
 */
export async function makePlan(settings, io, adapter) {
  const { cwd } = io;
  const former = ejectedProjenrc(cwd);
  const isNew = former === undefined;
  const { resources, notes, options } = isNew
    ? await optionsFor(settings, io, adapter)
    : { resources: [], notes: [], options: {} };
  const render = (/** @type {Record<string, any>} */ more, /** @type {readonly string[]} */ statements) => {
    if (!isNew) {
      return withReleases(former, more.release ?? []);
    }
    const settled = settledOptions(merged(options, more));
    return writeProjenrc(settled.options, { license: settled.license, statements });
  };
  io.err("Rendering...\n");
  const first = core.previewOf(cwd, render({}, []));
  demandRoom(first);
  const manifest = keptManifest(cwd, generatedJson(first, "package.json"));
  const kept = isNew ? keptInProjenrc(cwd, first, manifest, options) : { more: {}, statements: [] };

  const conflicts = conflictsOf(first);
  const choices = await resolveConflicts(conflicts, { flags: settings.conflictFlags, cwd, adapter });
  const { contents, markers } = mergedFiles(cwd, conflicts, choices);
  const workflows = sameJobs(
    cwd,
    first.files.map(({ path }) => path),
  );
  const removed = await replacedWorkflows(workflows.same, settings, adapter);
  const temporaryExceptions = isNew
    ? temporaryExceptionsFor(cwd, first, pathsOf(choices, "take"), removed)
    : { exceptions: [], relax: [] };

  const projenrc = render(
    { ...kept.more, release: releasedFiles(first, choices), ...optionsOf(temporaryExceptions) },
    kept.statements,
  );
  const report = core.previewOf(cwd, projenrc);
  const moved = isNew ? foreignExtensions(cwd) : [];
  const imports = extensionsWithImports(resources, EXTENSIONS_TEMPLATE, clusterNames(report));
  const areImportsWritten = !existsSync(join(cwd, EXTENSIONS)) || moved.includes(EXTENSIONS);
  if (imports.text !== undefined && areImportsWritten) {
    contents.set(EXTENSIONS, Buffer.from(imports.text));
  }
  return {
    projenrc,
    report,
    choices,
    contents,
    removed,
    moved,
    markers,
    notes: [
      ...notes,
      ...manifest.notes,
      ...imports.notes,
      ...notesOf(cwd, {
        importsToAdd: imports.text === undefined || areImportsWritten ? undefined : imports.statements,
        moved,
        temporaryExceptions,
        workflows,
        removed,
      }),
    ],
  };
}

/** @param {Record<string, any>} options @param {Record<string, any>} more lists are appended, structs are merged */
function merged(options, more) {
  const result = { ...options };
  for (const [name, value] of Object.entries(more)) {
    if (!Array.isArray(value)) {
      result[name] = merged(result[name] ?? {}, value);
    } else if (value.length > 0) {
      result[name] = [...(result[name] ?? []), ...value];
    }
  }
  return result;
}

/**
 * Dependencies, fields of package.json and tasks of the repository, as options and lines of its projenrc.
 * @param {string} cwd @param {Report} preview @param {import("./package-manifest.js").KeptManifest} manifest
 * @param {Record<string, any>} options
 */
function keptInProjenrc(cwd, preview, manifest, options) {
  const { deps, devDeps, statements } = acceptedDependencies(manifest, options);
  const tasks = keptTasks(cwd, Object.keys(generatedJson(preview, ".projen/tasks.json").tasks ?? {}));
  const between = statements.length > 0 && tasks.length > 0 ? [""] : [];
  return { more: { deps, devDeps }, statements: [...statements, ...between, ...tasks] };
}

/** @param {Map<string, Choice>} choices @param {Choice} wanted */
function pathsOf(choices, wanted) {
  return new Set([...choices].filter(([, choice]) => choice === wanted).map(([path]) => path));
}

/** @param {string} cwd @param {readonly Conflict[]} conflicts @param {Map<string, Choice>} choices */
function mergedFiles(cwd, conflicts, choices) {
  /** @type {Map<string, Buffer>} */
  const contents = new Map();
  const markers = [];
  for (const { path, before, after } of conflicts.filter(({ path }) => choices.get(path) === "merge")) {
    const { content, conflict } = core.mergeFile(cwd, path, before, after);
    contents.set(path, content ?? before);
    if (conflict) {
      markers.push(path);
    }
  }
  return { contents, markers };
}

/** What is kept or merged, and what the repository has in directories that are generated as a whole. @param {Report} preview @param {Map<string, Choice>} choices */
function releasedFiles({ files }, choices) {
  return [
    ...[...choices].filter(([, choice]) => choice !== "take").map(([path]) => path),
    ...files.filter(({ state }) => state === "foreign").map(({ path }) => path),
  ];
}

/**
 * @param {readonly import("./workflow-jobs.js").SameJob[]} same @param {Settings} settings
 * @param {Adapter | undefined} adapter
 */
async function replacedWorkflows(same, settings, adapter) {
  if (settings.replaceWorkflows || same.length === 0 || adapter === undefined) {
    return settings.replaceWorkflows ? same.map(({ path }) => path) : [];
  }
  const { replace } = await promptOrAbort(adapter, {
    type: "checkbox",
    name: "replace",
    message: "These workflows do what generated ones do. Remove which?",
    choices: same.map(({ path, replacedBy }) => ({ name: `${path} (${replacedBy.join(", ")})`, value: path })),
    default: [],
  });
  return /** @type {string[]} */ (replace);
}

/**
 * Exceptions with an end for what was there before and does not keep the platform's rules.
 * @param {string} cwd @param {Report} preview @param {Set<string>} replaced @param {readonly string[]} removed
 */
function temporaryExceptionsFor(cwd, preview, replaced, removed) {
  return {
    exceptions: headerExceptions(cwd, preview, replaced),
    relax: workflowRelaxations(cwd, (path) => replaced.has(path) || removed.includes(path)),
  };
}

/** @param {ReturnType<typeof temporaryExceptionsFor>} temporaryExceptions */
function optionsOf({ exceptions, relax }) {
  const workflows = {
    ...(exceptions.length === 0 ? {} : { licenseHeader: { exceptions } }),
    ...(relax.length === 0 ? {} : { relax }),
  };
  return Object.keys(workflows).length === 0 ? {} : { workflows };
}
