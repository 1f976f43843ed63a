// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transformFileSync } from "@swc/core";

export const ROOT = join(__dirname, "..", "..");

/**
 * Compiles this package for child processes: starting each with a TypeScript loader would take most of its time.
 * @param name of the directory below `build/`; inside the project, so that modules are found
 * @param version that the package is to have
 * @returns the package's directory, with `bin/`, `data/`, `vendor/`, and `src/` and `test/` as JavaScript
 */
export function compileForChildren(name: string, version = "0.0.0"): string {
  const target = join(ROOT, "build", name);
  rmSync(target, { recursive: true, force: true });
  for (const directory of ["src", "test/sync", "test/cli"]) {
    for (const entry of readdirSync(join(ROOT, directory), { recursive: true, encoding: "utf8" })) {
      if (entry.endsWith(".ts") && !entry.endsWith(".test.ts")) {
        const { code } = transformFileSync(join(ROOT, directory, entry), {
          jsc: { parser: { syntax: "typescript" }, target: "es2022" },
          module: { type: "commonjs" },
          swcrc: false,
        });
        writeFile(join(target, directory, entry.replace(/\.ts$/, ".js")), code);
      }
    }
  }
  const description = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as object;
  writeFile(join(target, "package.json"), JSON.stringify({ ...description, version }));
  cpSync(join(ROOT, "vendor"), join(target, "vendor"), { recursive: true });
  cpSync(join(ROOT, "data"), join(target, "data"), { recursive: true });
  cpSync(join(ROOT, "workflows", "pins.json"), join(target, "workflows", "pins.json"));
  const command = join(target, "bin", "ray-platform");
  writeFile(command, readFileSync(join(ROOT, "bin", "ray-platform"), "utf8").replaceAll("../lib/", "../src/"));
  chmodSync(command, 0o755);
  return target;
}

function writeFile(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
