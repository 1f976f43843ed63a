// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { parseAllDocuments } from "yaml";

/** The objects of a text of YAML documents. */
export function objectsOf(text) {
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object?.kind !== undefined);
}

/**
 * Asks the API server to take an object, without keeping it: admission and validation run, and an unknown or duplicate field is
 * an error.
 *
 * @returns {Promise<string | undefined>} what it says where it refuses
 */
export async function refusal(call, object) {
  const collection = await collectionOf(call, object);
  if (collection === undefined) {
    return `the API server knows no ${object.kind} of ${object.apiVersion}`;
  }
  const { status, body } = await call("POST", `${collection}?dryRun=All&fieldValidation=Strict`, object);
  return status < 300 ? undefined : body.message;
}

/** Path of the collection that an object belongs to; undefined where the API server knows no such kind. */
export async function collectionOf(call, { apiVersion, kind, metadata }) {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { body } = await call("GET", group);
  const found = body.resources?.find((resource) => resource.kind === kind && !resource.name.includes("/"));
  if (found === undefined) {
    return undefined;
  }
  return found.namespaced ? `${group}/namespaces/${metadata.namespace}/${found.name}` : `${group}/${found.name}`;
}
