// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { exec } from "../scripts/command.mjs";
import { ROOT } from "../scripts/setup.mjs";

const TOOLS = join(ROOT, ".tools");

/**
 * How Go builds programs: nobody debugs them, and without tables for that and without inlining it takes half the time. A
 * program that `runsLong` has its functions inlined, as it makes up for it.
 */
const COMPILED = { briefly: "all=-l -dwarf=false", long: "all=-dwarf=false" };

/**
 * Installs a pinned program into .tools, unless it is there already.
 *
 * Kinds: `go` builds a command of a Go module, which the checksum database vouches for; `pip` installs a PyPI package,
 * and those it is used `with`, into a virtual environment of its own; `npm` into a directory of its own, with `{platform}` in
 * the package's name replaced by such as linux-x64, where it is a program, or the `file` of the package that a check loads;
 * `npm-lock` installs what a package.json and package-lock.json of this repository say; `apt` takes it from the
 * distribution, for root; `go-module` builds `programs`, packages by the names that they get, in a Go module of this
 * repository, which pins all that it needs; `system` only looks for it on the PATH. Whatever its kind, a tool of which
 * one of the programs `onPath`, with spaces between them, is on the PATH is not installed: that one is taken.
 *
 * @param {string} name
 * @param {{ kind: "go" | "go-module" | "pip" | "npm" | "npm-lock" | "apt" | "system", version: string, module?: string, command?: string, package?: string, binary?: string, with?: Record<string, string>, env?: Record<string, string>, runsLong?: boolean, programs?: Record<string, string>, ldflags?: string, onPath?: string, file?: string }} tool
 * @param {Record<string, string>} env for what builds it, beside its own
 * @returns {Promise<string>} absolute path of the program
 */
export async function installTool(name, tool, note, env = {}) {
  const found = programOnPath(tool.onPath?.split(" ") ?? []);
  if (found !== undefined) {
    return found;
  }
  const directory = join(TOOLS, `${name}-${tool.version}`);
  const marker = join(directory, ".installed");
  const installed = existsSync(marker) ? readFileSync(marker, "utf8") : "";
  // The directory may have come from another place, with the path that the program had there.
  if (existsSync(installed)) {
    return installed;
  }
  mkdirSync(directory, { recursive: true });
  const program = await INSTALLERS[tool.kind](directory, name, { ...tool, env: { ...env, ...tool.env } }, note);
  if (!existsSync(program)) {
    throw new Error(`installing ${name} did not make ${program}`);
  }
  writeFileSync(marker, program);
  return program;
}

/** @returns {string | undefined} absolute path of the first that is there */
function programOnPath(names) {
  const directories = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return names
    .flatMap((name) => directories.map((directory) => join(directory, name)))
    .find((path) => existsSync(path));
}

const INSTALLERS = {
  async go(directory, name, { module, command, version, binary, runsLong, env }, note) {
    const target = command === undefined ? module : `${module}/${command}`;
    await exec("go", ["install", ...buildFlags(runsLong), `${target}@${version}`], {
      note,
      env: { GOBIN: directory, ...env },
    });
    return join(directory, binary ?? name);
  },
  async "go-module"(directory, name, { module, programs, binary, runsLong, ldflags = "", env }, note) {
    // One build: the programs share most of their packages.
    const sources = Object.values(programs);
    await exec("go", ["build", ...buildFlags(runsLong, ldflags), "-o", `${directory}/`, ...sources], {
      cwd: join(ROOT, module),
      note,
      env,
    });
    for (const [program, source] of Object.entries(programs)) {
      renameSync(join(directory, madeProgram(source)), join(directory, program));
    }
    return join(directory, binary ?? name);
  },
  async pip(directory, name, { package: distribution, version, binary, with: others = {} }, note) {
    const pinned = Object.entries({ [distribution]: version, ...others }).map((pair) => pair.join("=="));
    await exec("python3", ["-m", "venv", directory], { note });
    await exec(join(directory, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", ...pinned], {
      note,
    });
    return join(directory, "bin", binary ?? name);
  },
  async npm(directory, name, { package: distribution, version, binary, file }, note) {
    const built = distribution.replace("{platform}", `${process.platform}-${process.arch}`);
    await exec("npm", ["install", "--prefix", directory, "--no-audit", "--no-fund", `${built}@${version}`], { note });
    const modules = join(directory, "node_modules");
    return file === undefined ? join(modules, ".bin", binary ?? name) : join(modules, built, file);
  },
  async apt(_directory, name, { package: distribution = name, onPath }, note) {
    if (process.getuid?.() !== 0 || programOnPath(["apt-get"]) === undefined) {
      throw new Error(`${name} is not on the PATH, and only root can install it by apt-get`);
    }
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await exec("apt-get", ["update", "--quiet"], { note, env });
    await exec("apt-get", ["install", "--quiet", "--yes", "--no-install-recommends", distribution], { note, env });
    const found = programOnPath(onPath.split(" "));
    if (found === undefined) {
      throw new Error(`apt-get installed ${distribution}, and ${name} is not on the PATH`);
    }
    return found;
  },
  async "npm-lock"(directory, name, { module, binary }, note) {
    for (const file of ["package.json", "package-lock.json"]) {
      copyFileSync(join(ROOT, module, file), join(directory, file));
    }
    await exec("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: directory, note });
    return join(directory, "node_modules", ".bin", binary ?? name);
  },
  async system(_directory, name, { binary }) {
    const found = programOnPath([binary ?? name]);
    if (found === undefined) {
      throw new Error(`${binary ?? name} is not on the PATH`);
    }
    return found;
  },
};

/** The flags of every build by Go: packages are shared between those whose flags are equal. */
export function buildFlags(runsLong = false, ldflags = "") {
  const gcflags = runsLong ? COMPILED.long : COMPILED.briefly;
  return ["-trimpath", "-gcflags", gcflags, "-ldflags", `-s -w ${ldflags}`.trim()];
}

/** The name that `go build` gives a program: the last part of its path that is no major version. */
function madeProgram(source) {
  return basename(source.replace(/\/v\d+$/, ""));
}
