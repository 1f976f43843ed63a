// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Aborted, UserError } from "../user-error.js";
import { askAboutConflict } from "../yeoman.js";

/**
 * What happens to a file of ours that exists with different content.
 * - `take`: the generated file; the one that is there stays in git's history
 * - `keep`: the one that is there, released from generation
 * - `merge`: both, released from generation
 * @typedef {"take" | "keep" | "merge"} Choice
 * @typedef {{ path: string, before: Buffer, after: Buffer }} Conflict
 * @typedef {{ conflicts?: string, take: string[], keep: string[], merge: string[] }} Flags
 */

/** Generation cannot do without them; what was in them is kept in other ways. */
const ALWAYS_TAKEN = /^(?:package\.json|\.projen\/.*|\.ray-platform\/.*)$/;
/** Texts by people for people. */
const BEST_KEPT =
  /^(?:LICENSE|CONTRIBUTING\.md|SECURITY\.md|\.github\/CODEOWNERS|\.github\/pull_request_template\.md|docs\/.*)$/;

const CHOICES = ["take", "keep", "merge"];

/**
 * @param {readonly Conflict[]} conflicts
 * @param {{ flags: Flags, cwd: string, adapter: import("@yeoman/types").InputOutputAdapter | undefined }} how
 * @returns {Promise<Map<string, Choice>>}
 */
export async function resolveConflicts(conflicts, { flags, cwd, adapter }) {
  if (flags.conflicts !== undefined && ![...CHOICES, "recommended"].includes(flags.conflicts)) {
    throw new UserError(`--conflicts ${flags.conflicts}: use take, keep, merge or recommended`);
  }
  /** @type {Map<string, Choice>} */
  const choices = new Map();
  /** @type {string[]} */
  const open = [];
  let rest = /** @type {Choice | undefined} */ (undefined);
  for (const { path, after } of conflicts) {
    const given = ALWAYS_TAKEN.test(path) ? "take" : (chosenByFlag(path, flags) ?? rest);
    if (given !== undefined) {
      choices.set(path, given);
    } else if (adapter !== undefined) {
      const { choice, forAll } = await ask(adapter, cwd, path, after);
      choices.set(path, choice);
      rest = forAll ? choice : undefined;
    } else {
      open.push(path);
    }
  }
  if (open.length > 0) {
    throw new UserError(
      `these files exist, and their content differs from what is generated:\n${open.map((path) => `  ${path}  (recommended: ${recommended(path)})`).join("\n")}\n\nDecide with --take PATH, --keep PATH, --merge PATH, or for all others with --conflicts take|keep|merge|recommended.\nNothing was written.`,
      4,
    );
  }
  return choices;
}

/** @param {string} path @param {Flags} flags @returns {Choice | undefined} */
function chosenByFlag(path, flags) {
  for (const choice of /** @type {Choice[]} */ (CHOICES)) {
    if (flags[choice].some((named) => named === path || (named.endsWith("/") && path.startsWith(named)))) {
      return choice;
    }
  }
  return flags.conflicts === "recommended" ? recommended(path) : /** @type {Choice | undefined} */ (flags.conflicts);
}

/** @param {string} path @returns {Choice} */
function recommended(path) {
  return BEST_KEPT.test(path) ? "keep" : "take";
}

/** @param {import("@yeoman/types").InputOutputAdapter} adapter @param {string} cwd @param {string} path @param {Buffer} content */
async function ask(adapter, cwd, path, content) {
  let choice = /** @type {Choice} */ ("take");
  let forAll = false;
  const pick =
    (/** @type {Choice} */ picked, all = false) =>
    () => {
      choice = picked;
      forAll = all;
      return picked === "take" ? "write" : "skip";
    };
  try {
    await askAboutConflict(adapter, {
      cwd,
      path,
      content,
      actions: (actions) => [
        { key: "t", name: "take the generated file", value: pick("take") },
        { key: "k", name: "keep mine, and release it from generation", value: pick("keep") },
        { key: "m", name: "merge both, and release it", value: pick("merge") },
        { key: "a", name: "take this and all others", value: pick("take", true) },
        .../** @type {{ value: unknown }[]} */ (actions).filter(({ value }) => value === "diff" || value === "abort"),
      ],
    });
  } catch (error) {
    if (
      /aborted by user|ExitPrompt|AbortPrompt/i.test(`${error}`) ||
      /ExitPrompt/.test(/** @type {Error} */ (error).name)
    ) {
      throw new Aborted();
    }
    throw error;
  }
  return { choice, forAll };
}
