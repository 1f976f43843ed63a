// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { RayPlatformProject } from "../../src/ray-platform-project";

const directory = mkdtempSync(join(tmpdir(), "readme-"));

beforeAll(() => {
  process.env.PROJEN_DISABLE_POST = "true"; // no npm install
  writeFileSync(join(directory, ".projenrc.ts"), "// written by projen new\n");
});
afterAll(() => {
  delete process.env.PROJEN_DISABLE_POST;
  rmSync(directory, { recursive: true, force: true });
});

test("the table of environments follows the options, and leaves the user's text alone", () => {
  const first = readme({ name: "platform" });
  expect(first).toContain("| `prod` | `us-east-1` | `platform-prod` |");
  writeFileSync(join(directory, "README.md"), `${first}\nOur own words.\n`);

  const second = readme({ name: "platform", awsRegion: "eu-west-1", environmentNames: ["dev", "prod"] });
  expect(second).toContain("| `dev` | `eu-west-1` | `platform-dev` |");
  expect(second).toContain("| `prod` | `eu-west-1` | `platform-prod` |");
  expect(second).not.toContain("us-east-1");
  expect(second).toContain("Our own words.");
});

function readme(options: RayPlatformProjectOptions): string {
  new RayPlatformProject({ ...options, outdir: directory }).synth();
  return readFileSync(join(directory, "README.md"), "utf8");
}
