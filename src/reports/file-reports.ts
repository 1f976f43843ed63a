// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { format, reportFormat } from "./report-format";
import { list, number, object, type Of, text } from "./shape";

const migration = object({ id: text, description: text });

/** One generated file, and what is to happen to it. */
const file = object(
  {
    path: text,
    /** Who owns it: `managed`, `block`, `seeded` or `released`. */
    class: text,
    component: text,
    state: text,
    action: text,
    /** How the disk compares with the lock. */
    disk: text,
    /** How the rendering compares with the lock. */
    upstream: text,
  },
  { /** The options that shape it. */ options: list(text), note: text, saved: text },
);

/** One generated file as the lock and the disk show it. */
const inspected = object(
  { path: text, class: text, component: text, version: text, disk: text },
  { /** The options that shape it. */ options: list(text), note: text },
);

/** How old the facts are that the installed version ships, by the oldest of its tables. */
const data = object({ asOf: text, days: number, oldest: text });

const comparison = {
  format,
  /** Version of ray-platform that rendered. */
  generator: text,
  files: list(file),
  /** Remarks on the whole run. */
  notes: list(text),
  /** What `ray-platform update --installed` would apply first. */
  migrations: list(migration),
};

/** What `ray-platform diff --json` prints. */
export const diffReport = reportFormat("diff --json", object(comparison, { previousGenerator: text }));
export type DiffReport = Of<typeof diffReport.shape>;

/** What `ray-platform check --json` prints. While migrations are pending no file is judged. */
export const checkReport = reportFormat(
  "check --json",
  object({ ...comparison, exitCode: number }, { previousGenerator: text, data }),
);
export type CheckReport = Of<typeof checkReport.shape>;

/** What `ray-platform check --lock-only --json` prints: the files that are not as the lock says. */
export const lockCheckReport = reportFormat(
  "check --lock-only --json",
  object({ format, exitCode: number, generator: text, files: list(inspected) }, { notes: list(text), data }),
);
export type LockCheckReport = Of<typeof lockCheckReport.shape>;

/** What `ray-platform status --json` prints. `generator` is absent where nothing was generated yet. */
export const statusReport = reportFormat(
  "status --json",
  object({ format, files: list(inspected) }, { generator: text, data }),
);
export type StatusReport = Of<typeof statusReport.shape>;

/** What `ray-platform update --json` prints: the files that changed or wait for their owner. */
export const updateReport = reportFormat(
  "update --json",
  object(
    {
      format,
      to: text,
      migrations: list(migration),
      notes: list(text),
      securityNotes: list(object({ version: text, kind: text, id: text, text })),
      files: list(file),
    },
    { from: text },
  ),
);
export type UpdateReport = Of<typeof updateReport.shape>;

/** What one process of an update or a preview hands to the other: a comparison, with the content that changes. */
export const runReport = reportFormat(
  "projenrc",
  object({ format, generator: text, files: list(file), notes: list(text) }, { previousGenerator: text }),
);
