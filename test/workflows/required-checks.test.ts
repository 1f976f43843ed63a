// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { parseWorkflow } from "../../src/workflow-rules/workflow-view";
import { type Check, CHECKED_COMMIT as COMMIT, FakeChecks } from "./fake-checks";
import { environment, project, workflowFiles, write } from "./generated-workflows";

const SCRIPT = join(PACKAGE_ROOT, "templates", "scripts", "required-checks.mjs");
const REQUIRED = ["Build and test", "Required checks", "tfsec", "OSV"];

async function summed(
  checks: readonly Check[],
  args: readonly string[] = ["--commit", COMMIT, "--minutes", "0"],
  status = 200,
  first: readonly { readonly status: number; readonly message?: string }[] = [],
): Promise<{ code: number | null; out: string; questions: number }> {
  const cwd = mkdtempSync(join(tmpdir(), "required-"));
  mkdirSync(join(cwd, ".github"));
  writeFileSync(join(cwd, ".github/settings.json"), JSON.stringify({ requiredChecks: REQUIRED }));
  const github = new FakeChecks(checks, status, first);
  const env = {
    ...process.env,
    GITHUB_API_URL: await github.start(),
    GITHUB_REPOSITORY: "acme/gpu-platform",
    GITHUB_TOKEN: "token-of-the-run",
    THIS_CHECK: "Required checks",
  };
  try {
    const child = spawn(process.execPath, [SCRIPT, ...args], { cwd, env });
    let out = "";
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (out += text));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, out, questions: github.questions };
  } finally {
    await github.stop();
  }
}

const GOOD: readonly Check[] = [{ name: "Build and test" }, { name: "tfsec" }, { name: "OSV" }];
const but = (name: string, change: Partial<Check> | undefined): Check[] =>
  GOOD.flatMap((check) => (check.name !== name ? [check] : change === undefined ? [] : [{ ...check, ...change }]));

describe("the check that sums the others up", () => {
  test.each<readonly [string, readonly Check[]]>([
    ["each succeeded", GOOD],
    [
      "this check itself has not ended",
      [...GOOD, { name: "Required checks", status: "in_progress", conclusion: null }],
    ],
    ["a check that nobody waits for failed", [...GOOD, { name: "mine", conclusion: "failure" }]],
    ["there are more than fit a page", [...Array(150).fill({ name: "matrix" }), ...GOOD]],
  ])("succeeds where %s", async (_title, checks) => {
    expect(await summed(checks)).toMatchObject({
      code: 0,
      out: "ok      Build and test\nok      tfsec\nok      OSV\n",
    });
  });

  test.each<readonly [string, readonly Check[], string]>([
    ["failed", but("tfsec", { conclusion: "failure" }), "failed  tfsec: it ended with 'failure'"],
    ["was cancelled", but("tfsec", { conclusion: "cancelled" }), "failed  tfsec: it ended with 'cancelled'"],
    ["timed out", but("OSV", { conclusion: "timed_out" }), "failed  OSV: it ended with 'timed_out'"],
    ["is neutral", but("OSV", { conclusion: "neutral" }), "failed  OSV: it ended with 'neutral'"],
    ["was skipped", but("tfsec", { conclusion: "skipped" }), "failed  tfsec: it was skipped"],
    ["ran no step of its own", but("tfsec", { steps: [] }), "failed  tfsec: none of its steps ran"],
    ["was never started", but("OSV", undefined), "failed  OSV: it was never started"],
    ["has not ended in time", but("OSV", { status: "queued", conclusion: null }), "failed  OSV: it has not ended"],
    ["another App reports", but("tfsec", { app: "stranger" }), "failed  tfsec: it was never started"],
    ["failed beside one of that name", [...GOOD, { name: "OSV", conclusion: "failure" }], "failed  OSV: it ended with"],
  ])("fails where one %s, and says which", async (_title, checks, line) => {
    const { code, out } = await summed(checks);
    expect(code).toBe(1);
    expect(out).toContain(line);
    expect(out).toContain("::error::1 of 3 required checks did not succeed.");
  });

  test("waits for a check that comes later", async () => {
    const later = but("OSV", { after: 1 });
    expect(await summed(later, ["--commit", COMMIT, "--minutes", "9", "--every", "0.05"])).toMatchObject({
      code: 0,
      questions: 2,
    });
  });

  test("asks as much less often as there are more answers to ask for: GitHub counts them", async () => {
    const many = [...Array(250).fill({ name: "matrix" }), ...but("OSV", { after: 1 })];
    const since = Date.now();
    const { code, questions } = await summed(many, ["--commit", COMMIT, "--minutes", "9", "--every", "0.5"]);
    expect([code, questions, Date.now() - since >= 1500]).toEqual([0, 2, true]);
  });

  test("waits no longer than until one has failed", async () => {
    const failed = [
      ...but("OSV", undefined).filter(({ name }) => name !== "tfsec"),
      { name: "tfsec", conclusion: "failure" },
    ];
    const { code, questions } = await summed(failed, ["--commit", COMMIT, "--minutes", "9", "--every", "0.05"]);
    expect([code, questions]).toEqual([1, 1]);
  });

  test("fails where GitHub does not answer, with what GitHub says", async () => {
    const { code, out } = await summed(GOOD, undefined, 403);
    expect([code, out]).toEqual([1, expect.stringContaining("GitHub answers 403 to commits/")]);
  });

  const SHORT = ["--commit", COMMIT, "--minutes", "9", "--every", "0.05"];

  test("asks again where GitHub has no answer at the moment", async () => {
    const first = [
      { status: 502 },
      { status: 429 },
      { status: 403, message: "API rate limit exceeded for installation ID 7." },
      { status: 0 },
      { status: 503 },
    ];
    const { code, out } = await summed(GOOD, SHORT, 200, first);
    expect([code, out]).toEqual([0, expect.stringContaining("GitHub answers 502 to commits/")]);
    expect(out).toContain("GitHub cannot be reached: ");
    expect(out).not.toMatch(/\n +at /);
  });

  test("fails if GitHub has no answer until the end, and at once where the token may not ask", async () => {
    expect((await summed(GOOD, undefined, 200, [{ status: 500 }])).code).toBe(1);
    const { code, out } = await summed(GOOD, SHORT, 200, [{ status: 403, message: "Resource not accessible" }]);
    expect([code, out]).toEqual([1, expect.stringMatching(/^GitHub answers 403 .*Resource not accessible/)]);
  });

  test.each([
    [[]],
    [["--commit", "main"]],
    [["--commit", COMMIT, "--minutes", "soon"]],
    [["--commit", COMMIT, "--every", "0"]],
    [["--comit", COMMIT]],
  ])("refuses %j", async (args) => {
    expect((await summed(GOOD, args)).code).toBe(2);
  });
});

test("its list is every required check, and each is the name of a job that starts on pull requests and in merge queues", () => {
  const directory = write(project({ codeSecurity: true }, { environments: [environment("dev")] }).project);
  const files = workflowFiles(directory);
  const { requiredChecks } = require(join(directory, ".github/settings.json")) as { requiredChecks: string[] };
  const reported = Object.entries(files)
    .map(([path, text]) => parseWorkflow(path, text))
    .filter(({ triggers }) =>
      ["pull_request", "merge_group"].every((event) => triggers.some((trigger) => trigger.event === event)),
    )
    .flatMap(({ jobs }) => jobs.map(({ name }) => name));
  expect(requiredChecks.length).toBeGreaterThan(12);
  expect(requiredChecks.filter((name) => !reported.includes(name))).toEqual([]);
  const { jobs } = parseWorkflow("build.yml", files["build.yml"] as string);
  const script = jobs.at(-1)?.steps.at(-1)?.node.getIn(["env", "THIS_CHECK"]);
  expect([jobs.at(-1)?.name, script, requiredChecks.includes(script as string)]).toEqual([
    "Required checks",
    script,
    true,
  ]);
});
