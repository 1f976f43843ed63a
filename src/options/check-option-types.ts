// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject } from "../json-object";
import { type IssueList, NOT_SHOWN } from "./option-issues";
import { nearestKey } from "../nearest-key";
import { secretIn } from "./secret-text";
import { OptionTypes, shortName, type TypeReference } from "./option-types";

/** What an option was called before. */
export interface OldName {
  /** Path of the old name; `[]` stands for every element: `environments[].region`. */
  readonly from: string;
  /** Its name now, in the same place. */
  readonly to: string;
  /** The version that renamed it. */
  readonly version: string;
}

/** What is known of options, and of what they were called. */
interface Context {
  readonly types: OptionTypes;
  readonly renames: readonly OldName[];
}

/** Stands for a value that has an issue already, so that the checks behind this one leave it out. */
const INVALID = Symbol("invalid");

/**
 * Checks keys and types of all options, nested ones included.
 *
 * TypeScript does this for `.projenrc.ts` in an editor, but not at run time, and `projen new` turns an unknown enum
 * value into `undefined` without a word.
 *
 * @param renames what options were called in older versions
 * @returns a copy with the valid options only, so that what their values mean can be checked in the same run; undefined if
 * a required option is missing or wrong
 */
export function checkOptionTypes<T extends object>(
  options: T,
  struct: string,
  issues: IssueList,
  renames: readonly OldName[] = [],
): T | undefined {
  const context = { types: OptionTypes.load(), renames };
  const checked = checkStruct(options as Record<string, unknown>, struct, "", context, issues);
  return checked === INVALID ? undefined : (checked as T);
}

function checkStruct(
  value: Record<string, unknown>,
  struct: string,
  path: string,
  context: Context,
  issues: IssueList,
): unknown {
  const known = context.types.struct(struct);
  const valid: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const reference = known.get(key);
    const itemPath = path === "" ? key : `${path}.${key}`;
    if (reference === undefined) {
      const renamed = newName(itemPath, context.renames);
      if (renamed !== undefined) {
        issues.add(
          itemPath,
          item,
          `has been called ${renamed.to} since version ${renamed.version}`,
          fixOf(renamed, value),
        );
        continue;
      }
      const near = nearestKey(key, [...known.keys()]);
      issues.add(
        itemPath,
        item,
        `${struct} has no such option`,
        near === undefined ? `remove it; known: ${[...known.keys()].sort().join(", ")}` : `did you mean ${near}?`,
      );
      continue;
    }
    const checked = checkValue(item, reference, itemPath, context, issues);
    if (checked !== INVALID && checked !== undefined) {
      valid[key] = checked;
    }
  }
  const missing = context.types.required(struct).filter((key) => valid[key] === undefined);
  for (const key of missing.filter((name) => value[name] === undefined)) {
    issues.add(path === "" ? key : `${path}.${key}`, undefined, "is required", `add ${key}`);
  }
  return missing.length > 0 ? INVALID : valid;
}

/** The option that a path named in an older version. */
function newName(path: string, renames: readonly OldName[]): OldName | undefined {
  const anyItem = path.replace(/\[\d+\]/g, "[]");
  return renames.find(({ from }) => from === anyItem);
}

/** A branch that began before an update brings the old name back when it is merged. */
function fixOf({ to }: OldName, value: Readonly<Record<string, unknown>>): string {
  return value[to] === undefined
    ? `run "npx ray-platform update --installed", which renames it, or type ${to}`
    : `${to} is set too: delete one of the two`;
}

function checkValue(value: unknown, type: TypeReference, path: string, context: Context, issues: IssueList): unknown {
  const refuse = (rule: string, fix: string): typeof INVALID => {
    issues.add(path, value, rule, fix);
    return INVALID;
  };
  if (type.fqn !== undefined) {
    const members = context.types.enumMembers(type.fqn);
    if (members !== undefined) {
      return checkEnum(value, members, shortName(type.fqn), refuse);
    }
    if (value === undefined) {
      return undefined;
    }
    return isObject(value)
      ? checkStruct(value, shortName(type.fqn), path, context, issues)
      : refuse(`must be an object (${shortName(type.fqn)})`, "write { ... }");
  }
  if (value === undefined) {
    return undefined; // as if the key were left out
  }
  if (type.collection?.kind === "array") {
    return Array.isArray(value)
      ? checkList(value, type.collection.elementtype, path, context, issues)
      : refuse("must be a list", "write [ ... ]");
  }
  if (type.collection?.kind === "map") {
    return isObject(value)
      ? checkMap(value, type.collection.elementtype, path, context, issues)
      : refuse("must be an object of names and values", "write { name: value }");
  }
  if (type.primitive === "string" || type.primitive === "number" || type.primitive === "boolean") {
    const isOther = typeof value !== type.primitive || (typeof value === "number" && !Number.isFinite(value));
    if (isOther) {
      return refuse(`must be a ${type.primitive}`, `write a ${type.primitive}`);
    }
    return typeof value === "string" && refuseSecret(value, path, issues) ? INVALID : value;
  }
  return checkJson(value, path, issues) ? value : INVALID;
}

/** A list with a wrong item is left out whole, so that the paths of its other items stay true. */
function checkList(
  list: readonly unknown[],
  element: TypeReference,
  path: string,
  context: Context,
  issues: IssueList,
): unknown {
  // Not map, which skips holes.
  const checked = Array.from(list, (item, index) => checkItem(item, element, `${path}[${index}]`, context, issues));
  list.forEach((item, index) => {
    if (typeof item === "string" && list.indexOf(item) !== index) {
      issues.add(`${path}[${index}]`, item, "is in the list already", "remove one of the two");
    }
  });
  return checked.includes(INVALID) ? INVALID : checked;
}

function checkMap(
  map: Record<string, unknown>,
  element: TypeReference,
  path: string,
  context: Context,
  issues: IssueList,
): unknown {
  const entries = Object.entries(map).map(([key, item]) => {
    if (refuseSecret(key, `a name in ${path}`, issues)) {
      return [key, INVALID] as const;
    }
    const isSecret = typeof item === "string" && refuseSecret(item, `${path}.${key}`, issues, key);
    return [key, isSecret ? INVALID : checkItem(item, element, `${path}.${key}`, context, issues)] as const;
  });
  return entries.some(([, item]) => item === INVALID) ? INVALID : Object.fromEntries(entries);
}

/** `undefined` is an option left out, but no item of a list or map. */
function checkItem(item: unknown, type: TypeReference, path: string, context: Context, issues: IssueList): unknown {
  if (item === undefined) {
    issues.add(path, undefined, "an item is never undefined", "remove it");
    return INVALID;
  }
  return checkValue(item, type, path, context, issues);
}

/** An enum option may be left out, but not be `undefined`: that is what a member that does not exist evaluates to. */
function checkEnum(
  value: unknown,
  members: string[],
  enumName: string,
  refuse: (rule: string, fix: string) => typeof INVALID,
): unknown {
  const values = members.map((member) => member.toLowerCase().replace(/_/g, "-"));
  if (typeof value === "string" && values.includes(value)) {
    return value;
  }
  const near = typeof value === "string" ? nearestKey(value, values) : undefined;
  const fix = near === undefined ? "" : `did you mean ${enumName}.${members[values.indexOf(near)]}? `;
  return refuse(
    value === undefined ? `names a member that ${enumName} does not have` : `must be a member of ${enumName}`,
    `${fix}use one of ${members.map((member) => `${enumName}.${member}`).join(", ")} (on the command line: ${values.join(", ")})`,
  );
}

/**
 * Refuses a text that holds a credential, and does not repeat it. Options end up in platform.json and in documents, and
 * with them in git.
 * @param name the name that a user chose for the value, if it stands under one
 * @returns whether it was refused
 */
function refuseSecret(text: string, path: string, issues: IssueList, name?: string): boolean {
  const secret = secretIn(text, name);
  if (secret !== undefined) {
    issues.add(
      path,
      NOT_SHOWN,
      `contains ${secret}, and options are written into files that are committed`,
      "keep it in AWS Secrets Manager or in a Kubernetes Secret, and name that here; if it was ever committed, revoke it",
    );
  }
  return secret !== undefined;
}

/** Whatever is passed through must survive being written as JSON. @returns whether it does */
function checkJson(value: unknown, path: string, issues: IssueList, within: readonly unknown[] = []): boolean {
  if (typeof value === "string") {
    return !refuseSecret(value, path, issues, /[^.[]+$/.exec(path)?.[0]);
  }
  if (value === null || typeof value === "boolean" || Number.isFinite(value)) {
    return true;
  }
  const isPlain =
    Array.isArray(value) || (isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value)));
  if (!isPlain || within.includes(value)) {
    issues.add(
      path,
      isPlain ? "[circular]" : String(value),
      "must be JSON: text, finite numbers, true and false, null, lists and plain objects",
      "write it as JSON",
    );
    return false;
  }
  return Object.entries(value as object)
    .map(
      ([key, item]) =>
        !refuseSecret(key, `a name in ${path}`, issues) &&
        checkJson(item, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, issues, [...within, value]),
    )
    .every(Boolean);
}
