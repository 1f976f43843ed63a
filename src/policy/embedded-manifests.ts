// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject } from "../json-object";
import { listAt, objectAt } from "./json";
import { resourceBlocks } from "./resource-blocks";

/**
 * The Ray resources that Terraform hands to Kubernetes: within the values of Helm releases, and as manifests.
 * Terraform sees text there; the Ray policy sees a cluster.
 */
export function embeddedRayResources(document: unknown): unknown[] {
  return [...releaseValues(document).flatMap(parsed), ...manifests(document)].flatMap(rayResourcesIn);
}

// Attributes of a type, of a stack and of a plan alike; a deleted release has none.
function attributesOf(document: unknown, type: string): unknown[] {
  const synthesized = resourceBlocks(document)
    .filter((block) => block.type === type)
    .map(({ body }) => body);
  const planned = listAt(document, "resource_changes")
    .filter((change) => isObject(change) && change.type === type)
    .map((change) => objectAt(objectAt(change, "change"), "after"));
  return [...synthesized, ...planned];
}

function releaseValues(document: unknown): unknown[] {
  return attributesOf(document, "helm_release").flatMap((release) => listAt(release, "values"));
}

function manifests(document: unknown): unknown[] {
  return ["kubernetes_manifest", "kubectl_manifest"].flatMap((type) =>
    attributesOf(document, type).flatMap((attributes) => [
      ...listAt(attributes, "manifest"),
      ...listAt(attributes, "yaml_body").flatMap(parsed),
    ]),
  );
}

// Text that is no YAML is no values either: Helm refuses it.
function parsed(text: unknown): unknown[] {
  if (typeof text !== "string") {
    return [];
  }
  const { parseAllDocuments } = require("yaml") as typeof import("yaml");
  return [...parseAllDocuments(text, { version: "1.1", merge: true })]
    .filter(({ errors }) => errors.length === 0)
    .map((document) => document.toJS() as unknown);
}

function rayResourcesIn(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap(rayResourcesIn);
  }
  if (!isObject(value)) {
    return [];
  }
  const isRay =
    typeof value.apiVersion === "string" && value.apiVersion.startsWith("ray.io") && typeof value.kind === "string";
  return isRay ? [value] : Object.values(value).flatMap(rayResourcesIn);
}
