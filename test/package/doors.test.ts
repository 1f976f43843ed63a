// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { refuseUnfitDirectory } from "../../src/components/creation";
import { nodeProblem } from "../../src/node-version";
import { PACKAGE_ROOT } from "../../src/package-root";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { temporaryDirectory } from "../sync/mini-project";

const git = (root: string, ...args: string[]) => spawnSync("git", args, { cwd: root, encoding: "utf8" });

describe("projen new", () => {
  const ARGV = ["node", "projen", "new"];

  test("refuses a repository with changes that are not committed, and names them", () => {
    const root = temporaryDirectory();
    git(root, "init", "-q");
    writeFileSync(join(root, "notes.txt"), "mine\n");
    expect(() => refuseUnfitDirectory(root, ARGV)).toThrow(
      /not committed: notes\.txt\. .*git stash.*Nothing was written/,
    );
    expect(() => refuseUnfitDirectory(root, [...ARGV, "--no-git"])).toThrow("notes.txt");
  });

  test("does not count what it has installed itself, nor what is ignored or outside", () => {
    const top = temporaryDirectory();
    const root = join(top, "platform");
    mkdirSync(join(root, "node_modules"), { recursive: true });
    git(top, "init", "-q");
    for (const path of ["package.json", "package-lock.json", "node_modules/x.js", "../other.txt"]) {
      writeFileSync(join(root, path), "{}\n");
    }
    expect(() => refuseUnfitDirectory(root, [...ARGV, "--no-git"])).not.toThrow();
  });

  test("says how to go on without a git identity, and without git", () => {
    const root = temporaryDirectory();
    const variables = ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"];
    const before = { ...process.env };
    try {
      for (const name of variables) {
        delete process.env[name];
      }
      writeFileSync(join(root, "gitconfig"), "[user]\n  useConfigOnly = true\n");
      Object.assign(process.env, { GIT_CONFIG_GLOBAL: join(root, "gitconfig"), GIT_CONFIG_SYSTEM: "/dev/null" });
      expect(() => refuseUnfitDirectory(root, ARGV)).toThrow(/git config --global user\.name NAME.*--no-git/);
      expect(() => refuseUnfitDirectory(root, [...ARGV, "--no-git"])).not.toThrow();
      process.env.PATH = "/nowhere";
      expect(() => refuseUnfitDirectory(root, ARGV)).toThrow(/install git, or add --no-git/);
      expect(() => refuseUnfitDirectory(root, [...ARGV, "--git=false"])).not.toThrow();
    } finally {
      for (const name of Object.keys(process.env)) {
        delete process.env[name];
      }
      Object.assign(process.env, before);
    }
  });
});

test("a task in a clone without an installation says in a line what to type", () => {
  const root = temporaryDirectory();
  mkdirSync(join(root, "scripts"));
  cpSync(join(PACKAGE_ROOT, "templates/scripts/ray-platform.mjs"), join(root, "scripts/ray-platform.mjs"));
  const { status, stderr } = spawnSync(process.execPath, ["scripts/ray-platform.mjs", "projenrc"], {
    cwd: root,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([
    1,
    'nothing is installed here yet: run "npm ci --ignore-scripts", and then this command again\n',
  ]);
});

test("every task that starts ray-platform starts it through that script", () => {
  const root = temporaryDirectory();
  process.env.PROJEN_DISABLE_POST = "true";
  new RayPlatformProject({ name: "platform", outdir: root }).synth();
  const { tasks } = JSON.parse(readFileSync(join(root, ".projen/tasks.json"), "utf8"));
  const commands: string[] = Object.values<{ steps?: { exec?: string }[] }>(tasks).flatMap(({ steps = [] }) =>
    steps.flatMap(({ exec }) => (exec?.includes("ray-platform") ? [exec] : [])),
  );
  expect(commands.length).toBeGreaterThan(4);
  expect(commands.filter((command) => !command.startsWith("node scripts/ray-platform.mjs "))).toEqual([]);
});

test("the lock says of each file which options shape it", () => {
  const root = temporaryDirectory();
  process.env.PROJEN_DISABLE_POST = "true";
  new RayPlatformProject({ name: "platform", outdir: root }).synth();
  const { files } = JSON.parse(readFileSync(join(root, ".ray-platform/lock.json"), "utf8"));
  expect(files["policies/data.json"].options).toEqual(["accelerator", "allowedRegions", "policyLimits"]);
  expect(files["src/main.ts"]).not.toHaveProperty("options");
});

test.each([
  ["18.20.4", true],
  ["20.8.1", true],
  ["20.9.0", false],
  ["22.0.0", false],
])("Node.js %s is too old: %s", (version, isTooOld) => {
  expect(nodeProblem(version)).toEqual(
    isTooOld ? `ray-platform needs Node.js 20.9 or newer, and this is ${version}` : undefined,
  );
});

test("a README that was renamed stays the one with the block, and no second one is written", () => {
  const root = temporaryDirectory();
  process.env.PROJEN_DISABLE_POST = "true";
  const run = () => new RayPlatformProject({ name: "platform", outdir: root }).synth();
  run();
  renameSync(join(root, "README.md"), join(root, "readme.md"));
  const before = readFileSync(join(root, "readme.md"), "utf8");
  run();
  expect(git(root, "ls-files").stdout).toBe("");
  expect(spawnSync("ls", [root], { encoding: "utf8" }).stdout).not.toContain("README.md");
  expect(readFileSync(join(root, "readme.md"), "utf8")).toBe(before);
});
