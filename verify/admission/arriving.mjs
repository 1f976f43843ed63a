// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

const KINDS = ["RayCluster", "RayJob", "RayService", "RayCronJob"];

/**
 * What of a policy's input arrives at the API server: the Ray resources of its documents and lists, and those within documents of
 * other APIs, which a controller makes.
 *
 * @returns {object[]} resources of Ray's kinds, as they are written
 */
export function arriving(input) {
  if (Array.isArray(input)) {
    return input.flatMap(arriving);
  }
  if (typeof input !== "object" || input === null) {
    return [];
  }
  if (/^ray\.io\/v1(alpha1)?$/.test(input.apiVersion) && KINDS.includes(input.kind)) {
    // A reference to a Ray resource has its kind, and nothing else of it.
    return input.metadata === undefined && input.spec === undefined ? [] : [input];
  }
  return Object.values(input).flatMap(arriving);
}
