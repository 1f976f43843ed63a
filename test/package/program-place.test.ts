// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// A projenrc that is a program runs confined when it is compared: it sees nothing above the project, wherever that is.
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { removeDirectories, run, temporaryDirectory } from "./packed-module";

const BIN = join(PACKAGE_ROOT, "bin", "ray-platform");
const ENVIRONMENT = { PROJEN_DISABLE_POST: "true" };
const PROGRAM = `import { RayPlatformProject } from "ray-platform";

const project = new RayPlatformProject({ name: "placed" });
void process.argv;
project.synth();
`;

afterAll(removeDirectories);

/** A generated repository at a path below a directory that is nobody's. */
function generatedAt(path: string): { readonly top: string; readonly root: string } {
  const top = temporaryDirectory();
  const root = join(top, path);
  mkdirSync(join(root, "node_modules"), { recursive: true });
  symlinkSync(PACKAGE_ROOT, join(root, "node_modules", "ray-platform"));
  symlinkSync(join(PACKAGE_ROOT, "node_modules", "projen"), join(root, "node_modules", "projen"));
  writeFileSync(join(root, ".projenrc.ts"), PROGRAM);
  expect(run(process.execPath, [BIN, "projenrc"], root, ENVIRONMENT)).toMatchObject({ status: 0 });
  return { top, root };
}

test("outside of every git repository", () => {
  const { root } = generatedAt("platform");
  expect(run(process.execPath, [BIN, "check", "--no-cache"], root, ENVIRONMENT)).toEqual({
    status: 0,
    output: expect.stringMatching(/^clean$/m),
  });
});

test("with packages installed in another place, where a link leads", () => {
  const { top, root } = generatedAt("platform");
  renameSync(join(root, "node_modules"), join(top, "installed"));
  symlinkSync(join(top, "installed"), join(root, "node_modules"), "junction");
  mkdirSync(join(top, "installed", "names"));
  writeFileSync(join(top, "installed", "names", "index.js"), 'exports.NAME = "placed";\n');
  writeFileSync(
    join(root, ".projenrc.ts"),
    `import { NAME } from "names";\n${PROGRAM.replace('name: "placed"', "name: NAME")}`,
  );
  const { status, output } = run(process.execPath, [BIN, "check", "--no-cache"], root, ENVIRONMENT);
  expect(output).not.toMatch(/^ {4}at /m);
  expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/^clean$/m) });
});

test("in a directory of a repository, and then of a workspace that npm does not install", () => {
  const { top, root } = generatedAt("platforms/ray");
  mkdirSync(join(top, ".git"));
  const check = () => run(process.execPath, [BIN, "check", "--no-cache"], root, ENVIRONMENT);
  expect(check()).toMatchObject({ status: 0 });
  writeFileSync(join(top, "pnpm-workspace.yaml"), "packages: [platforms/*]\n");
  const { status, output } = check();
  expect(status).toBe(1);
  expect(output).toMatch(
    /^this directory is a package of a workspace that is installed with pnpm .*Take the directory/m,
  );
  expect(output).not.toMatch(/^ {4}at /m);
});
