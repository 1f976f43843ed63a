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

const LISTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pnpm: { "pnpm-workspace.yaml": 'packages: ["apps/*", "platforms/**", "!**/old"]\n' },
  Yarn: { "package.json": '{ "workspaces": { "packages": ["./platforms/*/"] } }', "yarn.lock": "" },
  Bun: { "package.json": '{ "workspaces": ["platforms/ray"] }', "bun.lock": "" },
  "yarn@4.9.0": { "package.json": '{ "workspaces": ["platforms/*"], "packageManager": "yarn@4.9.0" }' },
};

/** A repository with a package in a directory of its own. */
function memberOf(files: Readonly<Record<string, string>>, path: string): string {
  const top = repositoryWith(".git/HEAD");
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(top, name), content);
  }
  const member = join(top, path);
  mkdirSync(member, { recursive: true });
  return member;
}

test.each(Object.entries(LISTS))(
  "a package of a workspace of %s is refused before anything is written",
  (manager, files) => {
    const outdir = memberOf(files, "platforms/ray");
    expect(() => new RayPlatformProject({ name: "platform", outdir }).synth()).toThrow(
      new RegExp(`package of a workspace that is installed with ${manager} \\(../../.*nothing was changed\\. Take`),
    );
    expect(readdirSync(outdir)).toEqual([]);
  },
);

test.each([
  ["beside pnpm's packages", LISTS.pnpm, "tools/ray"],
  ["that pnpm's list takes out", LISTS.pnpm, "platforms/old"],
  ["beside Yarn's packages", LISTS.Yarn, "platforms/ray/deep"],
  ["of npm's own workspace", { "package.json": '{ "workspaces": ["platforms/*"] }' }, "platforms/ray"],
  ["below a list that cannot be read", { "pnpm-workspace.yaml": "packages: [", "package.json": "{" }, "platforms/ray"],
  ["below a list of another kind", { "pnpm-workspace.yaml": "- packages", "package.json": "7" }, "platforms/ray"],
])("a package %s is not", (_where, files, path) => {
  const outdir = memberOf(files as Readonly<Record<string, string>>, path);
  expect(() => new RayPlatformProject({ name: "platform", outdir })).not.toThrow();
});

test("nobody looks above the top of the repository", () => {
  const top = memberOf(LISTS.pnpm as Readonly<Record<string, string>>, "platforms/ray");
  mkdirSync(join(top, ".git"));
  expect(() => new RayPlatformProject({ name: "platform", outdir: top })).not.toThrow();
});
