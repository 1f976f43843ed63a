// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Conversation } from "../conversation.js";
import { CORE_COMMAND, CORE_ROOT, core } from "../core.js";
import { givenOptions, issuesOf, settledOptions, withProposals } from "../options-of-run.js";
import { writeProjenrc } from "../projenrc-writer.js";
import { surroundings } from "../surroundings.js";
import { Aborted, UserError } from "../user-error.js";
import { resolveConflicts } from "./conflicts.js";
import { commitAll, demandCleanTree, gitDirectory, prefixOf } from "./git.js";
import { extensionsWithImports } from "./imports.js";
import { headerExceptions } from "./license-headers.js";
import { keptManifest } from "./package-manifest.js";
import { keptTasks } from "./projen-tasks.js";
import { Backup, snapshot } from "./undo.js";
import { accepted, foundValues } from "./values/found-values.js";
import { sameJobs } from "./workflow-jobs.js";
import { workflowRelaxations } from "./workflow-rules.js";

/** @typedef {import("../command-line.js").Settings} Settings */
/** @typedef {import("../new-command.js").Io} Io */
/** @typedef {import("./conflicts.js").Conflict} Conflict */
/** @typedef {import("./conflicts.js").Choice} Choice */
/** @typedef {import("../../../lib/sync/run/report.js").Report} Report */

const EXTENSIONS = "src/extensions.ts";
const EXTENSIONS_TEMPLATE = readFileSync(join(CORE_ROOT, "templates", EXTENSIONS), "utf8");

/** Ending of what the adoption put aside. */
const BACKUP = ".bak";

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

/** Takes a repository that exists into generation. @param {Settings} settings @param {Io} io @returns {Promise<number>} exit code */
export async function adoptCommand(settings, io) {
  gitDirectory(io.cwd);
  if (settings.undo) {
    const { restored, removed, packagesStay } = Backup.read(io.cwd).undo(settings.force);
    const packages = packagesStay ? " Installed packages are as they are: npm ci" : "";
    io.out(`Undone: ${restored.length} files restored, ${removed.length} removed.${packages}\n`);
    return 0;
  }
  if (existsSync(join(io.cwd, ".ray-platform", "lock.json")) && existsSync(join(io.cwd, ".projenrc.ts"))) {
    throw new UserError("this repository is generated already; npx ray-platform update moves it to another version");
  }
  demandCleanTree(io.cwd);
  const isAsked = io.isTerminal && !settings.yes && settings.answers === undefined;
  const adapter = isAsked ? await io.adapter() : undefined;
  const plan = await makePlan(settings, io, adapter);
  io.err(`${previewText(plan)}\n`);
  if (settings.dryRun) {
    io.out(settings.json ? `${JSON.stringify(reportOf(plan))}\n` : `${plan.projenrc}\n`);
    return 0;
  }
  if (adapter !== undefined) {
    const { go } = await promptOrAbort(adapter, {
      type: "confirm",
      name: "go",
      message: "Adopt this repository?",
      default: true,
    });
    if (go !== true) {
      throw new Aborted();
    }
  } else if (!settings.yes && settings.answers === undefined) {
    throw new UserError(
      "standard input is not a terminal, so nothing can be asked; give --yes, --answers FILE or --dry-run",
    );
  }
  carryOut(plan, settings, io);
  const result = reportOf(plan);
  io.out(settings.json ? `${JSON.stringify(result)}\n` : `${reportText(result)}\n`);
  if (settings.commit) {
    commitAll(io.cwd, "chore: adopt ray-platform");
  }
  return plan.markers.length > 0 ? 4 : 0;
}

/** @param {Settings} settings @param {Io} io @param {import("@yeoman/types").InputOutputAdapter | undefined} adapter @returns {Promise<Plan>} */
async function makePlan(settings, io, adapter) {
  const { cwd } = io;
  const former = ejectedProjenrc(cwd);
  const { resources, notes, options } =
    former === undefined ? await optionsFor(settings, io, adapter) : { resources: [], notes: [], options: {} };
  const render = (/** @type {Record<string, any>} */ more, /** @type {readonly string[]} */ statements) => {
    if (former !== undefined) {
      return withReleases(former, more.release ?? []);
    }
    const settled = settledOptions(merged(options, more));
    return writeProjenrc(settled.options, { license: settled.license, statements });
  };
  io.err("Rendering...\n");
  const first = core.previewOf(cwd, render({}, []));
  const manifest = keptManifest(cwd, generatedJson(first, "package.json"));
  const tasks =
    former === undefined ? keptTasks(cwd, Object.keys(generatedJson(first, ".projen/tasks.json").tasks ?? {})) : [];
  const kept =
    former === undefined ? acceptedDependencies(manifest, options) : { deps: [], devDeps: [], statements: [] };
  const conflicts = conflictsOf(first);
  const obstructed = first.files.filter(({ state }) => state === "obstructed");
  if (obstructed.length > 0) {
    throw new UserError(
      `${obstructed.map(({ path, note }) => `${path}: ${note}`).join("\n")}\nMake way for these files first. Nothing was written.`,
    );
  }
  const choices = await resolveConflicts(conflicts, { flags: settings.conflictFlags, cwd, adapter });
  /** @type {Map<string, Buffer>} */
  const contents = new Map();
  const markers = [];
  for (const { path, before, after } of conflicts) {
    if (choices.get(path) === "merge") {
      const { content, conflict } = core.mergeFile(cwd, path, before, after);
      contents.set(path, content ?? before);
      if (conflict) {
        markers.push(path);
      }
    }
  }
  const release = [
    ...[...choices].filter(([, choice]) => choice !== "take").map(([path]) => path),
    // What the repository has in directories that are generated as a whole stays, as its own.
    ...first.files.filter(({ state }) => state === "foreign").map(({ path }) => path),
  ];
  const statements = [...kept.statements, ...(kept.statements.length > 0 && tasks.length > 0 ? [""] : []), ...tasks];
  const replaced = new Set([...choices].filter(([, choice]) => choice === "take").map(([path]) => path));
  const workflows = sameJobs(
    cwd,
    first.files.map(({ path }) => path),
  );
  const removed = await replacedWorkflows(workflows.same, settings, adapter);
  const exceptions = former === undefined ? headerExceptions(cwd, first, replaced) : [];
  const isGone = (/** @type {string} */ path) => replaced.has(path) || removed.includes(path);
  const relax = former === undefined ? workflowRelaxations(cwd, isGone) : [];
  const graces = {
    ...(exceptions.length === 0 ? {} : { licenseHeader: { exceptions } }),
    ...(relax.length === 0 ? {} : { relax }),
  };
  const projenrc = render(
    {
      deps: kept.deps,
      devDeps: kept.devDeps,
      release,
      ...(Object.keys(graces).length === 0 ? {} : { workflows: graces }),
    },
    statements,
  );
  const report = core.previewOf(cwd, projenrc);
  const moved = former === undefined ? foreignExtensions(cwd) : [];
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
      ...(imports.text === undefined || areImportsWritten
        ? []
        : [`${EXTENSIONS} is yours, so add to its function extend:\n${imports.statements}`]),
      ...moved.map(
        (path) =>
          `${path} has no function extend, which the platform calls; it becomes ${path}${BACKUP} next to a new one`,
      ),
      ...(exceptions.length === 0
        ? []
        : [
            `no license header: ${exceptions.map(({ path }) => path).join(", ")}; excepted until ${exceptions[0].expires} (workflows.licenseHeader.exceptions)`,
          ]),
      ...[...new Set(relax.map(({ workflow }) => workflow))].map(
        (path) =>
          `${path} breaks rules for workflows: ${relax
            .filter(({ workflow }) => workflow === path)
            .map(({ rule }) => rule)
            .join(", ")}; relaxed until ${relax[0].expires} (workflows.relax)`,
      ),
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
            "GitHub runs the workflows of the repository's root only: what is generated below " +
              prefixOf(cwd) +
              ".github waits there",
          ]),
    ],
  };
}

/** @param {Settings} settings @param {Io} io @param {import("@yeoman/types").InputOutputAdapter | undefined} adapter */
async function optionsFor(settings, io, adapter) {
  const given = await givenOptions(settings, io.cwd);
  const found = await foundValues(io.cwd, settings.state);
  const { options: read, used, refused } = accepted(given, found.proposals);
  for (const { path, value, source } of used) {
    io.err(`${path}: ${JSON.stringify(value)} (${source})\n`);
  }
  const proposals = await surroundings(io.cwd, io.env);
  const notes = [...found.notes, ...refused];
  if (adapter === undefined) {
    return { resources: found.resources, notes, options: withProposals(read, proposals).options };
  }
  const taken =
    used.length === 0 ||
    (
      await promptOrAbort(adapter, {
        type: "confirm",
        name: "found",
        message: "Start from the values above?",
        default: true,
      })
    ).found;
  const print = (/** @type {string} */ text) => io.err(`${text}\n`);
  const conversation = new Conversation(adapter, { given: taken ? read : given, proposals, print });
  await conversation.run();
  return { resources: found.resources, notes, options: conversation.answers };
}

/** The options of a repository that left generation. @param {string} cwd */
function ejectedProjenrc(cwd) {
  const file = join(cwd, ".projenrc.ts.bak");
  const text = existsSync(file) && !existsSync(join(cwd, ".projenrc.ts")) ? core.readText(file) : "";
  return text.includes("RayPlatformProject") ? text : undefined;
}

/** A module of that name that is not what the stacks import. @param {string} cwd */
function foreignExtensions(cwd) {
  const file = join(cwd, EXTENSIONS);
  const hasExtend = /export\s+(?:(?:async\s+)?function|const|let)\s+extend\b|export\s*\{[^}]*\bextend\b/;
  return existsSync(file) && !hasExtend.test(core.readText(file)) ? [EXTENSIONS] : [];
}

/** @param {string} projenrc @param {readonly string[]} release */
export function withReleases(projenrc, release) {
  if (release.length === 0) {
    return projenrc;
  }
  const opened = /new RayPlatformProject\(\{\n?/;
  if (!opened.test(projenrc) || /^\s*release:/m.test(projenrc)) {
    throw new UserError(`add to "release" in the projenrc by hand, and start again: ${release.join(", ")}`);
  }
  return projenrc.replace(opened, (start) => `${start}  release: ${JSON.stringify(release)},\n`);
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
 * Dependencies that the options take; others, such as links, are kept in package.json itself.
 * @param {import("./package-manifest.js").KeptManifest} manifest @param {Record<string, any>} options
 */
function acceptedDependencies(manifest, options) {
  const isAccepted = (/** @type {string} */ name, /** @type {string} */ spec) =>
    issuesOf({ ...options, [name]: [spec] }).length === 0;
  const left = (/** @type {string} */ field, /** @type {string} */ option, /** @type {readonly string[]} */ specs) =>
    specs
      .filter((spec) => !isAccepted(option, spec))
      .map((spec) => {
        const at = spec.lastIndexOf("@");
        return `manifest?.addOverride(${JSON.stringify(`${field}.${spec.slice(0, at).replaceAll(".", "\\.")}`)}, ${JSON.stringify(spec.slice(at + 1))});`;
      });
  const more = [
    ...left("dependencies", "deps", manifest.deps),
    ...left("devDependencies", "devDeps", manifest.devDeps),
  ];
  const opening =
    manifest.statements.length > 0 || more.length === 0
      ? []
      : ['const manifest = project.tryFindObjectFile("package.json");'];
  return {
    deps: manifest.deps.filter((spec) => isAccepted("deps", spec)),
    devDeps: manifest.devDeps.filter((spec) => isAccepted("devDeps", spec)),
    statements: [...manifest.statements, ...opening, ...more],
  };
}

/** @param {Report} report @returns {Conflict[]} */
export function conflictsOf({ files }) {
  return files
    .filter(({ action, class: owner }) => action === "save-and-write" && owner === "managed")
    .map(({ path, before = "", after = "" }) => ({
      path,
      before: Buffer.from(before, "base64"),
      after: Buffer.from(after, "base64"),
    }));
}

/** Of the environments, whose names the options may leave to a default. @param {Report} report @returns {string[]} */
function clusterNames(report) {
  const { environments = [] } = generatedJson(report, "src/platform/platform.json");
  return environments.map((/** @type {any} */ { cluster }) => cluster.name);
}

/** @param {Report} report @param {string} path @returns {Record<string, any>} */
function generatedJson({ files }, path) {
  const text = files.find((file) => file.path === path)?.after;
  return text === undefined ? {} : JSON.parse(Buffer.from(text, "base64").toString("utf8"));
}

/**
 * @param {readonly import("./workflow-jobs.js").SameJob[]} same @param {Settings} settings
 * @param {import("@yeoman/types").InputOutputAdapter | undefined} adapter
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

/** @param {import("@yeoman/types").InputOutputAdapter} adapter @param {any} question @returns {Promise<any>} */
async function promptOrAbort(adapter, question) {
  try {
    return await adapter.prompt([question]);
  } catch (error) {
    throw /ExitPrompt|AbortPrompt/.test(/** @type {Error} */ (error).name) ? new Aborted() : error;
  }
}

/** @param {Plan} plan @param {Settings} settings @param {Io} io */
function carryOut({ projenrc, contents, removed, moved }, settings, io) {
  const { cwd } = io;
  const backup = Backup.take(cwd, snapshot(cwd));
  const formerProjenrc = readdirSync(cwd).filter((file) => /^\.projenrc\.\w+$/.test(file));
  for (const path of [...formerProjenrc, ...moved]) {
    renameSync(join(cwd, path), join(cwd, `${path}${BACKUP}`));
  }
  writeFileSync(join(cwd, ".projenrc.ts"), projenrc);
  for (const path of removed) {
    rmSync(join(cwd, path));
  }
  for (const [path, content] of contents) {
    if (existsSync(join(cwd, path))) {
      writeFileSync(join(cwd, path), content);
    }
  }
  io.err(settings.post ? "Generating, and installing dependencies...\n" : "Generating...\n");
  const { status } = spawnSync(process.execPath, [CORE_COMMAND, "projenrc"], {
    cwd,
    stdio: ["ignore", 2, 2],
    env: { ...io.env, ...(settings.post ? {} : { PROJEN_DISABLE_POST: "true" }) },
  });
  for (const [path, content] of contents) {
    writeFileSync(join(cwd, path), content);
  }
  backup.complete();
  if (status !== 0) {
    throw new UserError(`adoption did not finish; correct the cause above and run npx projen, or go back: ${UNDO}`);
  }
}

const UNDO = "npx generator-ray-platform adopt --undo";

/** By state, as the core classified. @param {Plan} plan */
function previewText(plan) {
  const { created, taken, kept, merged: both, left, removed } = reportOf(plan);
  const section = (/** @type {string} */ title, /** @type {readonly string[]} */ paths, listed = 20) =>
    paths.length === 0
      ? []
      : [
          `${title}: ${paths.length}`,
          ...paths.slice(0, listed).map((path) => `  ${path}`),
          ...(paths.length > listed ? ["  ..."] : []),
        ];
  return [
    ...section("Created", created, 0),
    ...section(
      "Extended by a marked block",
      plan.report.files
        .filter(({ class: owner, before }) => owner === "block" && before !== undefined)
        .map(({ path }) => path),
    ),
    ...section("Taken from generation, in place of yours", taken),
    ...section("Kept, and released from generation", kept),
    ...section("Merged, and released from generation", both),
    ...section("Left as they are, and yours", left),
    ...section("Removed, because a generated workflow does their job", removed),
    ...plan.notes.map((note) => `Note: ${note}`),
  ].join("\n");
}

/** @param {Plan} plan */
function reportOf({ report, choices, removed, moved, notes, markers }) {
  const chosen = (/** @type {Choice} */ wanted) =>
    [...choices].filter(([, choice]) => choice === wanted).map(([path]) => path);
  return {
    created: report.files.filter(({ state, disk }) => state === "added" && disk === "absent").map(({ path }) => path),
    taken: chosen("take"),
    kept: chosen("keep"),
    merged: chosen("merge"),
    left: report.files
      .filter(({ class: owner, state, disk }) => owner === "seeded" && state === "unchanged" && disk === "edited")
      .filter(({ path }) => !moved.includes(path))
      .map(({ path }) => path),
    removed,
    moved: moved.map((path) => ({ from: path, to: `${path}${BACKUP}` })),
    conflicts: markers,
    notes,
    undo: UNDO,
  };
}

/** @param {ReturnType<typeof reportOf>} result */
function reportText({ created, taken, kept, merged: both, left, removed, conflicts }) {
  return [
    `Adopted: ${created.length} files created, ${taken.length} taken, ${kept.length} kept, ${both.length} merged, ${left.length} left, ${removed.length} removed.`,
    ...conflicts.map((path) => `Resolve the conflicts in ${path}.`),
    `Nothing was committed. Look at it with git diff, and go back with: ${UNDO}`,
    "Next: npx projen build",
  ].join("\n");
}
