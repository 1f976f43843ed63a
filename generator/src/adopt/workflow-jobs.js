// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { core } from "../core.js";
import { objectOf, objectsOf, textOf } from "../foreign-values.js";

/** @typedef {{ actions: string[], commands: string[] }} Signs */
/** @type {{ jobs: Record<string, Signs> }} */
const { jobs } = JSON.parse(readFileSync(new URL("../../data/workflow-jobs.json", import.meta.url), "utf8"));

/**
 * Workflows that do what generated ones do, and nothing else.
 *
 * @typedef {{ path: string, replacedBy: string[] }} SameJob
 * @param {string} root @param {readonly string[]} generated paths of generated files
 * @returns {{ same: SameJob[], partly: SameJob[] }} `partly`: some of their jobs do something of their own
 */
export function sameJobs(root, generated) {
  const directory = join(root, ".github", "workflows");
  /** @type {{ same: SameJob[], partly: SameJob[] }} */
  const found = { same: [], partly: [] };
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return found;
  }
  for (const name of readdirSync(directory)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()) {
    const path = `.github/workflows/${name}`;
    if (generated.includes(path)) {
      continue; // a conflict of its own
    }
    const matches = Object.values(jobsOf(join(root, path))).map(matchesOf);
    const replacedBy = [...new Set(matches.flat())].filter((file) => generated.includes(`.github/workflows/${file}`));
    if (replacedBy.length > 0) {
      found[matches.every((list) => list.length > 0) ? "same" : "partly"].push({ path, replacedBy });
    }
  }
  return found;
}

/** @param {string} file @returns {Record<string, any>} */
function jobsOf(file) {
  try {
    const [workflow] = core.readYamlDocuments(file, core.readText(file));
    return objectOf(objectOf(workflow).jobs);
  } catch (error) {
    if (error instanceof core.ExplainedError) {
      return {}; // GitHub cannot read it either
    }
    throw error;
  }
}

/** @param {unknown} job @returns {string[]} */
function matchesOf(job) {
  const steps = objectsOf(objectOf(job).steps);
  const uses = steps.map(({ uses: action }) => (textOf(action) ?? "").split("@")[0]);
  const lines = steps.flatMap(({ run }) => (textOf(run) ?? "").split("\n").map((line) => line.trim()));
  return Object.entries(jobs)
    .filter(
      ([, { actions, commands }]) =>
        actions.some((action) => uses.includes(action)) ||
        commands.some((command) => lines.some((/** @type {string} */ line) => runs(line, command))),
    )
    .map(([file]) => file);
}

/** Whether a line of a shell script starts a command. @param {string} line @param {string} command */
function runs(line, command) {
  const [program, verb] = command.split(" ");
  const words = line.split(/[\s;&|]+/);
  const at = words.indexOf(program);
  return at !== -1 && (verb === undefined || words.slice(at + 1).includes(verb));
}
