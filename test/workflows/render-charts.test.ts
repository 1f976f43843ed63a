// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkovPath } from "../../src/gates/checkov/checkov-path";
import { checkov as checkovRecord } from "../../src/gates/checkov/record";
import { PACKAGE_ROOT } from "../../src/package-root";

const SCRIPT = join(PACKAGE_ROOT, "templates", "scripts", "render-charts.mjs");

/** Says what it was asked for, and fails on what lies in "broken". */
const HELM = `console.log(process.argv.slice(2).join(" "));
if (process.argv.some((argument) => argument.includes("broken"))) {
  console.error("found in Chart.yaml, but missing in charts/ directory: redis");
  process.exit(1);
}
if (process.argv.some((argument) => argument.includes("warned"))) {
  console.error("WARNING: The requested image's platform (linux/amd64) does not match\\nwalk.go:75: found symbolic link");
}
if (process.argv.some((argument) => argument.includes("foreign"))) {
  console.error("WARNING: The requested image's platform (linux/amd64) does not match");
}
if (process.argv.some((argument) => argument.includes("silent"))) {
  console.log(require("node:fs").readFileSync("rendered", "utf8"));
}
require("node:fs").appendFileSync("log", process.argv.slice(2).join(" ") + "\\n");
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "charts-"));
  execFileSync("git", ["init", "--quiet"], { cwd: root });
  put("helm.cjs", HELM);
  put(".gitignore", "/log\n/ignored/\n");
  put("helm/ray/Chart.yaml", "name: ray\n");
});

test("renders each chart that git would commit, with its own values and those of ci/", () => {
  put("helm/ray/ci/small-values.yaml", "{}\n");
  expect(render()).toMatchObject({
    status: 0,
    stdout: "helm/ray renders\nhelm/ray with helm/ray/ci/small-values.yaml renders\n",
  });
  expect(execFileSync("cat", ["log"], { cwd: root, encoding: "utf8" })).toBe(
    "template chart helm/ray\ntemplate chart helm/ray --values helm/ray/ci/small-values.yaml\n",
  );
});

test("fails on a chart that cannot be rendered, says why, and renders the others all the same", () => {
  put("apps/broken/Chart.yaml", "name: broken\n");
  const { status, stdout, stderr } = render();
  expect([status, stdout]).toEqual([1, "helm/ray renders\n"]);
  expect(stderr).toMatch(/apps\/broken cannot be rendered, so no scanner sees it: found in Chart\.yaml, but missing/);
});

test("fails where Helm itself cannot be started", () => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, "no-such-helm"], { cwd: root, encoding: "utf8" });
  expect([status, stderr]).toEqual([1, expect.stringContaining("ENOENT")]);
});

test.each([
  ["inside of another chart", "helm/ray/charts/broken/Chart.yaml", "name: broken\n", ""],
  ["that is a library", "libraries/broken/Chart.yaml", "name: broken\ntype: library\n", ""],
  [
    "that the scan leaves out",
    "vendor/broken/Chart.yaml",
    "name: broken\n",
    "skip-path:\n  - node_modules\n  - vendor # ours\nquiet: true\n",
  ],
  [
    "that the options leave out",
    "vendor.d/broken/Chart.yaml",
    "name: broken\n",
    `skip-path:\n  - ${checkovPath("node_modules")}\n  - ${checkovPath("vendor.d/")} # ours\n`,
  ],
  ["that git ignores", "ignored/broken/Chart.yaml", "name: broken\n", ""],
])("leaves out a chart %s", (_where, path, text, configuration) => {
  put(path, text);
  put(".github/scanners/checkov.yml", configuration);
  expect(render().status).toBe(0);
});

test.each([
  [
    "Helm warns",
    "apps/warned",
    /^apps\/warned: Checkov skips this chart: Helm warns: walk\.go:75: found symbolic link Fix the cause/,
  ],
  ["it is hidden", ".charts/app", /^\.charts\/app: Checkov skips this chart: it is in a directory that/],
  ["it is below what is hidden", "apps/.old/app", /^apps\/\.old\/app: Checkov skips this chart/],
  [
    "its directory is that of npm's packages",
    "apps/node_modules/app",
    /^apps\/node_modules\/app: Checkov skips this chart/,
  ],
])("fails on a chart that renders and that Checkov leaves out: %s", (_why, directory, expected) => {
  put(`${directory}/Chart.yaml`, "name: app\n");
  const { status, stderr } = render();
  expect([status, stderr]).toEqual([1, expect.stringMatching(expected)]);
  expect(checkovRecord.findings?.checkov?.some(({ output }) => output?.test(stderr))).toBe(true);
  put(".github/scanners/checkov.yml", `skip-path:\n  - ${checkovPath(directory)}\n`);
  expect(render().status).toBe(0);
});

test("what Docker says of the machine is no warning of Helm's", () => {
  put("apps/foreign/Chart.yaml", "name: foreign\n");
  expect(render().status).toBe(0);
});

test("what Checkov is told to leave out is one path and what is below it, at the root", () => {
  const pattern = new RegExp(checkovPath("build.d"));
  const roots = ["./", "/repository/", "/tmp/ray-platform-gates-aB3xYz/checkov.checkov/"];
  const matched = (path: string) => roots.map((root) => pattern.test(`${root}${path}`));
  expect([matched("build.d"), matched("build.d/x.tf")]).toEqual([
    [true, true, true],
    [true, true, true],
  ]);
  for (const path of [
    "build.d-cluster",
    "buildXd/x.tf",
    "helm/build.d/x",
    "cdktf.out/scannable/build.d-cluster/main.tf",
  ]) {
    expect([path, matched(path)]).toEqual([path, [false, false, false]]);
  }
  expect(checkovPath("build")).not.toMatch(/[[\]]/);
  const configuration = readFileSync(join(PACKAGE_ROOT, "templates", "scanners", "checkov.yml"), "utf8");
  for (const path of ["node_modules", "build", "cdktf.out/stacks"]) {
    expect(configuration).toContain(`  - ${checkovPath(path)}\n`);
  }
});

describe("a chart that renders what silences a scanner", () => {
  test.each([
    ["Checkov", "    checkov.io/skip1: CKV_K8S_1=no"],
    ["Checkov", '    "bridgecrew\\u002eio/skip1": "CKV_K8S_1=no"'],
    ["Trivy", "# trivy:exp:2099-01-01:ignore:KSV001"],
  ])("fails, though no template shows it (%s: %s)", (tool, text) => {
    put("apps/silent/Chart.yaml", "name: silent\n");
    put("rendered", `kind: Pod\n${text}\n`);
    const { status, stdout, stderr } = render();
    expect([status, stdout]).toEqual([1, "helm/ray renders\n"]);
    expect(stderr).toMatch(new RegExp(`^apps/silent renders '.*', which silences ${tool} without a reason`));
  });

  test.each([
    ["apps/silent/templates/pod.yaml", 0],
    ["apps/", 0],
    ["apps/silent", 0],
    ["apps/si", 1],
  ])("passes where the options name it: %s", (path, expected) => {
    put("apps/silent/Chart.yaml", "name: silent\n");
    put("rendered", "#trivy:ignore:KSV001\n");
    put(".ray-platform/exceptions.json", JSON.stringify({ inlineSuppressions: [{ path }] }));
    expect(render().status).toBe(expected);
  });
});

function render() {
  return spawnSync(process.execPath, [SCRIPT, process.execPath, "helm.cjs"], { cwd: root, encoding: "utf8" });
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
