// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import { issuesOf } from "../../options-of-run.js";
import { setAt, valueAt } from "../../option-tree.js";
import { fromRayManifests } from "./ray-manifests.js";
import { fromTerraform } from "./terraform.js";
import { fromState, readState } from "./terraform-state.js";

/** @typedef {import("../../surroundings.js").Proposal} Proposal */

/**
 * What a repository, and a state if one is given, say about the platform that runs.
 * @param {string} root @param {string | undefined} stateFile
 */
export async function foundValues(root, stateFile) {
  const resources = stateFile === undefined ? [] : readState(resolve(root, stateFile));
  const terraform = await fromTerraform(root);
  const ray = fromRayManifests(root);
  // What runs counts more than what is written down.
  const proposals = [...fromState(resources, stateFile ?? ""), ...terraform.proposals, ...ray.proposals].map(asOption);
  return { resources, proposals, notes: [...terraform.notes, ...ray.notes] };
}

/**
 * The first valid value for each option; what is given wins.
 * @param {Record<string, any>} given @param {readonly Proposal[]} proposals
 */
export function accepted(given, proposals) {
  let options = structuredClone(given);
  /** @type {Proposal[]} */
  const used = [];
  /** @type {string[]} */
  const refused = [];
  for (const proposal of proposals) {
    const path = proposal.path.split(".");
    if (
      valueAt(options, path) !== undefined ||
      (proposal.path === "environments" && options.environmentNames !== undefined)
    ) {
      continue;
    }
    const candidate = structuredClone(options);
    setAt(candidate, path, proposal.value);
    const before = issuesOf(options).map(({ path: at, rule }) => at + rule);
    const issue = issuesOf(candidate).find(({ path: at, rule }) => !before.includes(at + rule));
    if (issue === undefined) {
      options = candidate;
      used.push(proposal);
    } else {
      refused.push(
        `${proposal.path} ${JSON.stringify(proposal.value)} (${proposal.source}) is not taken: ${issue.rule}; ${issue.fix}`,
      );
    }
  }
  return { options, used, refused };
}

/** The name of a cluster belongs to its environment. @param {Proposal} proposal @returns {Proposal} */
function asOption({ path, value, source }) {
  if (path !== "cluster") {
    return { path, value, source };
  }
  const [, environment = "prod"] = /-(dev|test|stage|staging|prod|production)$/.exec(String(value)) ?? [];
  return { path: "environments", value: [{ name: environment, clusterName: value }], source };
}
