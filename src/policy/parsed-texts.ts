// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject } from "../json-object";
import { parseYamlText } from "./parse-documents";

// Attributes that hold YAML, by type of resource: one text, or a list of them.
const YAML_ATTRIBUTES: Readonly<Record<string, string>> = {
  helm_release: "values",
  kubectl_manifest: "yaml_body",
  kustomization_resource: "manifest",
};

/**
 * Attributes of a resource with the YAML in them as the objects that it says, because Rego in WebAssembly reads JSON
 * only. Text that is no YAML stays text, which the policies refuse where it may hold a Ray resource.
 */
export function withParsedTexts(type: string, attributes: JsonObject): JsonObject {
  const name = YAML_ATTRIBUTES[type];
  const value = name === undefined ? undefined : attributes[name];
  if (name === undefined || value === undefined || value === null) {
    return attributes;
  }
  if (name === "values") {
    const texts = Array.isArray(value) ? value : [value];
    return { ...attributes, [name]: texts.map(valuesOf) };
  }
  return { ...attributes, [name]: documentsOf(value) };
}

/** A plan with the YAML of its resources as objects. */
export function withParsedPlan(plan: JsonObject): JsonObject {
  const changes = plan.resource_changes;
  if (!Array.isArray(changes)) {
    return plan;
  }
  return { ...plan, resource_changes: changes.map(withParsedChange) };
}

function withParsedChange(entry: unknown): unknown {
  if (!isObject(entry) || typeof entry.type !== "string" || YAML_ATTRIBUTES[entry.type] === undefined) {
    return entry;
  }
  const { change } = entry;
  if (!isObject(change) || !isObject(change.after)) {
    return entry;
  }
  return { ...entry, change: { ...change, after: withParsedTexts(entry.type, change.after) } };
}

function documentsOf(text: unknown): unknown {
  return typeof text === "string" ? (parseYamlText(text) ?? text) : text;
}

// Values are one document, which may be empty.
function valuesOf(text: unknown): unknown {
  const documents = documentsOf(text);
  if (!Array.isArray(documents) || documents.length > 1) {
    return text;
  }
  const [document] = documents as unknown[];
  return document === undefined || document === null ? {} : isObject(document) ? document : text;
}
