// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
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
 * @param {string} root @returns {Promise<{ proposals: Proposal[], notes: string[] }>}
 */
export async function fromRayManifests(root) {
  const { parseAllDocuments } = await import("yaml");
  /** @type {{ proposals: Proposal[], notes: string[] }} */
  const found = { proposals: [], notes: [] };
  for (const { path, text } of repositoryFiles(root, /\.ya?ml$/)) {
    if (!/kind:\s*RayCluster|^worker:|^additionalWorkerGroups:/m.test(text) || text.includes("{{")) {
      continue;
    }
    for (const document of parseAllDocuments(text)) {
      if (document.errors.length > 0) {
        found.notes.push(`${path} is not read: ${document.errors[0].message.split("\n")[0]}`);
        continue;
      }
      const value = document.toJS();
      const groups = value?.kind === "RayCluster" ? fromCluster(value) : fromValues(value);
      if (groups.length > 0) {
        found.proposals.push({ path: "ray.workerGroups", value: groups, source: path });
      }
    }
  }
  return found;
}

/** @param {any} cluster */
function fromCluster(cluster) {
  return (cluster.spec?.workerGroupSpecs ?? []).map((/** @type {any} */ group) =>
    workerGroup(group.groupName, group, group.template?.spec?.containers?.[0]?.resources),
  );
}

/** @param {any} values */
function fromValues(values) {
  const groups = [
    ...(values?.worker?.disabled === true || values?.worker === undefined
      ? []
      : [[values.worker.groupName ?? "workers", values.worker]]),
    ...Object.entries(values?.additionalWorkerGroups ?? {}).filter(([, group]) => group?.disabled !== true),
  ];
  return groups.map(([name, group]) => workerGroup(name, group, group.resources));
}

/** @param {string} name @param {any} group @param {any} resources */
function workerGroup(name, group, resources) {
  const size = { ...resources?.requests, ...resources?.limits };
  const gpus = whole(size["nvidia.com/gpu"]);
  const fields = {
    name: String(name)
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, "-"),
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
  const number = Number(value ?? Number.NaN);
  return Number.isInteger(number) ? number : undefined;
}

/** @param {unknown} value */
function cores(value) {
  const text = String(value ?? "");
  const number = text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text === "" ? Number.NaN : text);
  return Number.isFinite(number) ? number : undefined;
}

/** @param {unknown} value */
function gibibytes(value) {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|M|G|)$/.exec(String(value ?? "")) ?? [];
  return number === undefined ? undefined : Math.floor(Number(number) * GIB[unit]) || undefined;
}
