// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { PlatformStacks } from "../../templates/src/platform/build-platform";
import type { PlatformConfig } from "../../templates/src/platform/platform-config";
import { synthesizePlatform } from "../../templates/src/platform/synthesize-platform";

/** Terraform JSON, which has no type of its own. */
export type Json = any;

/** What a synthesis writes. */
export interface Synthesis {
  /** `cdk.tf.json` by stack name. */
  readonly stacks: Record<string, Json>;
  /** Ray's resources by environment. */
  readonly manifests: Record<string, Json>;
  /** Values of the Ray chart by environment. */
  readonly values: Record<string, Json>;
  /** Text of every file by path below the output directory. */
  readonly files: Record<string, string>;
}

/** Synthesizes a platform as `src/main.ts` does. */
export function synthesize(config: PlatformConfig, extend: (stacks: PlatformStacks) => void = () => {}): Synthesis {
  const outdir = mkdtempSync(join(tmpdir(), "ray-platform-synth-"));
  try {
    synthesizePlatform(new App({ outdir }), config, extend);
    const files: Record<string, string> = {};
    for (const path of readdirSync(outdir, { recursive: true, withFileTypes: true })) {
      if (path.isFile()) {
        const absolute = join(path.parentPath, path.name);
        files[absolute.slice(outdir.length + 1)] = readFileSync(absolute, "utf8");
      }
    }
    const parsed = (pattern: RegExp): Record<string, Json> =>
      Object.fromEntries(
        Object.entries(files).flatMap(([path, text]) => {
          const name = pattern.exec(path)?.[1];
          return name === undefined ? [] : [[name, JSON.parse(text)]];
        }),
      );
    return {
      files,
      stacks: parsed(/^stacks\/([^/]+)\/cdk\.tf\.json$/),
      manifests: parsed(/^manifests\/(.+)-ray\.json$/),
      values: parsed(/^values\/(.+)-ray\.json$/),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Resources of a type in a stack. */
export function resources(stack: Json, type: string): Json[] {
  return Object.values(stack.resource?.[type] ?? {});
}

/** The only resource of a type whose path in the construct tree ends with `path`. */
export function resource(stack: Json, type: string, path: string): Json {
  const found = resources(stack, type).filter((candidate) => candidate["//"].metadata.path.endsWith(path));
  if (found.length !== 1) {
    throw new Error(`${found.length} resources ${type} end with ${path}`);
  }
  return found[0];
}

/** A policy document, parsed. Terraform's expressions inside it become plain words first, since they contain quotes. */
export function policy(text: string): Json {
  return JSON.parse(text.replace(/\$\{[^}]*\}/g, (expression) => expression.replace(/"/g, "'")));
}
