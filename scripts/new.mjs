// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

/**
 * A kind of thing that this project has many of: `scripts/new/<kind>.mjs` exports one of these by default.
 *
 * @typedef {object} Kind
 * @property {string} summary what is laid, on one line
 * @property {{ pattern: RegExp, rule: string, example: string }} name what a NAME looks like
 * @property {(name: string) => Scaffold} scaffold
 *
 * @typedef {object} Scaffold
 * @property {Record<string, string>} files text of new files, by path; none of them may exist
 * @property {Record<string, (text: string) => string>} [edits] changes of files that exist, by path
 * @property {string[]} next what is left to do, in order
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const kinds = await loadKinds();

const HELP = `usage: npm run new -- KIND NAME [OPTIONS]

Lays the files of one more thing of a kind, and adds it to the kind's list.

${kinds.map(([kind, { summary }]) => `  ${kind.padEnd(10)} ${summary}`).join("\n")}

  --dry-run  write nothing; print what would be written
  --json     print the paths, and what is left to do, as JSON on standard output
  --help     print this text

Exit code: 0 written, 1 something is in the way and nothing was written, 2 wrong usage.`;

const { values: options, positionals } = commandLine();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const [kindName, name, ...more] = positionals;
const kind = kinds.find(([candidate]) => candidate === kindName)?.[1];
if (kind === undefined) {
  refuseUsage(kindName === undefined ? "KIND is missing." : `There is no kind '${kindName}'.`);
}
if (name === undefined || more.length > 0) {
  refuseUsage(name === undefined ? "NAME is missing." : `'${more.join(" ")}' is too much: one NAME at a time.`);
}
if (!kind.name.pattern.test(name)) {
  refuseUsage(`NAME = '${name}': must be ${kind.name.rule}, such as ${kind.name.example}.`);
}

const { files, edits = {}, next } = kind.scaffold(name);
const created = Object.keys(files);
const changed = Object.keys(edits);
const problems = created.filter((path) => existsSync(join(ROOT, path))).map((path) => `${path} exists already.`);
const texts = new Map(Object.entries(files));
for (const path of changed) {
  try {
    texts.set(path, edits[path](readFileSync(join(ROOT, path), "utf8")));
  } catch (error) {
    problems.push(`${path}: ${error.message}`);
  }
}
if (problems.length > 0) {
  console.error(`Nothing was written.\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  process.exit(1);
}
if (!options["dry-run"]) {
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}
report();

async function loadKinds() {
  const directory = join(ROOT, "scripts", "new");
  const names = readdirSync(directory).filter((file) => file.endsWith(".mjs"));
  return Promise.all(
    names
      .sort()
      .map(async (file) => [
        file.replace(/\.mjs$/, ""),
        (await import(pathToFileURL(join(directory, file)).href)).default,
      ]),
  );
}

function commandLine() {
  try {
    return parseArgs({
      options: { "dry-run": { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean" } },
      allowPositionals: true,
    });
  } catch (error) {
    return refuseUsage(error.message);
  }
}

function refuseUsage(message) {
  console.error(`${message}\n\n${HELP}`);
  process.exit(2);
}

function report() {
  if (options.json) {
    console.log(JSON.stringify({ created, changed, next }, null, 2));
    return;
  }
  const [create, change] = options["dry-run"] ? ["would create", "would change"] : ["created", "changed"];
  for (const path of created) {
    console.log(`${create} ${path}`);
  }
  for (const path of changed) {
    console.log(`${change} ${path}`);
  }
  console.log(`\nNext:\n${next.map((step, index) => `  ${index + 1}. ${step}`).join("\n")}`);
}
