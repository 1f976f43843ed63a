// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { UserError } from "../user-error.js";

/** @typedef {import("../../../lib/sync/run/report.js").Report} Report */
/** @typedef {import("./conflicts.js").Conflict} Conflict */

/** Files that are there with other content than what would be generated. @param {Report} report @returns {Conflict[]} */
export function conflictsOf({ files }) {
  return files
    .filter(({ action, class: owner }) => action === "save-and-write" && owner === "managed")
    .map(({ path, before = "", after = "" }) => ({
      path,
      before: Buffer.from(before, "base64"),
      after: Buffer.from(after, "base64"),
    }));
}

/** @param {Report} report @throws UserError if something that is no file is in a generated one's place */
export function demandRoom({ files }) {
  const obstructed = files.filter(({ state }) => state === "obstructed");
  if (obstructed.length > 0) {
    throw new UserError(
      `${obstructed.map(({ path, note }) => `${path}: ${note}`).join("\n")}\nMake way for these files first. Nothing was written.`,
    );
  }
}

/** Names of the clusters: of the environments, whose names the options may leave to a default. @param {Report} report @returns {string[]} */
export function clusterNames(report) {
  const { environments = [] } = generatedJson(report, "src/platform/platform.json");
  return environments.map((/** @type {any} */ { cluster }) => cluster.name);
}

/** A generated JSON file's value; empty if it is not generated. @param {Report} report @param {string} path @returns {Record<string, any>} */
export function generatedJson({ files }, path) {
  const text = files.find((file) => file.path === path)?.after;
  return text === undefined ? {} : JSON.parse(Buffer.from(text, "base64").toString("utf8"));
}
