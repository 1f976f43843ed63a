// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Runs the readers in one process, which jest's module system cannot load, and prints what came of it as JSON.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { editedTable } from "../../scripts/refresh/edited-table.mjs";
import { READERS, SEEN, UNREAD } from "../../scripts/refresh/readers.mjs";
import { recordedAnswers } from "../../scripts/refresh/recorded-answers.mjs";
import { refreshTables } from "../../scripts/refresh/refresh-tables.mjs";
import { Source } from "../../scripts/refresh/source.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..", "..");
const { day, transport } = recordedAnswers(join(HERE, "answers"));
const files = [...new Set(READERS.flatMap((reader) => reader.files))];
const now = Object.fromEntries(files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
const { cases, disagreements } = JSON.parse(readFileSync(0, "utf8"));

/** The tables with the values that the cases start from. */
const before = { ...now };
for (const { file, path, from } of cases.filter(({ from }) => from !== undefined)) {
  before[file] = editedTable(before[file], [{ path, value: from }]);
}

/** What a source answers with one day. */
const CHANGED = {
  nothing: Buffer.from(""),
  "an empty object": Buffer.from("{}"),
  "an empty list": Buffer.from("[]"),
  "a page for people": Buffer.from("<!DOCTYPE html><html><body>Moved</body></html>"),
  "other names": Buffer.from(JSON.stringify({ data: { items: [{ name: "1.0.0", tag: "1.0.0" }] } })),
};

const results = {};
for (const reader of READERS) {
  const asked = [];
  const ended = await attempt(reader, (name, answer) => {
    asked.push(name);
    return answer;
  });
  results[reader.id] = {
    failures: ended.failures,
    values: cases
      .filter((one) => one.reader === reader.id)
      .map(({ file, path }) => path.reduce((value, key) => value?.[key], JSON.parse(ended.texts[file]))),
    asOf: reader.files.map((file) => JSON.parse(ended.texts[file]).asOf ?? null),
    waiting: ended.waiting.map(({ what }) => what),
    disagreements: await Promise.all(
      disagreements.filter((one) => one.reader === reader.id).map((one) => disagreement(reader, one)),
    ),
    unnoticed: await unnoticed(reader, [...new Set(asked)]),
  };
}
console.log(
  JSON.stringify({
    day,
    results,
    readers: READERS.map(({ id, files: tables, form }) => ({ id, files: tables, form, seen: SEEN.has(id) })),
    unread: Object.keys(UNREAD),
  }),
);

function attempt(reader, change) {
  const changed = {
    async ask(url, request) {
      const answer = await transport.ask(url, request);
      return change(url, answer);
    },
    async run(program, args) {
      const name = [program, ...args].join(" ");
      const answer = { status: 200, headers: new Headers(), bytes: Buffer.from(await transport.run(program, args)) };
      return change(name, answer).bytes.toString("utf8");
    },
  };
  const tell = (_title, work) => work();
  return refreshTables({ readers: [reader], source: new Source(changed), texts: before, day, tell });
}

/** What is said where two sources of one fact differ. */
async function disagreement(reader, { name, from, to }) {
  const ended = await attempt(reader, (one, answer) =>
    one === name ? { ...answer, bytes: Buffer.from(answer.bytes.toString("utf8").replace(from, to)) } : answer,
  );
  return ended.failures.map(({ error }) => error).join();
}

/** Changed answers that a reader takes all the same, or after which a table is another. */
async function unnoticed(reader, asked) {
  const found = [];
  for (const name of asked) {
    for (const [how, bytes] of Object.entries(CHANGED)) {
      const ended = await attempt(reader, (one, answer) => (one === name ? { ...answer, bytes } : answer));
      const said = ended.failures.map(({ error }) => error).join();
      if (ended.failures.length === 0 || ended.texts !== before || said === "") {
        found.push(`${name}, ${how}`);
      }
    }
  }
  return found;
}
