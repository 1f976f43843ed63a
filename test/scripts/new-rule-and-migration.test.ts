// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";

/** A tree with what the two kinds read and change, and what was made in it. */
function laid(...args: string[]) {
  const root = mkdtempSync(join(tmpdir(), "new-"));
  for (const path of ["scripts", "src/migrations", "package.json"]) {
    cpSync(join(PACKAGE_ROOT, path), join(root, path), { recursive: true });
  }
  const run = (...more: string[]) =>
    spawnSync(process.execPath, [join(root, "scripts/new.mjs"), ...more, "--json"], { encoding: "utf8" });
  const { status, stdout, stderr } = run(...args);
  expect([status, stderr]).toEqual([0, ""]);
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  return {
    run,
    read,
    created: JSON.parse(stdout).created as string[],
    changed: JSON.parse(stdout).changed as string[],
  };
}

test.each(["terraform", "ray"])("npm run new -- rule lays a rule of %s with its test and its cases", (policy) => {
  const { created, changed, read } = laid("rule", `${policy}/no-samples`);
  expect(changed).toEqual([]);
  expect(created).toEqual([
    `policies/${policy}/no_samples.rego`,
    `policies/${policy}/no_samples_test.rego`,
    `test/policies/cases/${policy}-no-samples.yaml`,
  ]);
  const [rule, opaTest, cases] = created.map(read);
  expect(rule).toContain(`\npackage ${policy}\n`);
  expect(rule).toContain(`#   id: ${policy}/no-samples\n`);
  expect(opaTest).toContain(`ids(${policy}.deny) == {"${policy}/no-samples"}`);
  expect(cases).toContain(`deny: ["${policy}/no-samples"]`);
});

test("npm run new -- rule refuses a rule of no policy", () => {
  const { run } = laid("rule", "ray/no-samples");
  expect(run("rule", "no-samples").status).toBe(2);
});

test("npm run new -- migration lays migrations, the newest last in the list", () => {
  const { created, changed, read, run } = laid("migration", "title-is-heading");
  expect(created).toEqual(["src/migrations/title-is-heading.ts", "test/migrations/title-is-heading.test.ts"]);
  expect(changed).toEqual(["src/migrations/index.ts"]);
  expect(run("migration", "docs-move").status).toBe(0);
  const list = read("src/migrations/index.ts");
  expect(list).toContain('import { titleIsHeading } from "./title-is-heading";\n');
  expect(list).toMatch(/titleIsHeading,\s+docsMove,?\s*\];/);
});
