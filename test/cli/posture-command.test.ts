// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../src/cli/main";
import { controlRecords } from "../../src/controls/control-record";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { postureReport } from "../../src/reports/posture-report";
import { synthesizedRepository } from "./synthesized-repository";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555";
const OPTIONS: RayPlatformProjectOptions = {
  name: "ml-platform",
  githubOwner: "acme",
  environmentNames: ["dev"],
  cluster: { kmsKeyArn: KEY },
};
const CLUSTER = "cdktf.out/stacks/dev-cluster/cdk.tf.json";
let root: string;

beforeEach(() => {
  root = synthesizedRepository(OPTIONS);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test("a repository as it was generated has every control, none violated or released", async () => {
  const { code, controls } = await posture();
  expect(code).toBe(0);
  expect(controls.map(({ id }) => id)).toEqual(controlRecords().map(({ id }) => id));
  expect(controls.filter(({ state }) => state === "violated" || state === "released")).toEqual([]);
  expect(stateOf(controls, "IMDS-01")).toBe("proven");
  expect(stateOf(controls, "KMS-02")).toBe("delegated");
  expect(stateOf(controls, "IRSA-06")).toBe("absent");
  expect(stateOf(controls, "CI-04")).toBe("proven");
  expect(controls.filter(({ state, evidence }) => state === "proven" && evidence.length === 0)).toEqual([]);
});

test("a breach in a stack is shown with its file and its resource, and ends with 2", async () => {
  const file = join(root, CLUSTER);
  writeFileSync(file, readFileSync(file, "utf8").replace(/"http_tokens": "required"/g, '"http_tokens": "optional"'));
  const { code, controls } = await posture();
  expect(code).toBe(2);
  expect(stateOf(controls, "IMDS-01")).toBe("violated");
  const [found] = controls.find(({ id }) => id === "IMDS-01")?.evidence ?? [];
  expect(found).toMatchObject({ resource: expect.stringContaining("aws_launch_template.") });

  const table = await run();
  expect(table.out).toMatch(/^IMDS-01 +violated +\S+/m);
  const { runs } = JSON.parse((await run("--sarif")).out);
  expect(runs[0].results).toContainEqual(expect.objectContaining({ ruleId: "IMDS-01", level: "error" }));
});

test("a gate that is edited or removed is no longer vouched for", async () => {
  const file = join(root, ".github/workflows/gitleaks.yml");
  const text = readFileSync(file, "utf8");
  rmSync(file);
  const removed = await posture();
  expect([stateOf(removed.controls, "CI-04"), removed.code]).toEqual(["violated", 2]);
  writeFileSync(file, "");
  const { evidence } = (await posture()).controls.find(({ id }) => id === "CI-04")!;
  expect(evidence).toMatchObject([
    { file: ".github/workflows/gitleaks.yml", problem: expect.stringContaining("runs nothing") },
  ]);
  writeFileSync(file, `${text}# edited\n`);
  const { code, controls } = await posture();
  expect(stateOf(controls, "CI-04")).toBe("released");
  expect(code).toBe(0);
  expect((await run("--sarif")).out).toContain('"level": "warning"');
});

test.each([
  ["nothing was synthesized", () => rmSync(join(root, "cdktf.out"), { recursive: true }), [], /synth/],
  ["two formats are asked for", () => {}, ["--json", "--sarif"], /--json and --sarif cannot be combined/],
  ["OSCAL is asked for where there is no commit", () => {}, ["--oscal"], /needs a date.*commit first/],
  [
    "a comparison is asked for beside JSON",
    () => {},
    ["--json", "--against", "."],
    /--json and --against cannot be combined/,
  ],
  ["a page is asked for beside SARIF", () => {}, ["--html", "--sarif"], /--sarif and --html cannot be combined/],
])("there is no verdict where %s", async (_, change, argv, message) => {
  change();
  const error = await run(...argv).catch((thrown: Error & { exitCode?: number }) => thrown);
  expect((error as Error).message).toMatch(message);
  expect((error as { exitCode?: number }).exitCode ?? 1).toBe(1);
});

test("the page has every control, exception and environment, and loads nothing", async () => {
  const page = (await run("--html")).out;
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids).toHaveLength(new Set(ids).size);
  expect(ids).toEqual(expect.arrayContaining(controlRecords().map(({ id }) => id)));
  expect(ids).toContain("environment-dev");
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  const { exceptions } = JSON.parse(readFileSync(join(root, ".ray-platform/exceptions.json"), "utf8"));
  const section = page.slice(page.indexOf('<section id="exceptions"'), page.indexOf('<section id="reading"'));
  expect(section.match(/<time datetime="\d{4}-\d\d-\d\d">/g)).toHaveLength(exceptions.length);
  expect(page.match(/<h1/g)).toHaveLength(1);
  expect(page).not.toMatch(/<(?:script|link|img|iframe|object)\b|\bsrc=|url\(|@import/);
  expect(page).toContain("default-src 'none'");
  expect((await run("--html")).out).toBe(page);
});

test("what a repository says is text on the page, not markup", async () => {
  const file = join(root, ".ray-platform/exceptions.json");
  const planted = { option: "<b>x</b>", id: '"><script>', reason: "a & b", expires: "2020-01-01" };
  writeFileSync(file, JSON.stringify({ exceptions: [planted] }));
  const page = (await run("--html")).out;
  expect(page).toContain("&lt;b&gt;x&lt;/b&gt;");
  expect(page).toContain("&quot;&gt;&lt;script&gt;");
  expect(page).not.toContain("<script>");
});

test("an exception past its last day at the commit's date is shown as ended, and links go to the commit", async () => {
  commit();
  const page = (await run("--html")).out;
  expect(page).toContain('<time datetime="2031-01-01T00:00:00Z">2031-01-01</time>');
  expect(page).toMatch(/✕ ended <time/);
  expect(page).toContain(`https://github.com/acme/ml-platform/blob/${git("rev-parse", "HEAD")}/`);
  writeFileSync(join(root, ".projenrc.ts"), "// changed\n");
  const changed = (await run("--html")).out;
  expect(changed).toContain("with changes that are not committed");
  expect(changed).not.toContain("/blob/");
});

test("OSCAL has every exception and every control that binds, dated by the commit, and ends with 2 for a breach", async () => {
  commit();
  const file = join(root, CLUSTER);
  writeFileSync(file, readFileSync(file, "utf8").replace(/"http_tokens": "required"/g, '"http_tokens": "optional"'));
  const { code, out } = await run("--oscal");
  expect(code).toBe(2);
  const { metadata, results } = JSON.parse(out)["assessment-results"];
  expect(metadata).toMatchObject({ "last-modified": "2031-01-01T00:00:00Z", version: git("rev-parse", "HEAD") });
  const { exceptions } = JSON.parse(readFileSync(join(root, ".ray-platform/exceptions.json"), "utf8"));
  expect(results[0].risks).toHaveLength(exceptions.length);
  expect(results[0].observations).toHaveLength(controlRecords().length);
  const { controls } = await posture();
  const bound = controls.filter(({ state }) => state !== "absent" && state !== "delegated");
  const targets = results[0].findings.map(({ target }: { target: { "target-id": string } }) => target["target-id"]);
  expect(targets).toEqual(bound.map(({ id }) => id));
  expect(
    results[0].findings.find(({ title }: { title: string }) => title === "IMDS-01 in dev").target.status,
  ).toMatchObject({ state: "not-satisfied", reason: "fail" });
  expect((await run("--oscal")).out).toBe(out);
});

test("against another checkout it says what differs, and ends as its own controls do", async () => {
  const file = join(root, CLUSTER);
  const held = readFileSync(file, "utf8");
  const base = mkdtempSync(join(tmpdir(), "base-"));
  cpSync(root, base, { recursive: true });
  expect(await run("--against", base)).toEqual({
    code: 0,
    out: expect.stringMatching(/None of the \d+ controls changes/),
  });
  const broken = held.replace(/"http_tokens": "required"/g, '"http_tokens": "optional"');
  writeFileSync(file, broken);
  const worse = await run("--against", base);
  expect(worse.code).toBe(2);
  expect(worse.out).toMatch(
    /^\| `IMDS-01` \| proven \| violated \| `cdktf.out\/stacks\/dev-cluster.*aws_launch_template/m,
  );
  writeFileSync(file, held);
  writeFileSync(join(base, CLUSTER), broken);
  const better = await run("--against", base);
  expect(better.code).toBe(0);
  expect(better.out).toMatch(/^\| `IMDS-01` \| violated \| proven \|/m);
  rmSync(join(base, "cdktf.out"), { recursive: true });
  await expect(run("--against", base)).rejects.toThrow(/--against .*synth/);
  rmSync(base, { recursive: true });
});

test("an environment without stacks is not vouched for by those of another", async () => {
  const file = join(root, "src/platform/platform.json");
  const config = JSON.parse(readFileSync(file, "utf8"));
  config.environments.push({ ...config.environments[0], name: "later" });
  writeFileSync(file, JSON.stringify(config));
  await expect(run()).rejects.toThrow(/no stack of later is synthesized.*npx projen synth/);
});

test("the same repository gives the same bytes", async () => {
  expect((await run("--json")).out).toBe((await run("--json")).out);
});

function git(...args: readonly string[]): string {
  return execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd: root,
    env: { ...process.env, GIT_COMMITTER_DATE: "2031-01-01T00:00:00Z" },
    encoding: "utf8",
  }).trim();
}

/** A commit of 2031, and so past the last day of exceptions. */
function commit(): void {
  git("init", "-q");
  git("add", ".projenrc.ts");
  git("commit", "-qm", "test: a commit");
}

function stateOf(controls: readonly { readonly id: string; readonly state: string }[], wanted: string) {
  return controls.find(({ id }) => id === wanted)?.state;
}

async function posture() {
  const { code, out } = await run("--json");
  return { code, controls: postureReport.read(out).controls };
}

async function run(...argv: string[]): Promise<{ readonly code: number; readonly out: string }> {
  let out = "";
  const code = await main(["posture", ...argv], {
    cwd: root,
    out: (text) => {
      out += text;
    },
    err: () => {},
  });
  return { code, out };
}
