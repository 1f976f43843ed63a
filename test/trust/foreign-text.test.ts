// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { licenseHeaderConfiguration } from "../../src/gates/license-header/header-configuration";
import { withoutCommands } from "../../src/log-text";
import { parsePlanSummary } from "./plan-summary";
import { temporaryDirectory } from "./hostile-repository";

const SCRIPTS = join(__dirname, "..", "..", "templates", "scripts");

/** What the runner of GitHub Actions obeys: the one at the start of a line, whatever blanks stand before; the other anywhere. */
const COMMAND = /^\s*::|##\[/m;
const FORGED = ["::error::forged", "  ::add-mask::x", "\t::stop-commands::x", "a ##[error]forged"];

/** Loaded before a script: tells on its end how much processor time it took, whatever else the machine had to do. */
const MEASURE = `
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  require("node:fs").writeFileSync(require("node:path").join(__dirname, "seconds"), String((user + system) / 1e6));
});
`;

function run(script: string, args: readonly string[], files: Readonly<Record<string, string>>) {
  const cwd = temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  const measured = temporaryDirectory();
  writeFileSync(join(measured, "measure.cjs"), MEASURE);
  const options = ["--max-old-space-size=450", "--require", join(measured, "measure.cjs")];
  const result = spawnSync(process.execPath, [...options, join(SCRIPTS, script), ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  const output = `${result.stdout}${result.stderr}`;
  return { ...result, output, seconds: Number(readFileSync(join(measured, "seconds"), "utf8")) };
}

const finding = (more: object = {}) => ({
  ruleId: "r",
  level: "error",
  message: { text: "a finding" },
  locations: [{ physicalLocation: { artifactLocation: { uri: "a.ts" }, region: { startLine: 3 } } }],
  ...more,
});
const sarif = (...results: unknown[]) =>
  JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver: { name: "x" } }, results }] });

describe("what a command prints is no command to the runner", () => {
  test.each(FORGED)("%j", (text) => {
    expect(withoutCommands(`edited  x\n${text}\n`)).not.toMatch(COMMAND);
    const json = `${JSON.stringify({ note: text })}\n`;
    expect(withoutCommands(json)).not.toMatch(COMMAND);
    expect(JSON.parse(withoutCommands(json))).toEqual({ note: text });
  });

  test.each([
    "\u0085::error::x",
    "\u001b[2K\r::error::x",
    "\u202egnorw\u202c",
    "a\u2066b",
    "\u{e0041}",
    "\u200bx",
    "\u007f",
  ])("%j is seen", (text) => {
    const printed = withoutCommands(`edited  ${text}\n${text}\n`);
    expect(printed).not.toMatch(COMMAND);
    expect(printed).toMatch(/^[\u0020-\u007e\n]*$/);
    const json = `${JSON.stringify({ note: text }, null, 2)}\n`;
    expect(withoutCommands(json)).toMatch(/^[\u0020-\u007e\n]*$/);
    expect(JSON.parse(withoutCommands(json))).toEqual({ note: text });
  });

  test("letters, joiners, emoji, line ends and the colors of a diff stay", () => {
    const text = "naïve\r\n\t日本 👩\u200d🔧 نمی\u200cخواهم \u001b[31m-a\u001b[m\n";
    expect(withoutCommands(text)).toBe(text);
  });

  test("other text stays as it is", () => {
    const text = "edited  a::b (## [x])\n    at x::y\n# heading\n";
    expect(withoutCommands(text)).toBe(text);
  });
});

describe("what a script prints is no command to the runner:", () => {
  test.each(FORGED)("a message, a rule and a place in SARIF: %j", (text) => {
    const forged = finding({
      ruleId: text,
      message: { text },
      locations: [{ physicalLocation: { artifactLocation: { uri: `\n${text}` } } }],
    });
    const { status, output } = run("sarif-gate.mjs", ["x.sarif"], { "x.sarif": sarif(forged) });
    expect([status, output]).toEqual([1, expect.not.stringMatching(COMMAND)]);
  });

  test.each(FORGED)("the name of a file without a header: %j", (text) => {
    const license = { holder: "acme", spdxId: "Apache-2.0", typesWithoutHeader: [] };
    const { status, output } = run("license-headers.mjs", [], {
      ".github/scanners/license-headers.json": licenseHeaderConfiguration(license, []),
      [`\n${text}.ts`.replaceAll("/", "")]: "export {};\n",
    });
    expect([status, output]).toEqual([1, expect.not.stringMatching(COMMAND)]);
  });
});

describe("foreign keys find nothing but what is there:", () => {
  test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])("a file of the type %s", (name) => {
    const license = { holder: "acme", spdxId: "Apache-2.0", typesWithoutHeader: [] };
    const files = { ".github/scanners/license-headers.json": licenseHeaderConfiguration(license, []), [name]: "x\n" };
    const { status, stderr } = run("license-headers.mjs", [], files);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`the file type '${name}' is not known`)]);
  });

  test.each(["constructor", "__proto__"])("a level %s in SARIF", (level) => {
    const { status, stdout } = run("sarif-gate.mjs", ["x.sarif"], { "x.sarif": sarif(finding({ level })) });
    expect([status, stdout]).toEqual([1, expect.stringMatching(/^low +r /)]);
  });
});

test.each([
  ["rejected", [{ kind: "external", status: "rejected" }], 1],
  ["not decided", [{ kind: "external", status: "underReview" }], 1],
  ["accepted and rejected", [{ status: "accepted" }, { status: "rejected" }], 1],
  ["accepted", [{ kind: "external", status: "accepted" }], 0],
  ["without a word", [{ kind: "inSource" }], 0],
  ["no list", { length: 1 }, 1],
])("a suppression that is %s", (_, suppressions, status) => {
  expect(run("sarif-gate.mjs", ["x.sarif"], { "x.sarif": sarif(finding({ suppressions })) }).status).toBe(status);
});

describe("a report that is none gives one line and fails:", () => {
  const deep = "[".repeat(1 << 20);
  test.each([
    ["nesting alone", deep],
    ["null", "null"],
    ["a list", "[]"],
    ["runs that are none", '{"runs":[null]}'],
    ["results that are none", '{"runs":[{"results":[null]}]}'],
    ["results that are a text", '{"runs":[{"results":"x"}]}'],
    ["nothing", ""],
  ])("SARIF: %s", (_, text) => {
    const { status, stderr } = run("sarif-gate.mjs", ["x.sarif"], { "x.sarif": text });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^sarif-gate: [^\n]*\n$/)]);
  });

  test.each([
    ["nesting alone", deep],
    ["null", "null"],
    ["changes that are none", '{"resource_changes":[null]}'],
    ["a change without actions", '{"resource_changes":[{"mode":"managed","address":"a"}]}'],
    ["nothing", ""],
  ])("a plan: %s", (_, text) => {
    const { status, stderr } = parsePlanSummary(text);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^plan-summary: [^\n]*\n$/)]);
  });
});

test("an address in a plan is shown as code: no mention, link or picture comes of it", () => {
  const address = `helm_release.x["@acme/admins](https://evil.example) <img src=x> \u202e\`**"]`;
  const release = {
    address,
    mode: "managed",
    type: "helm_release",
    change: { actions: ["delete"], before: { name: "A" }, after: null },
  };
  const { status, stdout } = parsePlanSummary(JSON.stringify({ resource_changes: [release] }));
  expect([status, stdout]).toEqual([0, expect.stringContaining("is uninstalled.")]);
  expect(stdout.replace(/`[^`\n]*`/g, "")).not.toMatch(/@acme|https|<img|\*\*\]|\u202e/);
});

test("ten megabytes of findings are read in five seconds and 500 MB", () => {
  const results = Array.from({ length: 60_000 }, (_, index) => finding({ ruleId: `rule-${index}` }));
  const rules = results.map(({ ruleId }) => ({ id: ruleId }));
  const text = JSON.stringify({ runs: [{ tool: { driver: { name: "x", rules } }, results }] });
  expect(text.length).toBeGreaterThan(10 << 20);
  const { status, seconds } = run("sarif-gate.mjs", ["x.sarif"], { "x.sarif": text });
  expect(status).toBe(1);
  expect(seconds).toBeLessThan(5);
});

test.each(FORGED)("a file whose name or suppression is no command either: %j", (text) => {
  const { status, output } = run("exceptions.mjs", [], {
    ".ray-platform/exceptions.json": JSON.stringify({
      exceptions: [{ option: text, id: `\n${text}`, reason: `\n${text}`, expires: "2000-01-01" }],
    }),
    [`\n${text}.tf`.replaceAll("/", "")]: `${text} tfsec:ignore:\r${text}\n`,
  });
  expect([status, output]).toEqual([1, expect.not.stringMatching(COMMAND)]);
  expect(output).toMatch(/silences tfsec/);
});

test.each(["codeql[", "# zizmor: ignore[", "// lgtm [", "# shellcheck ", "\n", "trivy:ignore:x\n"])(
  "ten megabytes of %j are looked through in five seconds",
  (part) => {
    const file = part.startsWith("# shellcheck") ? ".github/workflows/a.yml" : "a.ts";
    const { status, stderr, seconds } = run("exceptions.mjs", [], {
      ".ray-platform/exceptions.json": '{"exceptions":[]}',
      [file]: `${part.repeat((10 << 20) / part.length)}\ntrivy:ignore:last`,
    });
    expect([status, stderr.length < 100_000]).toEqual([1, true]);
    expect(seconds).toBeLessThan(5);
  },
);

test("a link without an end is no source file", () => {
  const license = { holder: "acme", spdxId: "Apache-2.0", typesWithoutHeader: [] };
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, ".github/scanners"), { recursive: true });
  writeFileSync(join(cwd, ".github/scanners/license-headers.json"), licenseHeaderConfiguration(license, []));
  symlinkSync("/dev/zero", join(cwd, "endless.ts"));
  spawnSync("git", ["init", "--quiet"], { cwd });
  expect(spawnSync(process.execPath, [join(SCRIPTS, "license-headers.mjs")], { cwd, timeout: 20_000 }).status).toBe(0);
});

test.each(["plan-store.mjs", "keep-state.mjs"])("%s takes no key of every object for an action", (script) => {
  const cwd = temporaryDirectory();
  cpSync(SCRIPTS, join(cwd, "scripts"), { recursive: true });
  mkdirSync(join(cwd, "node_modules"));
  symlinkSync(join(SCRIPTS, "..", ".."), join(cwd, "node_modules", "ray-platform"), "junction");
  const { status, stderr } = spawnSync(process.execPath, [join(cwd, "scripts", script), "constructor", "a"], {
    cwd,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^usage: [^\n]*\n$/)]);
});
