// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileBase } from "projen/lib/file";
import { JsonFile } from "projen/lib/json";
import { Project } from "projen/lib/project";
import { TextFile } from "projen/lib/textfile";
import { RayPlatformProject } from "../src/ray-platform-project";

let outdir: string;
let project: RayPlatformProject;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "ray-platform-file-lookup-"));
  project = new RayPlatformProject({ name: "platform", outdir });
});

afterEach(() => {
  rmSync(outdir, { recursive: true, force: true });
});

/** What projen finds by walking through everything. */
function walked(path: string): FileBase | undefined {
  return Project.prototype.tryFindFile.call(project, path);
}

test("every file is found, by its path and by its place", () => {
  const files = project.node.findAll().filter((construct) => construct instanceof FileBase) as FileBase[];
  expect(files.length).toBeGreaterThan(100);
  for (const file of files) {
    expect([file.path, project.tryFindFile(file.path) === file]).toEqual([file.path, true]);
    expect(project.tryFindFile(file.absolutePath)).toBe(file);
  }
});

test.each(["nothing.txt", "docs", "../package.json", "/", ".", ""])("nothing is found at %j", (path) => {
  expect(walked(path)).toBeUndefined();
  expect([project.tryFindFile(path), project.tryFindFile(path)]).toEqual([undefined, undefined]);
});

test.each(["a.txt", "./b/../a.txt", "sub/a.txt"])("a file that comes after it was asked for is found: %s", (path) => {
  expect(project.tryFindFile(path)).toBeUndefined();
  const file = new TextFile(project, path);
  expect([project.tryFindFile(path), project.tryFindFile(file.absolutePath)]).toEqual([file, file]);
});

test("a second file at a path is refused, however it is written", () => {
  new TextFile(project, "a.txt");
  for (const path of ["a.txt", "./a.txt", "b/../a.txt"]) {
    expect(() => new JsonFile(project, path, { obj: {} })).toThrow("There is already a file under a.txt");
  }
  expect(() => new TextFile(project, "package.json")).toThrow("There is already a file under package.json");
});

test("a file of a project below is found, and stands in the way of one here", () => {
  const below = new Project({ name: "below", parent: project, outdir: "below" });
  const file = new TextFile(below, "a.txt");
  expect(project.tryFindFile("below/a.txt")).toBe(file);
  expect(() => new TextFile(project, "below/a.txt")).toThrow("There is already a file under below/a.txt");
});

test("a file that was removed is gone, and another may take its place", () => {
  new TextFile(project, "a.txt");
  project.tryRemoveFile("a.txt");
  expect(project.tryFindFile("a.txt")).toBeUndefined();
  const file = new TextFile(project, "a.txt");
  expect(project.tryFindFile("a.txt")).toBe(file);
});
