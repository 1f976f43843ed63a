// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { OptionsError } from "../options/option-issues";
import type { RayPlatformProjectOptions } from "../options/ray-platform-project-options";
import { resolveOptions } from "./resolve-options";

type Json = unknown;

/** Read from the options as they are, without a resolved form. */
const VERBATIM = ["outdir", "release", "deps", "devDeps", "projenVersion", "documents"] as const;

/**
 * The options without those that say what holds anyway. Which those are is not written down anywhere: an option goes if
 * everything that is made of the options stays the same without it.
 *
 * @throws OptionsError if the options are wrong
 */
export function essentialOptions(options: RayPlatformProjectOptions): RayPlatformProjectOptions {
  const result = structuredClone(options) as unknown as Record<string, Json>;
  const whole = outcome(options);
  const isSame = () => outcome(result as unknown as RayPlatformProjectOptions) === whole;
  prune(result, isSame, ["name"]);
  return result as unknown as RayPlatformProjectOptions;
}

/** Removes from a value, depth first, what makes no difference. */
function prune(value: Json, isSame: () => boolean, kept: readonly string[] = []): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      prune(item, isSame);
    }
  } else if (typeof value === "object" && value !== null) {
    const fields = value as Record<string, Json>;
    for (const [key, field] of Object.entries(fields)) {
      if (kept.includes(key)) {
        continue;
      }
      delete fields[key];
      if (!isSame()) {
        fields[key] = field; // every field that stays is put back in turn, so that their order stays too
        prune(field, isSame);
      }
    }
  }
}

/** Everything that options lead to, as text; undefined if they are wrong. */
function outcome(options: RayPlatformProjectOptions): string | undefined {
  try {
    const { config, workflows, own } = resolveOptions(options, { argv: [], env: {} });
    return JSON.stringify([config, workflows, VERBATIM.map((name) => own[name] ?? null)]);
  } catch (error) {
    if (error instanceof OptionsError) {
      return undefined;
    }
    throw error;
  }
}
