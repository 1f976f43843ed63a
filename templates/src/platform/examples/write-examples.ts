// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PlatformConfig } from "../platform-config";
import { registryPrefix } from "../workloads/images";
import { exampleManifests } from "./example-manifests";

/**
 * Writes `manifests/<env>-example-<id>.json` for each example whose code is in `examples/`. The policies judge them with the
 * platform's own manifests.
 *
 * @param outdir directory that stacks are synthesized to
 */
export function writeExamples(outdir: string, platform: PlatformConfig): void {
  const sources = readSources();
  const directory = join(outdir, "manifests");
  mkdirSync(directory, { recursive: true });
  // What an earlier synth wrote for a pool or a file that is gone must not be judged or applied.
  for (const stale of readdirSync(directory).filter((name) => /-example-[a-z-]+\.json$/.test(name))) {
    rmSync(join(directory, stale));
  }
  for (const environment of platform.environments) {
    // Where the options name no account, only Terraform knows it: docs/operations.md says how to fill it in.
    const prefix = registryPrefix(environment, environment.accountId ?? "account");
    for (const { id, items } of exampleManifests(environment, prefix, sources)) {
      const list = { apiVersion: "v1", kind: "List", items };
      writeFileSync(join(directory, `${environment.name}-example-${id}.json`), `${JSON.stringify(list, null, 2)}\n`);
    }
  }
}

/** The Python files of `examples/`, which are the user's, by name. */
function readSources(): Record<string, string> {
  const root = dirname(dirname(dirname(__dirname)));
  const directory = join(root.endsWith("build") ? dirname(root) : root, "examples");
  const files = existsSync(directory) ? readdirSync(directory).filter((file) => file.endsWith(".py")) : [];
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(directory, file), "utf8")]));
}
