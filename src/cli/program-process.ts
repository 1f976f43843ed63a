// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { PACKAGE_ROOT } from "../package-root";
import { inspect } from "../sync/comparison/inspect";
import { NOT_ORIGINAL, unlikeOriginals } from "../sync/comparison/originals";
import { readDiskFile } from "../sync/files/disk-file";
import { STAGING_VARIABLE } from "../sync/files/staging";
import { requireNpm } from "../sync/run/package-manager";
import { PREVIEW_VARIABLE } from "../sync/run/run-variables";
import { readLock } from "../sync/store/lock-file";
import { CommandError } from "./command-error";
import { ExitCode } from "./exit-code";
import { findProjenrc } from "./find-projenrc";
import { END, END_DESCRIPTOR, PROGRAM_VARIABLE } from "./program-protocol";

const COMMAND = join(PACKAGE_ROOT, "bin", "ray-platform");

/** Environment variables that a confined program is given: none of them is a credential. */
const GIVEN = /^(PATH|LANG|LC_ALL|TZ|NODE_ENV|DEBUG|SystemRoot|(PROJEN|RAY_PLATFORM)_\w+)$/i;

const UNFINISHED = "the projenrc did not run to its end, so it is not known what it would generate";

/**
 * Regenerates with a projenrc that is a program: in a process of its own, with the rights of whoever runs it, because it
 * writes and installs. Whether that succeeded is not for it to say: it must come to its end, and what the package ships
 * must lie there afterwards.
 */
export function runProjenrcProgram(cwd: string): ExitCode {
  const { status, output } = spawnSync(process.execPath, [COMMAND, "projenrc"], {
    cwd,
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    env: { ...process.env, [PROGRAM_VARIABLE]: findProjenrc(cwd) },
  });
  if (status !== 0) {
    return status ?? ExitCode.ERROR;
  }
  if (output[END_DESCRIPTOR]?.toString() !== END) {
    throw new CommandError(UNFINISHED);
  }
  const replaced = unlikeOriginals(cwd, readLock(cwd).lock);
  const edited = inspect(cwd).files.filter(({ class: owner, disk }) => owner === "managed" && disk === "edited");
  const wrong = new Map([...edited.map(({ path }) => [path, NOT_ORIGINAL] as const), ...replaced]);
  if (wrong.size > 0) {
    const list = [...wrong].map(([path, problem]) => `${path}: ${problem}`).join("\n");
    throw new CommandError(`${list}\nWhat is meant to be yours is named in the option "release".`);
  }
  return ExitCode.CLEAN;
}

/**
 * Renders with a projenrc that is a program, for a comparison: in a process that can read the project and what is
 * installed, write to one empty directory, start nothing, and sees no credential in its environment.
 * @returns what it handed over, as it handed it over
 */
export function renderProgram(root: string, projenrc: string): string {
  requireNpm(root); // What is above the project, the confined process cannot see.
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "ray-platform-program-"));
  try {
    const staging = join(directory, "staging");
    mkdirSync(staging);
    const modules = join(root, "node_modules");
    if (existsSync(modules)) {
      symlinkSync(modules, join(staging, "node_modules"), "junction"); // A confined process makes no links.
    }
    const rendering = "rendering.json";
    const { status } = spawnSync(process.execPath, [...confinement(root, projenrc, directory), COMMAND, "projenrc"], {
      cwd: root,
      stdio: ["ignore", 2, 2, "pipe"],
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => GIVEN.test(name))),
        TMPDIR: directory,
        NODE_NO_WARNINGS: "1",
        PROJEN_DISABLE_POST: "true",
        [STAGING_VARIABLE]: staging,
        [PROGRAM_VARIABLE]: projenrc,
        [PREVIEW_VARIABLE]: join(directory, rendering),
      },
    });
    const disk = readDiskFile(directory, rendering, new Set());
    if (status !== 0 || disk.kind !== "file") {
      throw new CommandError(UNFINISHED);
    }
    return disk.content.toString("utf8");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Node's permission model: reading where the program and its modules lie, writing to one directory, and nothing else. */
function confinement(root: string, projenrc: string, directory: string): string[] {
  const flag = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";
  const readable = outermost([root, dirname(projenrc), PACKAGE_ROOT, directory].flatMap(withModules));
  return [
    flag,
    ...readable.map((path) => `--allow-fs-read=${join(path, "*")}`),
    `--allow-fs-write=${join(directory, "*")}`,
  ];
}

/** A directory, and those above it in which Node.js looks for packages, with what links in them lead to. */
function withModules(directory: string): string[] {
  const real = realpathSync(directory);
  const paths = [directory, real];
  for (let above = real; ; above = dirname(above)) {
    const modules = join(above, "node_modules");
    if (existsSync(modules)) {
      paths.push(modules, realpathSync(modules), ...linksIn(modules));
    }
    if (above === dirname(above)) {
      return paths;
    }
  }
}

function linksIn(modules: string): string[] {
  return readdirSync(modules, { withFileTypes: true }).flatMap((entry) => {
    const path = join(modules, entry.name);
    if (entry.isDirectory() && entry.name.startsWith("@")) {
      return linksIn(path);
    }
    return entry.isSymbolicLink() && existsSync(path) ? [realpathSync(path)] : [];
  });
}

/** Without those that lie in another one: Node.js 20 takes no path that begins with another. */
function outermost(paths: readonly string[]): string[] {
  const distinct = [...new Set(paths)];
  return distinct.filter((path) => !distinct.some((other) => other !== path && path.startsWith(`${other}${sep}`)));
}
