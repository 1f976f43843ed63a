// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { objectsOf, refusal } from "./api-objects.mjs";
import { PLANTED_FAULTS } from "./planted-faults.mjs";

/**
 * Has the API server judge what the charts make of each set of values, and the pods that their groups describe; nothing is kept.
 * Then faults are planted in what it took.
 *
 * @param {import("./control-plane.mjs").ControlPlane} plane with the namespaces of the manifests
 * @param {{ option: string, manifest: string }[]} rendered
 * @returns {Promise<number>} how many objects were taken
 */
export async function judgeObjects({ call }, rendered) {
  const sound = new Map();
  let taken = 0;
  for (const { option, manifest } of rendered) {
    for (const object of objectsFor(manifest)) {
      const said = await refusal(call, object);
      if (said !== undefined) {
        throw new Error(`${option}: ${object.kind} ${object.metadata.name} is refused: ${said}`);
      }
      sound.set(object.kind, object);
      taken++;
    }
  }
  await findPlanted(call, sound);
  return taken;
}

/** The objects of a manifest, and the pods that its groups describe. */
function objectsFor(manifest) {
  const objects = objectsOf(readFileSync(manifest, "utf8"));
  const namespace = objects.find(({ apiVersion }) => apiVersion === "ray.io/v1").metadata.namespace;
  for (const object of objects) {
    object.metadata.namespace ??= namespace;
  }
  return [...objects, ...objects.flatMap(podsOf)];
}

function podsOf({ kind, metadata, spec }) {
  const cluster = { RayCluster: spec, RayService: spec?.rayClusterConfig, RayJob: spec?.rayClusterSpec }[kind];
  if (cluster === undefined) {
    return [];
  }
  const templates = [cluster.headGroupSpec, ...(cluster.workerGroupSpecs ?? [])].map(({ template }) => template);
  return templates.map((template, index) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name: `${metadata.name}-${index}`, namespace: metadata.namespace },
    // KubeRay makes this account for a head with an autoscaler.
    spec: { ...template.spec, serviceAccountName: "default", automountServiceAccountToken: false },
  }));
}

async function findPlanted(call, sound) {
  const missed = [];
  for (const { kind, what, plant, says } of PLANTED_FAULTS) {
    const object = structuredClone(sound.get(kind));
    plant(object);
    const said = await refusal(call, object);
    if (said === undefined || !says.test(said)) {
      missed.push(`${kind} with ${what}: ${said === undefined ? "taken" : `refused, but with: ${said}`}`);
    }
  }
  if (missed.length > 0) {
    throw new Error(missed.join("\n"));
  }
}
