// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";

const root = mkdtempSync(join(tmpdir(), "new-workload-"));
for (const path of ["scripts", "src/workloads"]) {
  cpSync(join(PACKAGE_ROOT, path), join(root, path), { recursive: true });
}
const lay = (name: string) =>
  spawnSync(process.execPath, [join(root, "scripts/new.mjs"), "workload", name], { encoding: "utf8" });
const read = (path: string) => readFileSync(join(root, path), "utf8");

test("npm run new -- workload lays record and values, and adds one line to the list", () => {
  const before = read("src/workloads/index.ts").split("\n");
  expect(lay("metrics-server").status).toBe(0);
  expect(read("src/workloads/metrics-server/record.ts")).toContain("export const metricsServer: WorkloadRecord = {");
  expect(read("templates/src/platform/workloads/metrics-server/values.ts")).toContain("export const values");
  const added = read("src/workloads/index.ts")
    .split("\n")
    .filter((line) => !before.includes(line));
  expect(added).toEqual(['import { metricsServer } from "./metrics-server/record";', "  metricsServer,"]);
});

test("what is left to be written in a new record is refused by the tests of records, so that nobody forgets it", () => {
  expect(read("src/workloads/metrics-server/record.ts")).toContain('purpose: "<to be written>"');
});

test.each(["Metrics", "../metrics", "kuberay-operator"])("%s is refused, and nothing is written", (name) => {
  const before = read("src/workloads/index.ts");
  expect(lay(name).status).not.toBe(0);
  expect(read("src/workloads/index.ts")).toBe(before);
  expect(existsSync(join(root, "src/metrics"))).toBe(false);
});
