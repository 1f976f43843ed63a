// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { editedTable } from "./edited-table.mjs";
import { READERS } from "./readers.mjs";

/**
 * Asks sources for tables.
 *
 * @param {{ readers: readonly import("./readers.mjs").Reader[], source: import("./source.mjs").Source,
 *   texts: Record<string, string>, day: string, tell: (title: string, work: () => Promise<unknown>) => Promise<unknown> }} request
 *   `texts` are the tables as they are
 * @returns {Promise<{ texts: Record<string, string>, changes: readonly Changed[], waiting: readonly object[],
 *   failures: readonly { id: string, error: string }[] }>} the tables as they become; as they are, if a reader fails
 *
 * @typedef {{ reader: string, file: string, name: string, from: unknown, to: unknown, means: string }} Changed
 */
export async function refreshTables({ readers, source, texts, day, tell }) {
  const tables = Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, JSON.parse(text)]));
  const readings = [];
  const failures = [];
  for (const reader of readers) {
    try {
      const found = readings.flatMap(({ changes }) => changes);
      const reading = await tell(reader.title, () => reader.read({ source, tables, day, changes: found }));
      readings.push({ reader, ...reading });
    } catch (error) {
      failures.push({ id: reader.id, error: error.message });
    }
  }
  const waiting = readings.flatMap(({ reader, waiting: list }) => list.map((one) => ({ reader: reader.id, ...one })));
  if (failures.length > 0) {
    return { texts, changes: [], waiting, failures };
  }
  const changes = readings.flatMap(({ reader, changes: list }) =>
    list
      .map((change) => ({ ...change, reader: reader.id, from: valueAt(tables[change.file], change.path) }))
      .filter(({ from, value }) => JSON.stringify(from) !== JSON.stringify(value)),
  );
  const days = confirmed(readers)
    .filter((file) => tables[file].asOf !== undefined)
    .map((file) => ({ file, path: ["asOf"], value: day }));
  const next = { ...texts };
  for (const change of [...changes, ...days]) {
    next[change.file] = editedTable(next[change.file], [change]);
  }
  return {
    texts: next,
    changes: changes.flatMap(({ reader, file, path, from, value, means }) =>
      leaves(path, from, value).map((leaf) => ({ reader, file, ...leaf, means })),
    ),
    waiting,
    failures,
  };
}

/** The tables of which every part was read. */
function confirmed(readers) {
  const files = new Set(readers.flatMap((reader) => reader.files));
  return [...files].filter((file) =>
    READERS.filter((reader) => reader.files.includes(file)).every((reader) => readers.includes(reader)),
  );
}

/** What differs between two values, each by its name; lists count as one value. */
function leaves(path, from, to) {
  if (!isMap(from) || !isMap(to)) {
    return [{ name: path.join("."), from: from ?? null, to: to ?? null }];
  }
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((key) => JSON.stringify(from[key]) !== JSON.stringify(to[key]))
    .flatMap((key) => leaves([...path, key], from[key], to[key]));
}

function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueAt(table, path) {
  return path.reduce((value, key) => value?.[key], table);
}
