// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { generate, pack } from "../../scripts/generate.mjs";
import { assertRegenerates, assertSameFiles, committedFiles, inOwnDirectory, withNode } from "../repositories.mjs";

const VERSIONS = ["node20", "node22", "node24"];

export default {
  id: "node-versions",
  title: "Node 20, 22 and 24: the same bytes, and a build that passes",
  tools: VERSIONS,
  run: (context) => inOwnDirectory("node-versions", (directory) => check(context, directory)),
};

async function check({ tools, exec, log }, base) {
  const tarball = await pack(base, log);
  const files = new Map();
  for (const version of VERSIONS) {
    const env = withNode(tools[version]);
    await assertIsUsed(exec, version, env);
    // One name, so that the same options are given; one directory each, so that the name is all they share.
    const directory = join(base, version, "platform");
    await generate({ directory, tarball, flags: ["--name", "platform"], note: log, env });
    await exec("npx", ["projen", "build"], { cwd: directory, env, note: log });
    await assertRegenerates(exec, directory, env);
    files.set(version, committedFiles(directory));
  }
  const [first, ...others] = VERSIONS;
  for (const version of others) {
    assertSameFiles(files.get(first), files.get(version), `${first} and ${version}`);
  }
  return `${files.get(first).size} files, the same on ${VERSIONS.length} versions of Node; ${VERSIONS.length} builds passed`;
}

/** What is on the PATH must be the Node that the check speaks of. */
async function assertIsUsed(exec, version, env) {
  const { stdout } = await exec("node", ["--version"], { env });
  if (!stdout.startsWith(`v${version.replace("node", "")}.`)) {
    throw new Error(`${version} was to be used, and ${stdout.trim()} was`);
  }
}
