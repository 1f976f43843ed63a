// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "./option-issues";
import { nearestKey } from "./nearest-key";
import { OptionTypes, shortName, type TypeReference } from "./option-types";

/**
 * Checks keys and types of all options, nested ones included.
 *
 * TypeScript does this for `.projenrc.ts` in an editor, but not at run time, and `projen new` turns an unknown enum
 * value into `undefined` without a word.
 */
export function checkOptionTypes(options: object, struct: string, issues: IssueList): void {
  const types = OptionTypes.load();
  checkStruct(options as Record<string, unknown>, struct, "", types, issues);
}

function checkStruct(
  value: Record<string, unknown>,
  struct: string,
  path: string,
  types: OptionTypes,
  issues: IssueList,
): void {
  const known = types.struct(struct);
  for (const [key, item] of Object.entries(value)) {
    const reference = known.get(key);
    const itemPath = path === "" ? key : `${path}.${key}`;
    if (reference === undefined) {
      const near = nearestKey(key, [...known.keys()]);
      issues.add(
        itemPath,
        item,
        `${struct} has no such option`,
        near === undefined ? `remove it; known: ${[...known.keys()].sort().join(", ")}` : `did you mean ${near}?`,
      );
    } else {
      checkValue(item, reference, itemPath, types, issues);
    }
  }
  for (const key of types.required(struct)) {
    if (value[key] === undefined) {
      issues.add(path === "" ? key : `${path}.${key}`, undefined, "is required", `add ${key}`);
    }
  }
}

function checkValue(value: unknown, type: TypeReference, path: string, types: OptionTypes, issues: IssueList): void {
  if (type.fqn !== undefined) {
    const members = types.enumMembers(type.fqn);
    if (members !== undefined) {
      checkEnum(value, members, shortName(type.fqn), path, issues);
    } else if (value !== undefined && types.isStruct(type.fqn)) {
      if (isRecord(value)) {
        checkStruct(value, shortName(type.fqn), path, types, issues);
      } else {
        issues.add(path, value, `must be an object (${shortName(type.fqn)})`, "write { ... }");
      }
    }
    return;
  }
  if (value === undefined) {
    return; // as if the key were left out
  }
  if (type.collection?.kind === "array") {
    if (!Array.isArray(value)) {
      issues.add(path, value, "must be a list", "write [ ... ]");
      return;
    }
    value.forEach((item, index) => checkValue(item, type.collection!.elementtype, `${path}[${index}]`, types, issues));
  } else if (type.collection?.kind === "map") {
    if (!isRecord(value)) {
      issues.add(path, value, "must be an object of names and values", "write { name: value }");
      return;
    }
    for (const [key, item] of Object.entries(value)) {
      checkValue(item, type.collection.elementtype, `${path}.${key}`, types, issues);
    }
  } else if (type.primitive === "string" || type.primitive === "number" || type.primitive === "boolean") {
    if (typeof value !== type.primitive || Number.isNaN(value) || value === Infinity || value === -Infinity) {
      issues.add(path, value, `must be a ${type.primitive}`, `write a ${type.primitive}`);
    }
  }
}

/** An enum option may be left out, but not be `undefined`: that is what a member that does not exist evaluates to. */
function checkEnum(value: unknown, members: string[], enumName: string, path: string, issues: IssueList): void {
  const values = members.map((member) => member.toLowerCase().replace(/_/g, "-"));
  if (typeof value === "string" && values.includes(value)) {
    return;
  }
  const near = typeof value === "string" ? nearestKey(value, values) : undefined;
  const fix = near === undefined ? "" : `did you mean ${enumName}.${members[values.indexOf(near)]}? `;
  issues.add(
    path,
    value,
    value === undefined ? `names a member that ${enumName} does not have` : `must be a member of ${enumName}`,
    `${fix}use one of ${members.map((member) => `${enumName}.${member}`).join(", ")} (on the command line: ${values.join(", ")})`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
