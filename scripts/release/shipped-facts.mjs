// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/**
 * What release notes compare, read from a package as it is published: for each kind the names of its things and what they
 * are. Two packages are compared without running either.
 *
 * @typedef {Readonly<Record<"options" | "controls" | "policies" | "pins", ReadonlyMap<string, string>>>} ShippedFacts
 */

/** Kinds in the order of the notes. */
export const KINDS = /** @type {const} */ ({
  controls: "Controls",
  policies: "Policy rules",
  pins: "Pins",
  options: "Options",
});

/** @param {string} directory an unpacked package @returns {ShippedFacts} */
export function shippedFacts(directory) {
  return {
    controls: controlsOf(directory),
    policies: rulesOf(join(directory, "policies")),
    pins: pinsOf(directory),
    options: optionsOf(directory),
  };
}

/**
 * @param {ShippedFacts} before @param {ShippedFacts} after
 * @returns {{ kind: keyof typeof KINDS, added: string[], changed: string[], removed: string[] }[]} kinds with a difference
 */
export function differences(before, after) {
  return /** @type {(keyof typeof KINDS)[]} */ (Object.keys(KINDS))
    .map((kind) => {
      const names = (/** @type {ReadonlyMap<string, string>} */ map) => [...map.keys()];
      return {
        kind,
        added: names(after[kind]).filter((name) => !before[kind].has(name)),
        changed: names(after[kind])
          .filter((name) => before[kind].has(name) && before[kind].get(name) !== after[kind].get(name))
          .map((name) => describe(name, before[kind].get(name), after[kind].get(name))),
        removed: names(before[kind]).filter((name) => !after[kind].has(name)),
      };
    })
    .filter(({ added, changed, removed }) => added.length + changed.length + removed.length > 0);
}

/** Versions are short, and say more than that they changed. */
function describe(name, before, after) {
  const isShort = [before, after].every((value) => value.length <= 24);
  return isShort ? `${name}: ${before} to ${after}` : name;
}

function controlsOf(directory) {
  const file = join(directory, "data", "controls.json");
  return new Map(readJson(file).controls.map((control) => [control.id, JSON.stringify(control)]));
}

/** Rules by the id in their METADATA; what they are is their package's text. */
function rulesOf(directory) {
  const found = new Map();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".rego") || entry.name.endsWith("_test.rego")) {
      continue;
    }
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    for (const [, id] of text.matchAll(/^#\s+id: (\S+)$/gm)) {
      found.set(id, text);
    }
  }
  return found;
}

/** Actions and programs of workflows, images and charts. */
function pinsOf(directory) {
  const found = new Map();
  const pins = readJson(join(directory, "workflows", "pins.json"));
  for (const group of ["actions", "tools"]) {
    for (const [name, { version }] of Object.entries(pins[group])) {
      found.set(name, String(version));
    }
  }
  for (const [name, { tag }] of Object.entries(readJson(join(directory, "data", "images.json")).images)) {
    found.set(`image ${name}`, String(tag));
  }
  for (const [name, { version }] of Object.entries(readJson(join(directory, "data", "charts.json")).charts)) {
    found.set(`chart ${name}`, String(version));
  }
  return found;
}

/** Properties of the structs that options are made of, from what jsii recorded. */
function optionsOf(directory) {
  const found = new Map();
  for (const type of Object.values(assemblyOf(directory).types ?? {})) {
    for (const { name, type: of, optional, docs } of type.datatype ? (type.properties ?? []) : []) {
      found.set(`${type.name}.${name}`, JSON.stringify({ of, optional, default: docs?.default }));
    }
  }
  return found;
}

/** jsii's description of a package's API, which it compresses where it is large. @param {string} directory */
function assemblyOf(directory) {
  const assembly = readJson(join(directory, ".jsii"));
  return assembly.schema === "jsii/file-redirect"
    ? JSON.parse(gunzipSync(readFileSync(join(directory, assembly.filename))).toString("utf8"))
    : assembly;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
