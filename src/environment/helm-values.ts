// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject, objectOf } from "../json-object";
import { listAt } from "../policy/json";
import { parseYamlText } from "../policy/parse-documents";

/**
 * The values that a Helm release is installed with: its documents in their order, and what `set` puts into them, as Helm
 * merges them. A document that cannot be read makes the whole unreadable.
 *
 * @returns undefined where it cannot be known
 */
export function helmValues(release: JsonObject): JsonObject | undefined {
  let merged: JsonObject = {};
  for (const text of listAt(release, "values")) {
    const document = typeof text === "string" ? parsed(text) : text;
    if (!isObject(document)) {
      return undefined;
    }
    merged = merge(merged, document);
  }
  for (const attribute of ["set", "set_list", "set_sensitive"]) {
    for (const block of listAt(release, attribute)) {
      if (!isObject(block) || typeof block.name !== "string") {
        return undefined;
      }
      merged = withValue(merged, stepsOf(block.name), typed(block)) as JsonObject;
    }
  }
  return merged;
}

function parsed(text: string): unknown {
  const documents = parseYamlText(text);
  return documents === undefined || documents.length > 1 ? undefined : (documents[0] ?? {});
}

function merge(under: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return merged;
}

// Dots separate, a backslash keeps one; `[0]` is an element.
function stepsOf(name: string): (string | number)[] {
  return [...name.matchAll(/\[(\d+)\]|((?:\\.|[^.[\]\\])+)/g)].map(([, index, key]) =>
    index === undefined ? (key ?? "").replace(/\\(.)/g, "$1") : Number(index),
  );
}

function typed({ value, type }: JsonObject): unknown {
  if (typeof value !== "string" || type === "string") {
    return value;
  }
  return value === "true"
    ? true
    : value === "false"
      ? false
      : value === "null"
        ? null
        : /^-?\d+$/.test(value)
          ? Number(value)
          : value;
}

function withValue(target: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) {
    return value;
  }
  if (typeof step === "number") {
    const list = Array.isArray(target) ? [...(target as unknown[])] : [];
    list[step] = withValue(list[step], rest, value);
    return Array.from(list, (item: unknown) => item ?? null);
  }
  const object = objectOf(target);
  return { ...object, [step]: withValue(object[step], rest, value) };
}
