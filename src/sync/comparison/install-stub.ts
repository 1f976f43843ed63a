// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { decodeText } from "../../decode-text";
import { isObject, type JsonObject, objectOf, parseObject } from "../../json-object";

/** Fields of a manifest that npm writes when it installs into an empty directory. */
const FIELDS = ["dependencies", "devDependencies"];

/**
 * Whether a file is the package.json that `npm install` leaves before a project is created: it has nothing but
 * dependencies, and no other ones than what is to take its place.
 */
export function isInstallStub(path: string, content: Buffer, rendered: Buffer): boolean {
  if (path !== "package.json") {
    return false;
  }
  const manifest = parseObject(decodeText(content));
  const known = new Set(dependencies(parseObject(rendered.toString("utf8")) ?? {}));
  return (
    manifest !== undefined &&
    Object.entries(manifest).every(([key, value]) => FIELDS.includes(key) && isObject(value)) &&
    dependencies(manifest).every((name) => known.has(name))
  );
}

function dependencies(manifest: JsonObject): string[] {
  return FIELDS.flatMap((field) => Object.keys(objectOf(manifest[field])));
}
