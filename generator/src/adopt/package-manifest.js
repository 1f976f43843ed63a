// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { core } from "../core.js";
import { isObject } from "../foreign-values.js";
import { literal } from "../projenrc-writer.js";
import { UserError } from "../user-error.js";

/** Scripts that a projen project, ejected or not, has of projen. */
const OF_PROJEN = /^(?:npx )?projen(?:\s|$)|^scripts\/run-task/;

/** Of a manifest's fields, those that go into the options. */
const DEPENDENCIES = /** @type {const} */ ({ dependencies: "deps", devDependencies: "devDeps" });

/** Fields that have a value for each name. */
const OBJECTS = [...Object.keys(DEPENDENCIES), "scripts", "engines", "overrides"];

/**
 * What the `package.json` that is there asks `.projenrc.ts` to keep.
 *
 * @typedef {object} KeptManifest
 * @property {string[]} deps
 * @property {string[]} devDeps
 * @property {string[]} statements lines of `.projenrc.ts`
 * @property {string[]} notes what is not kept as it was
 */

/**
 * @param {string} root
 * @param {Record<string, any>} generated the manifest that these options generate by themselves
 * @returns {KeptManifest}
 */
export function keptManifest(root, generated) {
  const manifest = readManifest(root);
  /** @type {KeptManifest} */
  const kept = { deps: [], devDeps: [], statements: [], notes: [] };
  if (manifest === undefined) {
    return kept;
  }
  const pinned = { ...generated.dependencies, ...generated.devDependencies };
  for (const [field, option] of Object.entries(DEPENDENCIES)) {
    for (const [name, version] of Object.entries(manifest[field] ?? {})) {
      if (!Object.hasOwn(pinned, name)) {
        kept[option].push(`${name}@${version}`);
      } else if (pinned[name] !== version) {
        kept.notes.push(`package.json: ${name} ${version} becomes ${pinned[name]}, which the platform is built with`);
      }
    }
  }
  /** @type {(readonly [path: string, value: unknown])[]} */
  const overrides = [];
  for (const [field, value] of Object.entries(manifest)) {
    if (Object.hasOwn(DEPENDENCIES, field) || field === "//" || same(value, generated[field])) {
      continue;
    }
    if (field === "scripts" || field === "engines" || field === "overrides") {
      for (const [name, item] of Object.entries(value)) {
        if (!same(item, generated[field]?.[name]) && !(field === "scripts" && OF_PROJEN.test(String(item)))) {
          if (field === "engines" && name === "node") {
            kept.notes.push(`package.json: engines.node ${item} becomes ${generated.engines.node}`);
            continue;
          }
          overrides.push([`${field}.${escaped(name)}`, item]);
        }
      }
    } else {
      overrides.push([escaped(field), value]);
    }
  }
  if (overrides.length > 0) {
    kept.statements.push(
      "// Kept from the package.json that was here before.",
      'const manifest = project.tryFindObjectFile("package.json");',
      ...overrides.map(([path, value]) => {
        const start = `manifest?.addOverride(${JSON.stringify(path)}, `;
        return `${start}${literal(value, undefined, 0, start.length + 2, new Set())});`;
      }),
    );
  }
  return kept;
}

/** @param {string} root @returns {Record<string, any> | undefined} */
export function readManifest(root) {
  const file = join(root, "package.json");
  if (!existsSync(file)) {
    return undefined;
  }
  const manifest = core.readJson("package.json", core.readText(file));
  if (!isObject(manifest)) {
    throw new UserError("package.json is not an object in JSON");
  }
  for (const field of OBJECTS.filter((name) => manifest[name] !== undefined && !isObject(manifest[name]))) {
    throw new UserError(`package.json: "${field}" is not an object`);
  }
  return manifest;
}

/** A key as a step of a path that dots separate. @param {string} key */
function escaped(key) {
  return key.replaceAll(".", "\\.");
}

/** @param {unknown} a @param {unknown} b */
function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
