// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RayPlatformProject } from "../../src";
import { renderProject } from "../../src/sync/render-project";
import { inputsAfter, inputsBefore } from "../../src/sync/rendering-inputs";
import { temporaryDirectory } from "../sync/mini-project";

const ROOT = join(__dirname, "..", "..");
const READING = ["readFileSync", "openSync", "existsSync", "accessSync", "statSync", "lstatSync", "readdirSync"] as const;

/** Paths that are asked for while `work` runs. */
function pathsRead(work: () => void): Set<string> {
  const paths = new Set<string>();
  const spies = READING.map((name) => {
    const original = fs[name] as (...args: unknown[]) => unknown;
    return jest.spyOn(fs, name as "readFileSync").mockImplementation(((...args: unknown[]) => {
      paths.add(String(args[0]));
      return original.apply(fs, args);
    }) as never);
  });
  try {
    work();
  } finally {
    for (const spy of spies) {
      spy.mockRestore();
    }
  }
  return paths;
}

test("everything that a rendering reads is among the inputs that a kept rendering is compared by", () => {
  const root = temporaryDirectory();
  fs.writeFileSync(join(root, "package.json"), '{ "description": "of the user" }');
  const before = inputsBefore(root);
  const paths = pathsRead(() => {
    renderProject(new RayPlatformProject({ name: "inputs", outdir: root, githubOwner: "acme", environmentNames: ["dev", "prod"] }));
  });
  const inputs = inputsAfter(before, root, [], Number.POSITIVE_INFINITY);
  expect(inputs).toBeDefined();
  const known = new Set([...(inputs?.installed.keys() ?? []), ...[...before.repository.keys()].map((name) => join(root, name))]);
  const unknown = [...paths].filter(
    (path) =>
      !known.has(path) &&
      !(path.startsWith(join(tmpdir(), "ray-platform-")) && !path.startsWith(root)) && // The staging area, which starts empty.
      !path.startsWith(join(ROOT, "node_modules", "projen")) && // Its modules and package.json are inputs.
      path !== join(root, "node_modules"),
  );
  expect([paths.has(join(root, "package.json")), paths.has(join(ROOT, "templates/src/main.ts")), unknown]).toEqual([true, true, []]);
});
