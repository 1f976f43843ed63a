// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { GIT_IDENTITY, generate, pack } from "../../scripts/generate.mjs";
import { assertRegenerates, assertSameFiles, checkDirectory, committedFiles, withNode } from "../repositories.mjs";

const VERSIONS = ["node20", "node22", "node24"];

export default {
  id: "node-versions",
  title: "Node 20, 22 and 24: the same bytes, and a build that passes",
  tools: VERSIONS,
  async run({ tools, exec, log }) {
    const base = checkDirectory("node-versions");
    const tarball = await pack(base, log);
    const files = new Map();
    for (const version of VERSIONS) {
      const env = withNode(tools[version]);
      // One name, so that the same options are given; one directory each, so that the name is all they share.
      const directory = join(base, version, "platform");
      mkdirSync(directory, { recursive: true });
      await generate({ directory, tarball, flags: ["--name", "platform"], note: log, env });
      await exec("npx", ["projen", "build"], { cwd: directory, env, note: log });
      await assertRegenerates(exec, directory, { ...env, ...GIT_IDENTITY });
      files.set(version, committedFiles(directory));
    }
    const [first, ...others] = VERSIONS;
    for (const version of others) {
      assertSameFiles(files.get(first), files.get(version), `${first} and ${version}`);
    }
    return `${files.get(first).size} files, the same on ${VERSIONS.length} versions of Node; ${VERSIONS.length} builds passed`;
  },
};
