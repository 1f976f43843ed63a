// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";

/** An action's release, by commit. */
export interface PinnedAction {
  /** Exact release tag, as the comment beside the pin says it. */
  readonly version: string;
  /** The 40 hexadecimal digits of the commit. Not of an annotated tag, which is an object of its own. */
  readonly sha: string;
  /** Where the pair of tag and commit was seen. */
  readonly source?: string;
  /** The image that the action runs, by digest, where the action's own file names it by a tag. */
  readonly image?: string;
  /** The program that a set-up action installs, and how its version is given. */
  readonly installs?: { readonly tool: string; readonly input: string; readonly prefix: string };
}

/** A program that a workflow downloads, or an image that it runs. */
export interface PinnedTool {
  readonly version: string;
  /** SHA-256 of the release asset for Linux on x86_64. */
  readonly sha256?: string;
  /** Where the archive that `sha256` is of can be had, with `{version}` for the version, if no workflow file says it. */
  readonly archive?: string;
  /** Image by digest. */
  readonly image?: string;
}

/**
 * `workflows/pins.json`: everything that a workflow may run and that does not come from the repository itself. `npm run
 * pins` writes it into the workflows.
 */
export interface PinTable {
  /** Day on which the table was compared with its sources. */
  readonly asOf: string;
  readonly actions: Readonly<Record<string, PinnedAction>>;
  readonly tools: Readonly<Record<string, PinnedTool>>;
}

/** Directory of the workflow files and their pins in this package. */
export const WORKFLOWS_DIRECTORY = join(PACKAGE_ROOT, "workflows");

/** Read the table that this package ships. */
export function readPinTable(): PinTable {
  return JSON.parse(readFileSync(join(WORKFLOWS_DIRECTORY, "pins.json"), "utf8")) as PinTable;
}

/** The table with a repository's own actions added, or other releases in place of ours. */
export function withActions(table: PinTable, actions: Readonly<Record<string, PinnedAction>>): PinTable {
  return { ...table, actions: { ...table.actions, ...actions } };
}

/** `owner/name` of what is before the `@` of a `uses`; sub-actions share their repository's pin. */
export function repositoryOfAction(action: string): string {
  return action.split("/").slice(0, 2).join("/");
}
