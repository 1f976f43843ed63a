// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GIT_IDENTITY, packArguments, packed, projenNewArguments } from "../../scripts/packing.cjs";
import { toolchain } from "../../src/components/engine-dependencies";
import { PACKAGE_ROOT } from "../../src/package-root";

/** A file of the tarball, as npm lists it. */
export interface PackedFile {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
}

/** This package as it would be published. */
export interface PackedModule {
  /** Absolute path of the tarball. */
  readonly tarball: string;
  /** Size of the tarball in bytes. */
  readonly size: number;
  readonly files: readonly PackedFile[];
}

/** How a command ended. */
export interface CommandResult {
  readonly status: number | null;
  /** What it printed, standard error included. */
  readonly output: string;
}

/** What `projen new` is asked for. */
export interface ProjenNewProps {
  readonly directory: string;
  readonly tarball: string;
  readonly flags?: readonly string[];
  readonly env?: { readonly [name: string]: string };
}

/** A directory of its own, to be removed by `removeDirectories`. */
export function temporaryDirectory(): string {
  // The real path: on some systems the temporary directory is a link, and npm writes paths relative to what it resolves.
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "ray-platform-package-"));
  temporary.push(directory);
  return directory;
}

export function removeDirectories(): void {
  for (const directory of temporary.splice(0)) {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Packs what is compiled. `npm test` compiles before it starts the tests. */
export function packModule(directory: string): PackedModule {
  const { status, output } = run("npm", packArguments(directory), PACKAGE_ROOT);
  if (status !== 0) {
    throw new Error(`npm pack failed: ${output}`);
  }
  const { filename, size, files } = packed(output);
  return { tarball: join(directory, filename), size, files };
}

/** Makes a repository as a user does: `npx projen new --from` the tarball, in a directory of its own. */
export function projenNew({ directory, tarball, flags = [], env = {} }: ProjenNewProps): CommandResult {
  mkdirSync(directory, { recursive: true });
  const args = projenNewArguments({ projen: toolchain().projen, tarball, flags });
  return run("npx", args, directory, { ...GIT_IDENTITY, ...env });
}

/** Runs a command to its end; a failure is a result, not an error. */
export function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: { readonly [name: string]: string } = {},
): CommandResult {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...environment(), ...env },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32",
  });
  return { status, output: `${stdout}${stderr}` };
}

/** Files below a directory that a commit would hold, with forward slashes, sorted. */
export function repositoryFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replace(/\\/g, "/"),
    )
    .filter((path) => !/^(?:node_modules|\.git|build|cdktf\.out)\//.test(path))
    .sort();
}

/** Path and text of each file that a commit would hold. */
export function repositoryTexts(directory: string): Map<string, string> {
  return new Map(repositoryFiles(directory).map((path) => [path, readFileSync(join(directory, path), "utf8")]));
}

const temporary: string[] = [];

/** Jest sets NODE_ENV, which npm takes into account, and npm passes its own settings on to what it starts; a user's shell has neither. */
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => name !== "NODE_ENV" && !/^npm_(?!config_(?:registry|cache|userconfig))/i.test(name),
  );
  return { ...Object.fromEntries(inherited), npm_config_prefer_offline: "true", npm_config_audit: "false" };
}
