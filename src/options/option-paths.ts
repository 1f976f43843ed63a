// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { describeOptions, type OptionDescription, type ValueDescription } from "./describe-options";

/** An option by its path, with what its documentation says. */
export interface DocumentedPath {
  /** Names joined by dots; items of lists and maps have the path of what they are in. */
  readonly path: string;
  readonly summary: string;
  /** Its default, as documented; empty for none. */
  readonly fallback: string;
}

let cache: ReadonlyMap<string, DocumentedPath> | undefined;

/** The option at a path such as `network.nat`, or at one of an environment, with or without `environments.` before it. */
export function optionAt(path: string): DocumentedPath | undefined {
  return all().get(path) ?? all().get(`environments.${path}`);
}

/** Every path there is. */
export function optionPaths(): string[] {
  return [...all().keys()];
}

function all(): ReadonlyMap<string, DocumentedPath> {
  if (cache === undefined) {
    const found = new Map<string, DocumentedPath>();
    visit(describeOptions("RayPlatformProjectOptions"), "", found);
    cache = found;
  }
  return cache;
}

function visit(options: readonly OptionDescription[], prefix: string, found: Map<string, DocumentedPath>): void {
  for (const { name, summary, fallback, type } of options) {
    found.set(`${prefix}${name}`, { path: `${prefix}${name}`, summary, fallback: fallback ?? "" });
    visit(fieldsOf(type), `${prefix}${name}.`, found);
  }
}

function fieldsOf(type: ValueDescription): readonly OptionDescription[] {
  return type.kind === "struct"
    ? type.options
    : type.kind === "list" || type.kind === "map"
      ? fieldsOf(type.element)
      : [];
}
