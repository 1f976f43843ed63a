// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "../json-object";

/** What a migration may ask for. Nothing is written until every migration has asked. */
export interface MigrationContext {
  /**
   * Renames an option in `.projenrc.ts`.
   * @param from path of the option, such as `cluster.logRetention`; `[]` stands for every element: `environments[].region`.
   * @param to its new name, in the same place.
   */
  renameOption(from: string, to: string): void;
  /**
   * Sets an option in `.projenrc.ts` that it does not mention, so that what held by default goes on. Where the options are
   * code that cannot be edited as data, a note says what to add.
   * @param struct the option that holds it, such as `policyLimits`
   * @param field its name there
   */
  declareOption(struct: string, field: string, value: readonly string[]): void;
  /** The JSON object that was generated at a path; undefined where nothing is that can be read. */
  generated(path: string): JsonObject | undefined;
  /**
   * Moves a generated file; the user's edits go with it.
   * @param from its path in repositories of the older version
   * @param to its path from this version on
   */
  moveFile(from: string, to: string): void;
  /** Deletes a file that was seeded, if it was never edited. Managed files that are no longer rendered need no migration. */
  removeFile(path: string): void;
}

/** One step from the repositories of an older version to those of a newer one. To be applied twice without harm. */
export interface Migration {
  /** Short name, never reused. */
  readonly id: string;
  /** The version that needs it: it is applied to repositories that an older one generated last. */
  readonly version: string;
  /** What it does, for the user. */
  readonly description: string;
  apply(context: MigrationContext): void;
}
