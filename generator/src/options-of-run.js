// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, resolve } from "node:path";
import { readAnswersFile } from "./answers-file.js";
import { core } from "./core.js";
import { optionTree } from "./option-tree.js";
import { UserError } from "./user-error.js";

/** @typedef {import("./command-line.js").Settings} Settings */
/** @typedef {import("./surroundings.js").Proposal} Proposal */

/**
 * Options given by a file and by flags, which win.
 * @param {Settings} settings @param {string} cwd @returns {Promise<Record<string, any>>}
 */
export async function givenOptions(settings, cwd) {
  const file = settings.answers === undefined ? {} : readAnswersFile(resolve(cwd, settings.answers));
  const given = { ...file, ...settings.options };
  if (settings.from !== undefined) {
    given.devDeps = [...(given.devDeps ?? []), `ray-platform@${packageSpec(settings.from, cwd)}`];
  }
  refuse(issuesOf(given));
  return given;
}

/**
 * Given options with what was found for the others, as far as that is valid.
 * @param {Record<string, any>} given @param {readonly Proposal[]} proposals
 */
export function withProposals(given, proposals) {
  let options = { ...given };
  /** @type {Proposal[]} */
  const used = [];
  for (const proposal of proposals) {
    const { path, value } = proposal;
    if (options[path] === undefined && optionTree().some(({ name }) => name === path)) {
      const candidate = { ...options, [path]: value };
      if (!issuesOf(candidate).some((issue) => issue.path.startsWith(path))) {
        options = candidate;
        used.push(proposal);
      }
    }
  }
  return { options, used };
}

/**
 * What is wrong with options, which may lack the name of the project yet: without one, nothing else would be looked at.
 * @param {Record<string, any>} options
 */
export function issuesOf(options) {
  return core.judgeOptions(/** @type {any} */ (core.withStatedGpuTypes({ name: "platform", ...options }))).issues;
}

/** @param {readonly { path: string, value: unknown, rule: string, fix: string }[]} issues */
export function refuse(issues) {
  if (issues.length > 0) {
    throw new UserError(
      `${issues.map(({ path, value, rule, fix }) => `  ${path} = ${JSON.stringify(value)}\n    rule: ${rule}\n    fix:  ${fix}`).join("\n\n")}\n\nNothing was written.`,
    );
  }
}

/**
 * Options in the order in which the package lists them, with the ones left out that change nothing. What the policies have
 * to allow for a GPU that was chosen is among them.
 * @param {Record<string, any>} options
 */
export function settledOptions(options) {
  const stated = /** @type {any} */ (core.withStatedGpuTypes(options));
  const { issues, config, license } = core.judgeOptions(stated);
  refuse(issues);
  return {
    options: core.withoutDefaults(stated),
    config: present(config),
    license: present(license),
  };
}

/** @template T @param {T | undefined} value @returns {T} */
function present(value) {
  return /** @type {T} */ (value);
}

/** A path as npm cannot mistake it. @param {string} spec @param {string} cwd */
function packageSpec(spec, cwd) {
  const bare = spec.replace(/^ray-platform@/, "");
  const isPath = /^(\.{0,2}\/|file:)/.test(bare) || bare.endsWith(".tgz") || isAbsolute(bare);
  return isPath ? `file:${resolve(cwd, bare.replace(/^file:/, ""))}` : bare;
}
