// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fs from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Component } from "projen/lib/component";
import { Project } from "projen/lib/project";
import { RayPlatformProject } from "../../src";
import { renderProject } from "../../src/sync/run/render-project";
import { inputsAfter, inputsBefore } from "../../src/sync/run/rendering-inputs";
import { PREVIEW_VARIABLE } from "../../src/sync/run/run-variables";
import { temporaryDirectory } from "../sync/mini-project";

const ROOT = join(__dirname, "..", "..");
const READING = [
  "readFileSync",
  "openSync",
  "existsSync",
  "accessSync",
  "statSync",
  "lstatSync",
  "readdirSync",
] as const;

/**
 * Paths that are asked for while `work` runs. The functions that record them go on working afterwards, because modules of
 * Node that are loaded meanwhile keep them: spies would leave those with functions that do nothing.
 */
function pathsRead(work: () => void): Set<string> {
  const paths = new Set<string>();
  const functions: Record<string, (...args: unknown[]) => unknown> = fs as never;
  const originals = READING.map((name) => [name, functions[name] as (...args: unknown[]) => unknown] as const);
  for (const [name, original] of originals) {
    functions[name] = (...args) => {
      // What is read by a number was opened by its name.
      if (typeof args[0] !== "number") {
        paths.add(String(args[0]));
      }
      return original(...args);
    };
  }
  try {
    work();
  } finally {
    Object.assign(functions, Object.fromEntries(originals));
  }
  return paths;
}

function isAtOrAbove(root: string, path: string): boolean {
  return (
    join(root, "/").startsWith(join(dirname(path), "/")) &&
    ["pnpm-workspace.yaml", "package.json", ".git"].includes(basename(path))
  );
}

test("everything that a rendering reads is among the inputs that a kept rendering is compared by", () => {
  const root = temporaryDirectory();
  fs.writeFileSync(join(root, "package.json"), '{ "description": "of the user" }');
  const before = inputsBefore(root);
  // What is kept was rendered by a preview; a regeneration also looks at the user's own workflows, which change no file.
  process.env[PREVIEW_VARIABLE] = "preview";
  const paths = pathsRead(() => {
    renderProject(
      new RayPlatformProject({ name: "inputs", outdir: root, githubOwner: "acme", environmentNames: ["dev", "prod"] }),
    );
  });
  delete process.env[PREVIEW_VARIABLE];
  const inputs = inputsAfter(before, root, [], Number.POSITIVE_INFINITY);
  expect(inputs).toBeDefined();
  const known = new Set([
    ...(inputs?.installed.keys() ?? []),
    ...[...before.repository.keys()].map((name) => join(root, name)),
  ]);
  const unknown = [...paths].filter(
    (path) =>
      !known.has(path) &&
      !(path.startsWith(join(tmpdir(), "ray-platform-")) && !path.startsWith(root)) && // The staging area, which starts empty.
      !path.startsWith(join(ROOT, "node_modules", "projen")) && // Its modules and package.json are inputs.
      path !== join(root, "node_modules") &&
      path !== root && // The README's name alone is taken from it, and is an input.
      !isAtOrAbove(root, path), // A workspace is looked for, whose list is an input.
  );
  expect([paths.has(join(root, "package.json")), paths.has(join(ROOT, "templates/src/main.ts")), unknown]).toEqual([
    true,
    true,
    [],
  ]);
});

test("after a rendering nothing is done but installing, so that what is installed need not be rendered again", () => {
  const project = new RayPlatformProject({ name: "inputs", outdir: temporaryDirectory() });
  const acting = project.components.filter(
    ({ postSynthesize }) => postSynthesize !== Component.prototype.postSynthesize,
  );
  expect(acting.map((component) => component.constructor.name)).toEqual(["PackageJson"]);
  expect([project.postSynthesize, project.subprojects]).toEqual([Project.prototype.postSynthesize, []]);
});
