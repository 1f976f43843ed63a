// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileForChildren, ROOT } from "../sync/compiled-for-children";
import { temporaryDirectory } from "../sync/mini-project";

/** Two versions of the package with the fixture as their project type. */
export interface Versions {
  readonly first: string;
  readonly second: string;
}

/** Compiles both versions; the second has the fixture's migrations and a security note. */
export function compileVersions(name: string): Versions {
  const first = compileForChildren(`${name}-0.1`, "0.1.0");
  const second = compileForChildren(`${name}-0.2`, "0.2.0");
  for (const version of [first, second]) {
    const file = join(version, "package.json");
    writeFileSync(
      file,
      JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), main: "test/cli/fixture-project.js" }),
    );
  }
  cpSync(join(second, "test/cli/fixture-migrations.js"), join(second, "src/migrations/index.js"));
  const notes = {
    "0.2.0": [
      { kind: "control", id: "CI-4", text: "the build runs on pushes", appliesTo: "Managed" },
      { kind: "policy", id: "none", text: "for a component that is not there", appliesTo: "Elsewhere" },
    ],
    "0.1.0": [{ kind: "pin", id: "old", text: "known since the first version" }],
  };
  writeFileSync(join(second, "data/security-notes.json"), JSON.stringify({ versions: notes }));
  return { first, second };
}

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A repository that one of the versions generates. */
export class FixtureRepository {
  public readonly root = temporaryDirectory();

  public constructor(version: string, projenrc: string) {
    const modules = join(this.root, "node_modules");
    mkdirSync(modules);
    for (const name of ["projen", "constructs", "typescript"]) {
      symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
    }
    this.install(version);
    this.write(".projenrc.ts", projenrc);
    this.run("projenrc");
  }

  public install(version: string): void {
    const link = join(this.root, "node_modules", "ray-platform");
    rmSync(link, { force: true });
    symlinkSync(version, link);
  }

  public run(...args: string[]): CommandResult {
    return this.runWith({}, ...args);
  }

  /** Runs a command as on a developer's machine, where `CI` is not set, with some variables more. */
  public runWith(variables: Readonly<Record<string, string>>, ...args: string[]): CommandResult {
    const command = join(this.root, "node_modules", "ray-platform", "bin", "ray-platform");
    const { CI: _, ...environment } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
      cwd: this.root,
      encoding: "utf8",
      env: { ...environment, PROJEN_DISABLE_POST: "true", NODE_ENV: "production", ...variables },
    });
    return { code: status, out: stdout, err: stderr };
  }

  public exists(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  public read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  public write(path: string, content: string): void {
    if (this.exists(path)) {
      chmodSync(join(this.root, path), 0o644);
    }
    writeFileSync(join(this.root, path), content);
  }

  public replace(path: string, from: string, to: string): void {
    this.write(path, this.read(path).replace(from, to));
  }
}
