// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generate, pack } from "../../scripts/generate.mjs";
import { assertRegenerates, assertSameFiles, committedFiles, inOwnDirectory } from "../repositories.mjs";

const ENGINES = ["cdktf", "cdktn"];
/** What may differ between the two repositories: which engine it is. */
const NAMES_THE_ENGINE = [
  ".projenrc.ts",
  "package.json",
  "package-lock.json",
  "src/platform/platform.json",
  ".projen/deps.json",
  ".ray-platform/lock.json",
];

export default {
  id: "engines",
  title: "cdktf and CDK Terrain: the same repository, the same Terraform",
  tools: [],
  run: (context) => inOwnDirectory("engines", (directory) => check(context, directory)),
};

async function check({ repo, exec, log }, base) {
  const tarball = await pack(base, log);
  const results = {};
  for (const engine of ENGINES) {
    const directory = join(base, engine, "platform");
    await generate({
      directory,
      tarball,
      flags: ["--name", "platform", "--engine", engine, "--environment-names", "dev", "--environment-names", "prod"],
      note: log,
    });
    await exec("npx", ["projen", "build"], { cwd: directory, note: log });
    await exec("npm", ["ls", "--all"], { cwd: directory }); // a peer that is not met is an error
    await assertRegenerates(exec, directory);
    assertInstalled(repo, directory, engine);
    results[engine] = { files: committedFiles(directory, NAMES_THE_ENGINE), stacks: stacks(directory) };
  }
  assertSameFiles(results.cdktf.files, results.cdktn.files, "cdktf and cdktn");
  assertSameFiles(results.cdktf.stacks, results.cdktn.stacks, "Terraform JSON of cdktf and cdktn");
  return `${results.cdktf.stacks.size} stacks, the same Terraform JSON from ${ENGINES.join(" and ")}`;
}

/** Both are installed under the name cdktf, so what is in the directory is what counts. */
function assertInstalled(repo, directory, engine) {
  const { engines } = JSON.parse(readFileSync(join(repo, "data", "toolchain.json"), "utf8"));
  const expected = engines[engine].cdktf.split("@").pop();
  const { name, version } = JSON.parse(readFileSync(join(directory, "node_modules", "cdktf", "package.json"), "utf8"));
  if (name !== engine || version !== expected) {
    throw new Error(`${engine} ${expected} was asked for, ${name} ${version} is installed in ${directory}`);
  }
}

/** Terraform JSON by stack, without the engine's version and in one order of keys. */
function stacks(directory) {
  const out = join(directory, "cdktf.out");
  const { stacks: listed } = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
  return new Map(
    Object.entries(listed).map(([name, { synthesizedStackPath }]) => {
      const stack = JSON.parse(readFileSync(join(out, synthesizedStackPath), "utf8"));
      delete stack["//"].metadata.version;
      return [name, JSON.stringify(sorted(stack))];
    }),
  );
}

function sorted(value) {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return value !== null && typeof value === "object"
    ? Object.fromEntries(
        Object.keys(value)
          .sort()
          .map((key) => [key, sorted(value[key])]),
      )
    : value;
}
