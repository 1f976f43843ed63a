// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainError } from "../../src/cli/command-error";
import { main } from "../../src/cli/main";

/** A package root of its own: beside the real one lies the generator of this repository. */
jest.mock("../../src/package-root", () => {
  const fs = jest.requireActual<typeof import("node:fs")>("node:fs");
  const path = jest.requireActual<typeof import("node:path")>("node:path");
  const os = jest.requireActual<typeof import("node:os")>("node:os");
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "ray-platform-adopt-"));
  fs.writeFileSync(path.join(root, "package.json"), '{ "version": "1.2.3" }');
  return { PACKAGE_ROOT: root };
});

let cwd: string;
let errors = "";
const io = () => ({ cwd, out: () => {}, err: (text: string) => (errors += text) });

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "ray-platform-adopt-"));
  errors = "";
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function installGenerator(version: string): void {
  const directory = join(cwd, "node_modules", "generator-ray-platform");
  mkdirSync(join(directory, "bin"), { recursive: true });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "generator-ray-platform", version }));
  writeFileSync(
    join(directory, "bin", "generator-ray-platform.js"),
    'require("node:fs").writeFileSync("started", process.argv.slice(2).join(" ")); process.exitCode = 4;\n',
  );
}

test("adopt starts the generator of the same version and ends as it does", async () => {
  installGenerator("1.2.3");
  expect(await main(["adopt", "--yes", "--undo"], io())).toBe(4);
  expect(readFileSync(join(cwd, "started"), "utf8")).toBe("adopt --yes --undo");
});

test.each(["absent", "another version"])(
  "adopt with the generator %s is an error with the command to type",
  async (kind) => {
    if (kind !== "absent") {
      installGenerator("1.2.4");
    }
    const failure = await main(["adopt", "--yes"], io()).catch((error) => explainError(error));
    expect(failure).toContain("run: npx generator-ray-platform@1.2.3 adopt --yes");
  },
);

test("an interactive update without the generator stops before anything is generated", async () => {
  writeFileSync(join(cwd, ".projenrc.ts"), "throw new Error('is not to be run');\n");
  const failure = await main(["update", "--installed", "--interactive"], io()).catch((error) => explainError(error));
  expect(failure).toContain("run: npx generator-ray-platform@1.2.3 resolve");
});
