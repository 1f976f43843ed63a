// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import helmCharts from "./readers/helm-charts.mjs";
import imageDigests from "./readers/image-digests.mjs";
import instancePrices from "./readers/instance-prices.mjs";
import instanceTypes from "./readers/instance-types.mjs";
import kubernetesVersions from "./readers/kubernetes-versions.mjs";
import nodeReleases from "./readers/node-releases.mjs";
import npmPackages from "./readers/npm-packages.mjs";
import rayReleases from "./readers/ray-releases.mjs";
import regionOffers from "./readers/region-offers.mjs";
import verifyPrograms from "./readers/verify-programs.mjs";
import workflowActions from "./readers/workflow-actions.mjs";
import workflowPrograms from "./readers/workflow-programs.mjs";

/**
 * Reads what sources say of tables.
 *
 * @typedef {object} Reader
 * @property {string} id
 * @property {string} title what is read
 * @property {readonly string[]} files the tables that it writes
 * @property {string} source where it asks
 * @property {string} form where the form of the answers is documented
 * @property {(context: { source: import("./source.mjs").Source, tables: Record<string, any>, day: string,
 *   changes: readonly Change[] }) => Promise<{ changes: readonly Change[], waiting: readonly Waiting[] }>} read throws if a
 *   source has changed its form; \`changes\` are those of the readers before it
 *
 * A value of a table, changed or not, and what a change of it means for users.
 * @typedef {{ file: string, path: readonly string[], value: unknown, means: string }} Change
 *
 * What a person has to decide.
 * @typedef {{ what: string, newest: string, why: string }} Waiting
 */

/** @type {readonly Reader[]} */
export const READERS = [
  npmPackages,
  nodeReleases,
  workflowActions,
  workflowPrograms,
  verifyPrograms,
  helmCharts,
  kubernetesVersions,
  imageDigests,
  instanceTypes,
  instancePrices,
  regionOffers,
  rayReleases,
];

/** Readers whose sources have answered in the documented form; the others were tried on recorded answers only. */
export const SEEN = new Set(["npm-packages", "verify-programs", "instance-types", "region-offers"]);

/** Tables that nobody can read from a source, and why. */
export const UNREAD = {
  "data/accelerators.json": "a choice among the types of data/instance-types.json, which tests check against them",
  "data/controls.json": "written here, with each control",
  "data/frameworks.json": "numbers of documents that change every few years, and then by chapters",
  "data/github-limits.json": "numbers of pages that change by hand, each with the address of its page",
  "data/node-reserve.json": "constants of the sources of kubelet defaults, compared with published nodes in a test",
  "data/platform.schema.json": "made from types of this repository",
  "data/provider-locks.json": "found in lock files of public repositories, which no index lists by version",
  "data/replacing-arguments.json": "made of provider sources that change with the pinned provider only",
  "data/scanner-exceptions.json": "written here, each with its last day",
  "data/security-notes.json": "written here, with each release",
  "data/tolerated-findings.json": "written here",
  "data/unbound-permissions.json": "found by a test",
};
