// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transformFileSync } from "@swc/core";

const ROOT = join(__dirname, "..", "..");

/**
 * Compiles what a child process needs, because starting a child with a TypeScript loader would take most of its time.
 * @returns the directory that holds `src/` and `test/` as JavaScript; inside the project, so that modules are found.
 */
export function compileForChildren(name: string): string {
  const target = join(ROOT, "build", name);
  for (const directory of ["src", "src/sync", "src/config", "test/sync"]) {
    for (const entry of readdirSync(join(ROOT, directory))) {
      if (entry.endsWith(".ts") && !entry.endsWith(".test.ts")) {
        const { code } = transformFileSync(join(ROOT, directory, entry), {
          jsc: { parser: { syntax: "typescript" }, target: "es2022" },
          module: { type: "commonjs" },
          swcrc: false,
        });
        const file = join(target, directory, entry.replace(/\.ts$/, ".js"));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, code);
      }
    }
  }
  copyFileSync(join(ROOT, "package.json"), join(target, "package.json"));
  return target;
}
