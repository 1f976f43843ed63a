// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MIGRATIONS } from "../../src/migrations";
import { migrate } from "../../src/migrations/migrate";
import { LOCK_PATH } from "../../src/sync/store/lock-file";
import { generate, temporaryDirectory } from "../sync/mini-project";

const CONFIGURATION = "src/platform/platform.json";
const DEFAULT = ["g4dn.xlarge", "g4dn.2xlarge", "g4dn.4xlarge", "p3.2xlarge"];

/** A repository from before the migration, with the types that its configuration allowed. */
function before(projenrc: string, configuration: string): string {
  const root = temporaryDirectory();
  generate(root, { managed: { [CONFIGURATION]: configuration } });
  const lock = join(root, LOCK_PATH);
  const text = JSON.parse(readFileSync(lock, "utf8"));
  writeFileSync(lock, JSON.stringify({ ...text, migrations: ["scanner-configurations"] }));
  mkdirSync(join(root, "node_modules"), { recursive: true });
  mkdirSync(dirname(join(root, "node_modules/typescript/index.js")), { recursive: true });
  writeFileSync(
    join(root, "node_modules/typescript/index.js"),
    `module.exports = require(${JSON.stringify(require.resolve("typescript"))});\n`,
  );
  writeFileSync(join(root, ".projenrc.ts"), projenrc);
  return root;
}

const allowing = (types: readonly string[]) =>
  `${JSON.stringify({ limits: { terraform: { gpu_instance_types: types } } })}\n`;
const P5 = [...DEFAULT, "p5.48xlarge"];
const PROJENRC = 'const project = new RayPlatformProject({\n  name: "ml",\n  accelerator: Accelerator.P5,\n});\n';

test("types beyond the default are written into the options, and once", () => {
  const root = before(PROJENRC, allowing(P5));
  expect(migrate(root, MIGRATIONS).notes).toEqual([]);
  const text = readFileSync(join(root, ".projenrc.ts"), "utf8");
  expect(text).toBe(
    PROJENRC.replace(
      "P5,\n",
      'P5,\n  policyLimits: { gpuInstanceTypes: ["g4dn.xlarge", "g4dn.2xlarge", "g4dn.4xlarge", "p3.2xlarge", "p5.48xlarge"] },\n',
    ),
  );
  migrate(root, MIGRATIONS);
  expect(readFileSync(join(root, ".projenrc.ts"), "utf8")).toBe(text);
});

test.each([
  ["the default types were allowed", PROJENRC, allowing(DEFAULT)],
  ["the options have a list", "new RayPlatformProject({ policyLimits: { gpuInstanceTypes: TYPES } });\n", allowing(P5)],
  ["the configuration was edited to what is no JSON", PROJENRC, "{"],
])("nothing is written where %s", (_, projenrc, configuration) => {
  const root = before(projenrc, configuration);
  expect(migrate(root, MIGRATIONS).notes).toEqual([]);
  expect(readFileSync(join(root, ".projenrc.ts"), "utf8")).toBe(projenrc);
});

test("where the options are code, a note says what to add", () => {
  const root = before("new RayPlatformProject(optionsOf(team));\n", allowing(P5));
  expect(migrate(root, MIGRATIONS).notes).toEqual([
    expect.stringMatching(/\.projenrc\.ts is code .*policyLimits: \{ gpuInstanceTypes: \[.*"p5\.48xlarge"\] \}/),
  ]);
});
