// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generate, pack } from "../../scripts/generate.mjs";
import { assertRegenerates, inOwnDirectory } from "../repositories.mjs";

export default {
  id: "projen-versions",
  title: "The oldest and the newest projen that are supported",
  tools: [],
  run: (context) => inOwnDirectory("projen-versions", (directory) => check(context, directory)),
};

async function check({ repo, exec, log }, base) {
  const tarball = await pack(base, log);
  const versions = [
    oldestSupported(repo),
    JSON.parse(readFileSync(join(repo, "data", "toolchain.json"), "utf8")).projen,
  ];
  for (const projen of versions) {
    const directory = join(base, `projen-${projen}`);
    await generate({ directory, tarball, projen, note: log });
    const { devDependencies } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    if (devDependencies.projen !== projen) {
      throw new Error(`projenVersion ${projen} was asked for, package.json has ${devDependencies.projen}`);
    }
    const installed = JSON.parse(
      readFileSync(join(directory, "node_modules", "projen", "package.json"), "utf8"),
    ).version;
    if (installed !== projen) {
      throw new Error(`projen ${projen} was asked for, ${installed} is installed`);
    }
    await exec("npx", ["projen", "build"], { cwd: directory, note: log });
    await assertRegenerates(exec, directory);
  }
  return `generated, built and regenerated with projen ${versions.join(" and ")}`;
}

/** The lower end of the peer range, which is what users are promised. */
function oldestSupported(repo) {
  const range = JSON.parse(readFileSync(join(repo, "package.json"), "utf8")).peerDependencies.projen;
  const oldest = /^>=(\d+\.\d+\.\d+) /.exec(range)?.[1];
  if (oldest === undefined) {
    throw new Error(`the peer range of projen, ${range}, has no lower end`);
  }
  return oldest;
}
