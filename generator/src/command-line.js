// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from "node:util";
import { flagList, readOptionFlags } from "./option-flags.js";
import { UserError } from "./user-error.js";

/** Flags of the generator itself; all others are options of the platform. */
const OWN = /** @type {const} */ ({
  yes: { type: "boolean", short: "y" },
  answers: { type: "string" },
  "dry-run": { type: "boolean" },
  from: { type: "string" },
  "no-git": { type: "boolean" },
  "no-post": { type: "boolean" },
  json: { type: "boolean" },
  undo: { type: "boolean" },
  force: { type: "boolean" },
  commit: { type: "boolean" },
  state: { type: "string" },
  conflicts: { type: "string" },
  take: { type: "string", multiple: true },
  keep: { type: "string", multiple: true },
  merge: { type: "string", multiple: true },
  "replace-workflows": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
});

/** `resolve` is what `ray-platform update --interactive` starts. */
const COMMANDS = /** @type {const} */ (["adopt", "resolve"]);

const HELP = `Usage: generator-ray-platform [adopt] [flags]

Creates a repository for a private Ray-on-EKS platform in an empty directory; "adopt" takes over an existing one.
Asks a few questions, except about what a flag or a file already says.
Exit codes: 0 done, 1 error, 4 a conflict that someone has to resolve, 130 aborted at a question.

  -y, --yes         ask nothing: defaults, and what the directory, git and the AWS configuration say
  --answers FILE    options as YAML or JSON
  --dry-run         show what would be written, and write nothing
  --from SPEC       where the repository installs ray-platform from: version, tag, file:/path/to.tgz
  --no-git          neither "git init" nor a first commit
  --no-post         do not install dependencies
  --version         print the version

adopt:
  --state FILE      output of "terraform show -json": its values are proposed, its cluster is imported
  --conflicts WHAT  for existing files with different content: take, keep, merge or recommended
  --take PATH       take the generated file; also a directory, with a slash at its end
  --keep PATH       keep the existing file, and release it from generation
  --merge PATH      merge both, and release the file from generation
  --replace-workflows  remove workflows that do what generated ones do
  --commit          commit the result
  --json            print what was taken, kept and left as JSON
  --undo            put every byte back; with --force, even where files were edited since

Every option of the platform is a flag too. Structs take their fields by path, lists of structs take JSON:
`;

/**
 * @typedef {object} Settings
 * @property {boolean} yes
 * @property {string} [answers]
 * @property {boolean} dryRun
 * @property {string} [from]
 * @property {boolean} git
 * @property {boolean} post
 * @property {boolean} json
 * @property {"adopt" | "resolve"} [command]
 * @property {boolean} undo
 * @property {boolean} force
 * @property {boolean} commit
 * @property {string} [state]
 * @property {boolean} replaceWorkflows
 * @property {import("./adopt/conflicts.js").Flags} conflictFlags
 * @property {boolean} help
 * @property {boolean} version
 * @property {Record<string, any>} options
 */

/** @param {readonly string[]} argv @returns {Settings} */
export function readCommandLine(argv) {
  /** @type {string[]} */
  const own = [];
  /** @type {string[]} */
  const others = [];
  const [command] = COMMANDS.filter((name) => name === argv[0]);
  for (let index = command === undefined ? 0 : 1; index < argv.length; index++) {
    const name = /^--?([^=]+)/.exec(argv[index])?.[1] ?? "";
    const known = Object.entries(OWN).find(([key, flag]) => key === name || ("short" in flag && flag.short === name));
    const target = known === undefined ? others : own;
    target.push(argv[index]);
    const takesNext = known?.[1].type === "string" && !argv[index].includes("=");
    if (takesNext && argv[index + 1] !== undefined) {
      target.push(argv[++index]);
    }
  }
  let values;
  try {
    ({ values } = parseArgs({ args: own, options: OWN, strict: true }));
  } catch (error) {
    throw new UserError(/** @type {Error} */ (error).message);
  }
  return {
    yes: values.yes ?? false,
    answers: values.answers,
    dryRun: values["dry-run"] ?? false,
    from: values.from,
    git: !values["no-git"],
    post: !values["no-post"],
    json: values.json ?? false,
    command,
    undo: values.undo ?? false,
    force: values.force ?? false,
    commit: values.commit ?? false,
    state: values.state,
    replaceWorkflows: values["replace-workflows"] ?? false,
    conflictFlags: {
      conflicts: values.conflicts,
      take: values.take ?? [],
      keep: values.keep ?? [],
      merge: values.merge ?? [],
    },
    help: values.help ?? false,
    version: values.version ?? false,
    options: values.help ? {} : readOptionFlags(others),
  };
}

/** @param {number} columns */
export function helpText(columns) {
  const lines = flagList().map(({ flag, option }) => {
    const summary = option.summary.replace(/\s+/g, " ").replace(/[;.]$/, "");
    const line = `  --${flag.padEnd(34)} ${summary}`;
    return line.length > columns ? `${line.slice(0, columns - 3)}...` : line;
  });
  return `${HELP}\n${lines.join("\n")}\n`;
}
