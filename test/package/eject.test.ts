// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { temporaryDirectory } from "../sync/mini-project";

const OPTIONS = { githubOwner: "acme", documents: { codeOwners: ["@acme/platform"] } };
const PROJENRC = 'import { RayPlatformProject } from "ray-platform";\n';

/** A committed repository, before anything is installed, with what its user did to it. */
function repository(change: (root: string) => void = () => {}, options: object = OPTIONS): string {
  const root = temporaryDirectory();
  writeFileSync(join(root, ".projenrc.ts"), PROJENRC);
  run(root, options);
  change(root);
  git(root, "init", "-q");
  git(root, "add", "-A");
  git(root, "commit", "-qm", "generated");
  return root;
}

function run(outdir: string, options: object, configure: (project: RayPlatformProject) => void = () => {}): void {
  const project = new RayPlatformProject({ name: "platform", ...options, outdir } as RayPlatformProjectOptions);
  configure(project);
  process.env.PROJEN_DISABLE_POST = "true"; // nothing is installed here
  project.synth();
}

function eject(root: string, options: object = OPTIONS, configure?: (project: RayPlatformProject) => void): void {
  process.env.PROJEN_EJECTING = "true";
  try {
    run(root, options, configure);
  } finally {
    delete process.env.PROJEN_EJECTING;
  }
}

function git(root: string, ...args: string[]): string {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  return spawnSync("git", [...identity, ...args], { cwd: root, encoding: "utf8" }).stdout;
}

function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !path.startsWith(".git/"));
}

function append(root: string, path: string, text: string): void {
  chmodSync(join(root, path), 0o644);
  writeFileSync(join(root, path), readFileSync(join(root, path), "utf8") + text);
}

const read = (root: string, path: string) => readFileSync(join(root, path), "utf8");
const readJson = (root: string, path: string) => JSON.parse(read(root, path));

describe("an ejected repository", () => {
  let root: string;

  beforeAll(() => {
    root = repository((directory) => {
      append(directory, "README.md", "\nOur own words: run `npx projen build`.\n");
      append(directory, "src/extensions.ts", "// our own code\n");
      append(directory, ".gitignore", "/ours/\n");
    });
    eject(root);
  });

  test("names projen nowhere", () => {
    const naming = filesOf(root).filter((path) => /projen/i.test(path) || /projen/i.test(read(root, path)));
    expect(naming).toEqual([]);
  });

  test("has commands as scripts, each of which there is a program for", () => {
    const { scripts, devDependencies } = readJson(root, "package.json");
    expect(scripts.build).toBe("npm run compile && npm run post-compile && npm run test");
    expect(scripts.synth).toBe(
      "npm run compile && node build/src/main.js && node scripts/copy-provider-locks.mjs && node scripts/check-scannable.mjs",
    );
    expect(scripts["post-compile"]).toContain(" && node scripts/check-scannable.mjs && ");
    expect(Object.keys(scripts).sort()).toEqual([
      "build",
      "compile",
      "gates",
      "lint",
      "policy",
      "post-compile",
      "rehearse",
      "synth",
      "test",
    ]);
    expect(Object.keys(devDependencies)).toContain("ray-platform");
  });

  test("has the gates that stand alone, and none that needs the generator", () => {
    const workflows = readdirSync(join(root, ".github/workflows"));
    expect(workflows).toEqual(expect.arrayContaining(["build.yml", "policy.yml", "tfsec.yml", "terraform-plan.yml"]));
    expect(workflows).not.toEqual(expect.arrayContaining(["sync-check.yml"]));
    expect(workflows).not.toEqual(expect.arrayContaining(["upgrade.yml"]));
    expect(workflows).not.toEqual(expect.arrayContaining(["posture.yml"]));
    const { requiredChecks } = readJson(root, ".github/settings.json");
    expect(requiredChecks).toContain("Build and test");
    expect(requiredChecks).not.toContain("Sync check");
  });

  test("keeps the exceptions and the hashes of what was generated, and no markers", () => {
    expect(filesOf(root).filter((path) => path.startsWith(".ray-platform/"))).toEqual([
      ".ray-platform/exceptions.json",
      ".ray-platform/generated.json",
    ]);
    for (const path of ["README.md", ".gitignore", ".github/CODEOWNERS"]) {
      expect(read(root, path)).not.toMatch(/>>> ray-platform|<<< ray-platform/);
    }
  });

  test("keeps what its user wrote, with the commands that there are now", () => {
    expect(read(root, "README.md")).toContain("Our own words: run `npm run build`.");
    expect(read(root, "src/extensions.ts")).toContain("// our own code");
    expect(read(root, ".gitignore")).toMatch(/\/cdktf\.out\/[\s\S]*\/ours\/\n$/);
  });

  test("is writable throughout, and programs stay programs", () => {
    expect(filesOf(root).filter((path) => (statSync(join(root, path)).mode & 0o200) === 0)).toEqual([]);
    expect(statSync(join(root, "scripts/mirror-images.sh")).mode & 0o100).toBe(0o100);
  });

  test("has its options in git's history alone", () => {
    expect(existsSync(join(root, ".projenrc.ts"))).toBe(false);
    expect(git(root, "show", "HEAD:.projenrc.ts")).toBe(PROJENRC);
  });
});

test("options that are not committed stay as a backup", () => {
  const root = repository();
  append(root, ".projenrc.ts", "// not committed\n");
  eject(root);
  expect(read(root, ".projenrc.ts.bak")).toContain("// not committed");
});

test("an edited managed file is refused by its name, and nothing is changed", () => {
  const root = repository((directory) => append(directory, "policies/terraform/cluster.rego", "# mine\n"));
  const before = filesOf(root);
  expect(() => eject(root)).toThrow(/^nothing was changed: policies\/terraform\/cluster\.rego \(edited\)/);
  expect(filesOf(root)).toEqual(before);
  expect(read(root, "policies/terraform/cluster.rego")).toContain("# mine");
});

test("tasks of the user's become scripts with their directory, variables and arguments", () => {
  const root = repository();
  eject(root, OPTIONS, (project) => {
    project.addTask("train", { exec: "python train.py", cwd: "jobs", env: { MODE: "a b" } });
    const all = project.addTask("all", { description: "everything" });
    all.say("starting");
    all.spawn(project.tasks.tryFind("train") as never);
  });
  const { scripts } = readJson(root, "package.json");
  expect(scripts.train).toBe("(cd jobs && MODE='a b' python train.py)");
  expect(scripts.all).toBe("echo starting && npm run train");
});

test("a task that only projen can run is refused before anything is changed", () => {
  const root = repository();
  const conditional = (project: RayPlatformProject) =>
    project.addTask("sometimes", { exec: "true", condition: "test -f x" });
  expect(() => eject(root, OPTIONS, conditional)).toThrow(/the task sometimes has a condition/);
  expect(existsSync(join(root, ".ray-platform/lock.json"))).toBe(true);
});
