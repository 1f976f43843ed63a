// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "../../../src/sync/comparison/inspect";
import { readmeName } from "../../../src/sync/files/readme-name";
import { placeNotes } from "../../../src/sync/run/repository-place";
import { generate, temporaryDirectory } from "../mini-project";

const OPTIONS = { managed: { "docs/guide.md": "a guide\n", "src/main.ts": "main\n" } };

function git(root: string, ...args: string[]): void {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  spawnSync("git", [...identity, ...args], { cwd: root });
}

describe("a sparse checkout", () => {
  const sparse = (): string => {
    const root = temporaryDirectory();
    generate(root, OPTIONS);
    git(root, "init", "-q");
    git(root, "add", "-A");
    git(root, "commit", "-qm", "generated");
    git(root, "sparse-checkout", "set", "--no-cone", "/*", "!/docs/");
    expect(existsSync(join(root, "docs"))).toBe(false);
    return root;
  };

  test("without a generated file is refused with what to type, and nothing is written", () => {
    const root = sparse();
    expect(() => generate(root, OPTIONS)).toThrow(
      /sparse checkout without docs\/guide\.md.*git sparse-checkout disable/,
    );
    expect(readdirSync(root)).not.toContain("docs");
  });

  test("has no deleted files in its status", () => {
    const guide = inspect(sparse()).files.find(({ path }) => path === "docs/guide.md");
    expect(guide).toMatchObject({ disk: "same", note: "left out of the sparse checkout" });
  });

  test("in which the user deleted a file is none of this", () => {
    const root = temporaryDirectory();
    generate(root, OPTIONS);
    git(root, "init", "-q");
    git(root, "add", "-A");
    git(root, "rm", "-q", "--cached", "docs/guide.md");
    renameSync(join(root, "docs"), join(root, "moved"));
    generate(root, OPTIONS);
    expect(readFileSync(join(root, "docs/guide.md"), "utf8")).toBe("a guide\n");
  });
});

test("a README is found in whatever case its user wrote it", () => {
  const root = temporaryDirectory();
  expect(readmeName(root)).toBe("README.md");
  mkdirSync(join(root, "Readme.md"));
  expect(readmeName(root)).toBe("Readme.md");
  expect(readmeName(join(root, "nowhere"))).toBe("README.md");
});

describe("a project below the top of a repository", () => {
  const top = temporaryDirectory();
  mkdirSync(join(top, ".git"));
  mkdirSync(join(top, "platforms/gpu"), { recursive: true });

  test("is told that its workflows have no effect there", () => {
    const [note] = placeNotes(join(top, "platforms/gpu"), [".github/workflows/build.yml"]);
    expect(note).toMatch(/is in platforms\/gpu\/ of a repository.*workflows: \{ enabled: false \}/);
  });

  test.each([
    ["it has none", join(top, "platforms/gpu"), ["src/main.ts"]],
    ["it is at the top", top, [".github/workflows/build.yml"]],
  ])("is told nothing where %s", (_, root, paths) => {
    expect(placeNotes(root, paths)).toEqual([]);
  });
});
