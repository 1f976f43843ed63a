// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { temporaryDirectory } from "../sync/mini-project";

function repositoryWith(path: string, content = ""): string {
  const root = temporaryDirectory();
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  return root;
}

test.each([
  ["pnpm", "pnpm-lock.yaml", ""],
  ["pnpm", "node_modules/.modules.yaml", ""],
  ["pnpm", "package.json", '{ "packageManager": "pnpm@10.0.0" }'],
  ["Yarn", "yarn.lock", ""],
  ["Yarn", ".yarnrc.yml", ""],
  ["yarn", "package.json", '{ "packageManager": "yarn@4.9.0" }'],
  ["Yarn", ".yarn/releases/yarn.cjs", ""],
  ["Yarn", ".pnp.cjs", ""],
  ["Bun", "bun.lock", ""],
  ["Bun", "bunfig.toml", ""],
  ["pnpm", "node_modules/.pnpm/lock.yaml", ""],
  ["pnpm", "package.json", '{ "devEngines": { "packageManager": { "name": "pnpm" } } }'],
  ["pnpm", "package.json", '{ "engines": { "pnpm": ">=9", "npm": "use pnpm" } }'],
  ["pnpm", "package.json", '{ "pnpm": { "overrides": {} } }'],
])("%s, by its %s, is refused before anything is written", (manager, path, content) => {
  const outdir = repositoryWith(path, content);
  expect(() => new RayPlatformProject({ name: "platform", outdir }).synth()).toThrow(
    new RegExp(`installed with ${manager}.*nothing was changed\\. Remove .*npm install`),
  );
  expect(readdirSync(outdir)).toEqual([path.split("/")[0]]);
});

test.each([
  ["package-lock.json", "{}"],
  ["package.json", '{ "packageManager": "npm@11.0.0" }'],
  ["package.json", '{ "devEngines": { "packageManager": { "name": "npm" } }, "engines": { "npm": ">=10" } }'],
  ["node_modules/.package-lock.json", "{}"],
])("npm, by its %s, is not", (path, content) => {
  const outdir = repositoryWith(path, content);
  expect(() => new RayPlatformProject({ name: "platform", outdir })).not.toThrow();
});
