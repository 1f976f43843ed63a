// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { core } from "../../core.js";
import { isObject, objectOf, objectsOf, textOf } from "../../foreign-values.js";
import { repositoryFiles } from "./repository-files.js";

/** @typedef {import("../../surroundings.js").Proposal} Proposal */

/** GiB of a Kubernetes quantity of memory. */
const GIB = /** @type {Record<string, number>} */ ({
  Ki: 2 ** -20,
  Mi: 2 ** -10,
  Gi: 1,
  Ti: 1024,
  "": 2 ** -30,
  M: 1e6 / 2 ** 30,
  G: 1e9 / 2 ** 30,
});

/**
 * Worker groups of RayCluster manifests and of values of the ray-cluster Helm chart.
 * @param {string} root @returns {{ proposals: Proposal[], notes: string[] }}
 */
export function fromRayManifests(root) {
  /** @type {{ proposals: Proposal[], notes: string[] }} */
  const found = { proposals: [], notes: [] };
  for (const { path, text } of repositoryFiles(root, /\.ya?ml$/)) {
    if (!/kind:\s*RayCluster|^worker:|^additionalWorkerGroups:/m.test(text) || text.includes("{{")) {
      continue;
    }
    for (const document of documentsOf(path, text, found.notes)) {
      const value = objectOf(document);
      const groups = value.kind === "RayCluster" ? fromCluster(value) : fromValues(value);
      if (groups.length > 0) {
        found.proposals.push({ path: "ray.workerGroups", value: groups, source: path });
      }
    }
  }
  return found;
}

/** @param {string} path @param {string} text @param {string[]} notes @returns {unknown[]} */
function documentsOf(path, text, notes) {
  try {
    return core.readYamlDocuments(path, text);
  } catch (error) {
    if (!(error instanceof core.ExplainedError)) {
      throw error;
    }
    notes.push(error.message);
    return [];
  }
}

/** @param {Record<string, any>} cluster */
function fromCluster(cluster) {
  return objectsOf(objectOf(cluster.spec).workerGroupSpecs).map((group) => {
    const [container] = objectsOf(objectOf(objectOf(group.template).spec).containers);
    return workerGroup(group.groupName, group, container?.resources);
  });
}

/** @param {Record<string, any>} values */
function fromValues({ worker, additionalWorkerGroups }) {
  return [
    ...(isObject(worker) ? [[worker.groupName ?? "workers", worker]] : []),
    ...Object.entries(objectOf(additionalWorkerGroups)),
  ]
    .filter(([, group]) => isObject(group) && group.disabled !== true)
    .map(([name, group]) => workerGroup(name, group, group.resources));
}

/** @param {unknown} name @param {Record<string, any>} group @param {unknown} resources */
function workerGroup(name, group, resources) {
  const size = { ...objectOf(objectOf(resources).requests), ...objectOf(objectOf(resources).limits) };
  const gpus = whole(size["nvidia.com/gpu"]);
  const fields = {
    name: (textOf(name) ?? "workers").toLowerCase().replace(/[^a-z0-9-]+/g, "-"),
    pool: gpus === undefined || gpus === 0 ? "cpu" : "gpu",
    minReplicas: whole(group.minReplicas),
    maxReplicas: whole(group.maxReplicas),
    cpu: cores(size.cpu),
    memoryGib: gibibytes(size.memory),
    gpus: gpus === 0 ? undefined : gpus,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** @param {unknown} value */
function whole(value) {
  const number = Number(textOf(value) ?? Number.NaN);
  return Number.isInteger(number) ? number : undefined;
}

/** @param {unknown} value */
function cores(value) {
  const text = textOf(value) ?? "";
  const number = text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text === "" ? Number.NaN : text);
  return Number.isFinite(number) ? number : undefined;
}

/** @param {unknown} value */
function gibibytes(value) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|M|G|)$/.exec(textOf(value) ?? "") ?? [];
  return number === undefined ? undefined : Math.floor(Number(number) * GIB[unit]) || undefined;
}
