// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { exec } from "./command.mjs";
import { Progress } from "./progress.mjs";
import { installDependencies, ROOT } from "./setup.mjs";

const HELP = `usage: npm run refresh [-- OPTIONS]

Asks the sources of the tables (data/*.json, workflows/pins.json, verify/tools.json) for what is newest and a week old,
writes it with the day, says what changed and what it means for users, and calls "npm run pins". A version stays in its
line; newer lines are only reported. If a source does not answer, or not in its documented format, nothing is written.

  --only ID[,ID]       ask these readers only
  --list               list the readers, and the tables without one
  --dry-run            write no table
  --notes FILE         write what changed as Markdown, too
  --day DAY            the date to use as today, such as 2027-01-31; by default the clock's
  --fixtures           use the recorded answers in test/refresh/answers instead of the sources (undo it with git)
  --recorded DIRECTORY use the recorded answers in a directory
  --json               print the result as JSON
  --help               print this text

The reader of Kubernetes versions needs the AWS CLI with credentials that may list EKS versions and add-ons; that of
instance types needs Go. GH_TOKEN, if set, is for the API of GitHub.

Exit code: 0 the tables are as the sources say, 1 a source failed, 2 wrong usage.`;

const options = commandLine();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const progress = new Progress({ quiet: options.json });
if (!existsSync(join(ROOT, "node_modules", "yaml"))) {
  await installDependencies(progress);
}
const [{ READERS, SEEN, UNREAD }, { network, Source }, { refreshTables }, { advisories }, { refreshNotes }] =
  await Promise.all(
    ["readers", "source", "refresh-tables", "advisories", "refresh-notes"].map(
      (name) => import(`./refresh/${name}.mjs`),
    ),
  );
if (options.list) {
  const rows = [...READERS.map(({ id, files, source }) => [id, `${files.join(", ")}: ${source}`])];
  const unread = Object.entries(UNREAD).map(([file, why]) => `${file}: ${why}`);
  console.log([...rows.map(([id, what]) => `${id.padEnd(20)} ${what}`), "", "Without a reader:", ...unread].join("\n"));
  process.exit(0);
}
const readers = chosenReaders();
const { transport, day } = await answers();
const source = new Source(transport);
const files = [...new Set(READERS.flatMap((reader) => reader.files))];
const texts = Object.fromEntries(files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
const refreshed = await refreshTables({
  readers,
  source,
  texts,
  day,
  tell: (title, work) => progress.step(title, work),
});
const known = await knownAdvisories();
if (refreshed.failures.length === 0 && !options["dry-run"]) {
  for (const file of files.filter((name) => refreshed.texts[name] !== texts[name])) {
    writeFileSync(join(ROOT, file), refreshed.texts[file]);
  }
  await progress.step("npm run pins", (note) => exec(process.execPath, [join(ROOT, "scripts/pins.mjs")], { note }));
}
report();

function commandLine() {
  try {
    return parseArgs({
      options: {
        only: { type: "string" },
        list: { type: "boolean" },
        "dry-run": { type: "boolean" },
        notes: { type: "string" },
        day: { type: "string" },
        fixtures: { type: "boolean" },
        recorded: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    return usageError(error.message);
  }
}

function usageError(message) {
  console.error(`${message}\n\n${HELP}`);
  process.exit(2);
}

function chosenReaders() {
  const only = options.only?.split(",");
  const unknown = only?.filter((id) => !READERS.some((reader) => reader.id === id)) ?? [];
  if (unknown.length > 0) {
    return usageError(`there is no reader ${unknown.join(", ")}; --list names them`);
  }
  return READERS.filter(({ id }) => only === undefined || only.includes(id));
}

async function answers() {
  const directory = options.fixtures ? join(ROOT, "test", "refresh", "answers") : options.recorded;
  const given = options.day ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(given) || Number.isNaN(Date.parse(given))) {
    return usageError(`--day ${given} is no day; write 2027-01-31`);
  }
  if (directory === undefined) {
    return { transport: network(), day: given };
  }
  if (!existsSync(resolve(directory))) {
    return usageError(`there is no directory ${directory}`);
  }
  const { recordedAnswers } = await import("./refresh/recorded-answers.mjs");
  const recorded = recordedAnswers(resolve(directory));
  return { transport: recorded.transport, day: options.day ?? recorded.day };
}

/** Of what is pinned from now on. Where only some readers are asked, nobody asked for them. */
async function knownAdvisories() {
  if (options.only !== undefined || refreshed.failures.length > 0) {
    return [];
  }
  try {
    const tables = Object.fromEntries(Object.entries(refreshed.texts).map(([file, text]) => [file, JSON.parse(text)]));
    return await progress.step("Advisories of what is pinned", () => advisories(source, tables));
  } catch (error) {
    refreshed.failures.push({ id: "advisories", error: error.message });
    return [];
  }
}

function report() {
  const { changes, waiting, failures } = refreshed;
  const recorded = options.fixtures || options.recorded !== undefined;
  const unseen = readers.map(({ id }) => id).filter((id) => !recorded && !SEEN.has(id));
  const notes = refreshNotes({ day, changes, waiting, advisories: known, unseen });
  if (options.notes !== undefined && failures.length === 0) {
    writeFileSync(resolve(options.notes), notes);
  }
  if (options.json) {
    console.log(JSON.stringify({ day, changes, waiting, advisories: known, unseen, failures }, null, 2));
  } else if (failures.length === 0) {
    console.log(notes);
  }
  for (const { id, error } of failures) {
    console.error(`${id}: ${error}`);
  }
  if (failures.length > 0) {
    console.error("Nothing was written. With --only, the other readers can be asked.");
  }
  process.exit(failures.length > 0 ? 1 : 0);
}
