// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { licenseHeaderConfiguration } from "../../src/gates/license-header/header-configuration";
import { PACKAGE_ROOT } from "../../src/package-root";

const SCRIPTS = join(__dirname, "..", "..", "templates", "scripts");

/** A directory with the given files, executable where they begin with `#!`. */
function directoryOf(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "scripts-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
    chmodSync(join(directory, path), text.startsWith("#!") ? 0o755 : 0o644);
  }
  return directory;
}

/** What the scripts import of this package, as if it was installed there. */
function linkPackage(directory: string): void {
  mkdirSync(join(directory, "node_modules", "ray-platform"), { recursive: true });
  symlinkSync(join(PACKAGE_ROOT, "lib"), join(directory, "node_modules", "ray-platform", "lib"));
}

function node(script: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, [join(SCRIPTS, script), ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
}

describe("exceptions.mjs", () => {
  const list = (...expires: (string | null)[]) =>
    directoryOf({
      ".ray-platform/exceptions.json": JSON.stringify({
        exceptions: expires.map((day) => ({
          option: "workflows.tfsec.exceptions",
          id: "x",
          reason: "a reason",
          expires: day,
        })),
      }),
    });

  test.each([
    ["passes on the last day", "2027-06-30", 0],
    ["fails on the day after", "2027-07-01", 1],
  ])("%s", (_title, today, status) => {
    expect(node("exceptions.mjs", ["--today", today], list("2027-06-30", null)).status).toBe(status);
  });

  test("names option, id and date", () => {
    const { stderr } = node("exceptions.mjs", ["--today", "2027-07-01"], list("2027-06-30"));
    expect(stderr).toContain("workflows.tfsec.exceptions: the exception for 'x' expired on 2027-06-30");
  });

  test("uses the clock when nobody says the day", () => {
    expect(node("exceptions.mjs", [], list("2000-01-01")).status).toBe(1);
    expect(node("exceptions.mjs", [], list("2999-01-01")).status).toBe(0);
  });

  const SUPPRESSIONS: readonly (readonly [string, string, string])[] = [
    ["zizmor", ".github/workflows/own.yml", "uses: a/b@v1 # zizmor: ignore[unpinned-uses]"],
    ["zizmor", "ci/action.yml", "uses: a/b@v1 #zizmor:ignore[a,b]"],
    ["Gitleaks", "docs/notes.md", "key = x // gitleaks:allow"],
    ["Gitleaks", ".gitleaksignore", ""],
    ["Checkov", "src/extra.ts", "// checkov:skip=CKV_AWS_1: no"],
    ["Checkov", "helm/own/templates/pod.yaml", "checkov.io/skip1: CKV_K8S_1=no"],
    ["Checkov", ".checkov.yaml", "skip-check: [CKV_AWS_1]"],
    ["tfsec", "modules/a/main.tf", "#tfsec:ignore:aws-s3-enable-versioning"],
    ["Trivy", "modules/a/main.tf", "#trivy:ignore:AVD-AWS-0089"],
    ["Trivy", "modules/.trivyignore", "AVD-AWS-0089"],
    ["CodeQL", "src/extra.ts", "eval(x); // codeql[js/code-injection]"],
    ["CodeQL", "src/extra.ts", "eval(x); // lgtm"],
    ["OSV", "tools/osv-scanner.toml", ""],
    ["shellcheck in actionlint", ".github/workflows/own.yml", "# shellcheck disable=SC2086"],
  ];
  const withFile = (path: string, text: string, more: object = {}, lock: object = {}) =>
    directoryOf({
      ".ray-platform/exceptions.json": JSON.stringify({ exceptions: [], ...more }),
      ".ray-platform/lock.json": JSON.stringify({ files: lock }),
      [path]: `first line\n${text}\n`,
    });

  test.each(SUPPRESSIONS)("a suppression of %s in %s fails unless it is registered: %s", (tool, path, text) => {
    const { status, stderr } = node("exceptions.mjs", [], withFile(path, text));
    expect([status, stderr]).toEqual([1, expect.stringContaining(`silences ${tool} without a reason`)]);
    expect(stderr).toContain(`${path}:${text === "" || /ignore$|checkov\.yaml$/.test(path) ? 1 : 2}: `);
    const suppression = { path, reason: "accepted for the tests", expires: "2099-01-31" };
    const registered = withFile(path, text, { inlineSuppressions: [suppression] });
    expect(node("exceptions.mjs", [], registered).status).toBe(0);
    const { stderr: late, status: expired } = node("exceptions.mjs", ["--today", "2099-02-01"], registered);
    expect([expired, late]).toEqual([1, expect.stringContaining("workflows.inlineSuppressions[0]")]);
    expect(node("exceptions.mjs", [], withFile(path, text, {}, { [path]: { class: "managed" } })).status).toBe(0);
  });

  /** Spellings that the scanners take as well. */
  const SPELLINGS: readonly (readonly [string, string, string])[] = [
    ["zizmor", ".github/workflows/own.yml", "uses: a/b@v1 # ZIZMOR: Ignore[unpinned-uses]"],
    ["Gitleaks", "helm/own/values.yaml", "key: x #gitleaks:allow"],
    ["Gitleaks", "src/build/keys.ts", "const key = 1; /* gitleaks:allow */"],
    ["Gitleaks", ".ray-platform/rejected/notes.md", "key = x gitleaks:allow"],
    ["Gitleaks", `.ray-platform/base/${"0".repeat(64)}`, "key = x gitleaks:allow"],
    ["Gitleaks", "services/.gitleaks.toml", ""],
    ["Checkov", "Dockerfile", "#checkov:skip=CKV_DOCKER_3"],
    ["Checkov", "modules/a/main.tf.json", '{"//": "bridgecrew:skip=CKV_AWS_18:no"}'],
    ["Checkov", "modules/a/main.tf", "/* cortex:skip=CKV_AWS_18:no */"],
    ["Checkov", "policies/custom/own.rego", "# checkov:skip=CKV_AWS_18"],
    ["Checkov", "helm/own/templates/pod.yaml", "bridgecrew.io/skip1: CKV_K8S_1=no"],
    ["Checkov", "helm/own/templates/pod.yaml", "cortex.io/skip1: CKV_K8S_1=no"],
    ["Checkov", "helm/own/templates/pod.yaml", "team.checkov.io/skipped-here: CKV_K8S_1=no"],
    ["Checkov", "helm/own/templates/_labels.tpl", '"checkov.io/skip1": "CKV_K8S_1=no"'],
    ["Checkov", "helm/own/templates/pod.yaml", '"checkov\\x2eio/skip1": "CKV_K8S_1=no"'],
    ["Checkov", "helm/own/templates/pod.json", '{"checkov\\u002Eio\\/skip1": "CKV_K8S_1=no"}'],
    ["Checkov", "modules/.checkov.yml", ""],
    ["tfsec", "modules/a/main.tf", "bucket = 1 //tfsec:ignore:*"],
    ["tfsec", "modules/a/main.tf", "# tfsec:exp:2099-01-01:ignore:aws-s3-enable-versioning"],
    ["Trivy", "modules/a/main.tf", "/* trivy:ws:prod:ignore:AVD-AWS-0089 */"],
    ["Trivy", "helm/own/templates/pod.yaml", "#trivy:ignore:KSV001"],
    ["Trivy", "Dockerfile", "# see trivy:exp:2099-01-01:ignore:DS002"],
    ["Trivy", ".trivyignore.yaml", ""],
    ["CodeQL", "src/extra.mts", "/* codeql [js/code-injection] */ eval(x);"],
    ["CodeQL", "src/extra.ts", "// CodeQL[js/code-injection]"],
    ["CodeQL", "src/extra.ts", "eval(x); // it is fine; LGTM"],
    ["CodeQL", "src/extra.tsx", "eval(x); /* lgtm */"],
    ["CodeQL", "src/extra.ts", "eval(x); // looks good, lgtm[js/code-injection]"],
    ["CodeQL", ".github/workflows/own.yaml", "run: x # lgtm [actions/code-injection]"],
    ["shellcheck in actionlint", ".github/workflows/own.yml", "# shellcheck shell=bash disable=SC2086"],
    [
      "shellcheck in actionlint",
      ".github/workflows/own.yml",
      `# shellcheck source=${"long/".repeat(40)}file.sh disable=SC2086`,
    ],
    ["shellcheck in actionlint", ".github/workflows/own.yml", 'run: "#\\tshellcheck\\ disable=SC2086\\necho $x"'],
    ["Checkov", "helm/own/templates/pod.yaml", '? "checkov.io/\\\n    sk\\\n  ip1"\n: CKV_K8S_1=no'],
    ["Checkov", "helm/own/templates/pod.yaml", "checkov.io/skip2: CKV_K8S_2=no"],
    ["Trivy", "helm/own/templates/pod.yaml", "# a path such as C:\\trivy:ignore:KSV001"],
    ["Trivy", ".trivyignore.rego", ""],
    ["shellcheck in actionlint", ".github/actions/own/action.yaml", 'run: "#shellcheck\\x20disable=SC2086"'],
  ];

  test("every spelling fails, in every kind of file", () => {
    const texts = new Map<string, string[]>();
    for (const [, path, text] of SPELLINGS) {
      texts.set(path, [...(texts.get(path) ?? []), text]);
    }
    const files = Object.fromEntries([...texts].map(([path, lines]) => [path, lines.join("\n")]));
    const { stderr } = node(
      "exceptions.mjs",
      [],
      directoryOf({ ".ray-platform/exceptions.json": '{"exceptions":[]}', ...files }),
    );
    const expected = SPELLINGS.map(([tool, path, text]) => {
      const all = texts.get(path) as string[];
      return [`${path}:${[...all.slice(0, all.indexOf(text)), ""].join("\n").split("\n").length}`, tool];
    });
    const found = [...stderr.matchAll(/^(.+?:\d+): '.*' silences (.+) without a reason/gm)].map(([, place, tool]) => [
      place,
      tool,
    ]);
    expect(found.sort()).toEqual(expected.sort());
  });

  test.each([
    ["src/extra.ts", "const ignore = zizmor; // a word about codeql"],
    ["docs/notes.md", "Write #trivy:ignore:ID nowhere."],
    ["node_modules/x/a.ts", "// gitleaks:allow"],
    ["modules/a/main.tf", "# trivy:notes and tfsec:exp:2099-01-01 say nothing to ignore"],
    ["src/extra.ts", "const lgtmCount = 1; // what the reviewers wrote: algtm"],
    [".github/workflows/own.yml", "run: shellcheck --version # disable=SC2086"],
    ["docs/notes.md", "// lgtm"],
    [".ray-platform/rejected/modules/main.tf", "#tfsec:ignore:x"],
  ])("what silences nothing is fine: %s, %s", (path, text) => {
    expect(node("exceptions.mjs", [], withFile(path, text)).status).toBe(0);
  });

  test.each([".checkov.yaml", ".gitleaksignore", "docs/.zizmor.yml"])("a link by the name %s silences too", (path) => {
    const directory = withFile("docs/harmless.txt", "skip-check: [CKV_AWS_1]");
    symlinkSync(join(directory, "docs/harmless.txt"), join(directory, path));
    const { status, stderr } = node("exceptions.mjs", [], directory);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`${path}:1: `)]);
    spawnSync("git", ["init", "--quiet"], { cwd: directory });
    expect(node("exceptions.mjs", [], directory).stderr).toContain(`${path}:1: `);
  });

  test("what git leaves out is nobody's, and what it has is judged wherever it lies", () => {
    const directory = withFile("build/main.tf", "#trivy:ignore:X");
    writeFileSync(join(directory, ".gitignore"), "/build/\n");
    spawnSync("git", ["init", "--quiet"], { cwd: directory });
    expect(node("exceptions.mjs", [], directory).status).toBe(0);
    spawnSync("git", ["add", "--force", "build/main.tf"], { cwd: directory });
    expect(node("exceptions.mjs", [], directory).stderr).toContain("build/main.tf:2: ");
    writeFileSync(join(directory, ".git", "config"), "no configuration");
    const { status, stderr } = node("exceptions.mjs", [], directory);
    expect([status, stderr]).toEqual([2, expect.stringContaining("git cannot list the files: fatal:")]);
  });

  test.each([
    ["utf16le", "\uFEFF"],
    ["utf16be", "\uFEFF"],
  ])("YAML in %s is read as scanners read it", (encoding, mark) => {
    const bytes = Buffer.from(`${mark}checkov.io/skip1: CKV_K8S_1=no\n`, "utf16le");
    const directory = withFile("helm/own/templates/pod.yaml", "");
    writeFileSync(join(directory, "helm/own/templates/pod.yaml"), encoding === "utf16be" ? bytes.swap16() : bytes);
    expect(node("exceptions.mjs", [], directory).stderr).toContain("silences Checkov");
  });

  test("a byte that text does not have hides nothing: Gitleaks reads on", () => {
    expect(node("exceptions.mjs", [], withFile("notes.txt", "\0\nkey = x gitleaks:allow")).stderr).toContain(
      "notes.txt:3",
    );
  });

  test("a base of a merge, named by its content's hash, is nobody's suppression", () => {
    const text = "# tfsec:ignore:x\n";
    const base = `.ray-platform/base/${createHash("sha256").update(text).digest("hex")}`;
    const files = { ".ray-platform/exceptions.json": JSON.stringify({ exceptions: [] }), [base]: text };
    expect(node("exceptions.mjs", [], directoryOf(files)).status).toBe(0);
    expect(node("exceptions.mjs", [], directoryOf({ ...files, [base]: `${text}\n` })).status).toBe(1);
  });

  test("a registered directory covers what is below it, and no neighbor of a similar name", () => {
    const more = { inlineSuppressions: [{ path: "modules/a", reason: "accepted", expires: "2099-01-31" }] };
    expect(node("exceptions.mjs", [], withFile("modules/a/main.tf", "#trivy:ignore:X", more)).status).toBe(0);
    expect(node("exceptions.mjs", [], withFile("modules/ab/main.tf", "#trivy:ignore:X", more)).status).toBe(1);
  });

  test("fails when the list is missing", () => {
    expect(node("exceptions.mjs", [], directoryOf({})).status).not.toBe(0);
  });

  test("what a repository generated before it left generation counts until it is edited, and beside a lock not at all", () => {
    const text = "# tfsec:ignore:x\n";
    const hash = createHash("sha256").update(text).digest("hex");
    const files = {
      ".ray-platform/exceptions.json": JSON.stringify({ exceptions: [] }),
      ".ray-platform/generated.json": JSON.stringify({ "a.tf": hash }),
      "a.tf": text,
    };
    expect(node("exceptions.mjs", [], directoryOf(files)).status).toBe(0);
    expect(node("exceptions.mjs", [], directoryOf({ ...files, "a.tf": `${text}\n` })).status).toBe(1);
    expect(node("exceptions.mjs", [], directoryOf({ ...files, ".ray-platform/lock.json": "{}" })).status).toBe(1);
  });
});

describe("license-headers.mjs", () => {
  const HEADER = "Copyright acme\nSPDX-License-Identifier: Apache-2.0\n";
  const header = (sign: string) => HEADER.replace(/^(?=.)/gm, `${sign} `);
  const configuration = licenseHeaderConfiguration(
    { holder: "acme", spdxId: "Apache-2.0", typesWithoutHeader: [".parquet", "Procfile"] },
    [{ id: "*", path: "vendor", reason: "not ours to change", expires: "2099-01-01" }],
  );
  const check = (files: Record<string, string>, git = false) => {
    const directory = directoryOf({ ".github/scanners/license-headers.json": configuration, ...files });
    if (git) {
      spawnSync("git", ["init", "--quiet"], { cwd: directory });
    }
    return node("license-headers.mjs", [], directory);
  };

  test.each([
    ["TypeScript", { "a.ts": `${header("//")}export {};\n` }],
    ["Rego", { "a.rego": `${header("#")}package a\n` }],
    ["a script, after its shebang", { "a.sh": `#!/usr/bin/env bash\n${header("#")}true\n` }],
    [
      "a file of projen's, after its marker",
      { "a.yml": `# ~~ Generated by projen. To modify, edit .projenrc.ts and run "npx projen".\n${header("#")}a: 1\n` },
    ],
    ["a Helm helper, in a block", { "a.tpl": `{{/*\n${HEADER}*/}}\n` }],
    ["Windows line endings", { "a.ts": header("//").replace(/\n/g, "\r\n") }],
    ["a byte order mark", { "a.ts": `\uFEFF${header("//")}` }],
    ["the generator's own header", { "a.ts": header("//").replace("acme", "the ray-platform authors") }],
    [
      "JSON, notebooks, prose and images, which carry none",
      { "a.json": "{}", "a.ipynb": "{}", "a.csv": "a\n", "a.md": "# a\n", "a.svg": "<svg/>" },
    ],
    ["a backup", { ".projenrc.ts.bak": "", ".projenrc.ts.bak.1": "" }],
    ["what an adoption puts aside", { ".projenrc.js.bak": "", "src/extensions.ts.bak": "" }],
    ["types that the options name", { "a.parquet": "PAR1", Procfile: "web: x\n" }],
    ["an exception", { "vendor/a.ts": "export {};\n" }],
    ["what tools leave behind", { "node_modules/a.ts": "export {};\n", "cdktf.out/a.ts": "export {};\n" }],
  ])("accepts %s", (_title, files) => {
    expect(check(files as Record<string, string>).stderr).toBe("");
  });

  test.each([
    ["TypeScript without", { "a.ts": "export {};\n" }],
    ["Rego that only names its package", { "a.rego": "package license\n" }],
    ["a header that mentions a license", { "a.ts": "// License: Apache-2.0\n" }],
    ["another holder", { "a.ts": header("//").replace("acme", "acme inc") }],
    ["another license", { "a.ts": header("//").replace("Apache-2.0", "MIT") }],
    ["half a header", { "a.ts": `${header("//").split("\n")[0]}\n` }],
    ["a header below code", { "a.ts": `export {};\n${header("//")}` }],
    ["a trailing blank", { "a.ts": header("//").replace("acme\n", "acme \n") }],
    ["the wrong sign", { "a.ts": header("#") }],
    ["a file type that nobody decided on", { "a.zig": header("//") }],
    ["a file without extension", { script: header("#") }],
    ["a path that only begins like the exception", { "vendored/a.ts": "export {};\n" }],
  ])("refuses %s", (_title, files) => {
    const { status, stderr } = check(files as Record<string, string>);
    expect(status).toBe(1);
    expect(stderr).toContain(Object.keys(files)[0] as string);
  });

  test("a repository that git refuses to list is not searched as if there were none", () => {
    const directory = directoryOf({ ".github/scanners/license-headers.json": configuration });
    spawnSync("git", ["init", "--quiet"], { cwd: directory });
    writeFileSync(join(directory, ".git", "config"), "no configuration");
    const { status, stderr } = node("license-headers.mjs", [], directory);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining("git cannot list the files: fatal:"),
    });
  });

  test("accepts files from before the owner was known, and asks new ones for the owner", () => {
    const license = { holder: "acme", formerHolder: "the gpu authors", spdxId: "Apache-2.0", typesWithoutHeader: [] };
    const files = {
      ".github/scanners/license-headers.json": licenseHeaderConfiguration(license, []),
      "old.ts": header("//").replace("acme", "the gpu authors"),
      "a.ts": header("//"),
    };
    expect(node("license-headers.mjs", [], directoryOf(files)).status).toBe(0);
    expect(node("license-headers.mjs", [], directoryOf({ ...files, "new.ts": "" })).stderr).toContain(
      "// Copyright acme\n",
    );
  });

  test("says which option sets the header, and which takes a file type", () => {
    const { stderr } = check({ "a.zig": "", "a.ts": "" });
    expect(stderr).toContain(
      "a.zig: the file type '.zig' is not known: add it to the option workflows.licenseHeader.typesWithoutHeader",
    );
    expect(stderr).toContain("documents.copyrightHolder, by default githubOwner");
  });

  test("looks at what git would commit, untracked files included, and at nothing ignored", () => {
    const { status, stderr } = check({ ".gitignore": "ignored.ts\n", "ignored.ts": "", "new.ts": "" }, true);
    expect(status).toBe(1);
    expect(stderr).toContain("new.ts");
    expect(stderr).not.toContain("ignored.ts");
  });
});

describe.each(["github-settings.mjs", "register-github-app.mjs"])("%s, which people run", (script) => {
  test("explains itself", () => {
    expect(node(script, ["--help"], directoryOf({}))).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(new RegExp(`^usage: node scripts/${script}`)),
      stderr: "",
    });
  });

  test("says what is wrong with an option, without a stack trace", () => {
    const { status, stderr } = node(script, ["--bogus"], directoryOf({}));
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Unknown option '--bogus'.*\n\nusage: /);
  });
});

test("mirror-images.sh says how it is called", () => {
  for (const args of [[], ["--help"], ["prod", "dev"]]) {
    const { status, stderr } = spawnSync("bash", [join(SCRIPTS, "mirror-images.sh"), ...args], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 2, stderr: "usage: bash scripts/mirror-images.sh ENVIRONMENT\n" });
  }
});

describe("sarif-gate.mjs", () => {
  const sarif = (results: object[], rules: object[] = []) =>
    JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver: { name: "x", rules } }, results }] });
  const finding = {
    ruleId: "r",
    message: { text: "a finding" },
    locations: [{ physicalLocation: { artifactLocation: { uri: "a.ts" }, region: { startLine: 3 } } }],
  };
  const scored = (score: string) => [{ id: "r", properties: { "security-severity": score } }];
  const gate = (text: string, ...args: string[]) =>
    node("sarif-gate.mjs", [...args, "x.sarif"], directoryOf({ "x.sarif": text }));

  test.each([
    ["low", "3.9", 1, 0, 0, 0],
    ["medium", "4.0", 1, 1, 0, 0],
    ["high", "7.0", 1, 1, 1, 0],
    ["critical", "9.0", 1, 1, 1, 1],
  ])("a %s finding (%s) fails from its severity on", (_name, score, ...statuses) => {
    const found = ["low", "medium", "high", "critical"].map(
      (minimum) => gate(sarif([finding], scored(score)), "--minimum-severity", minimum).status,
    );
    expect(found).toEqual(statuses);
  });

  test("without a score the level counts", () => {
    expect(gate(sarif([{ ...finding, level: "error" }]), "--minimum-severity", "high").status).toBe(1);
    expect(gate(sarif([{ ...finding, level: "warning" }]), "--minimum-severity", "high").status).toBe(0);
    expect(gate(sarif([{ ...finding, level: "note" }]), "--minimum-severity", "medium").status).toBe(0);
  });

  test("rules of extensions, as CodeQL has them, are known", () => {
    const text = JSON.stringify({
      runs: [{ tool: { driver: {}, extensions: [{ rules: scored("9.1") }] }, results: [finding] }],
    });
    expect(gate(text, "--minimum-severity", "critical").status).toBe(1);
  });

  test("no finding passes, a suppressed one too", () => {
    expect(gate(sarif([])).status).toBe(0);
    expect(gate(sarif([{ ...finding, suppressions: [{ kind: "inSource" }] }])).status).toBe(0);
  });

  const clean = { tool: { driver: { name: "x" } }, results: [] };
  const notified = (kind: string, level: string, executionSuccessful = true) => ({
    executionSuccessful,
    [kind]: [{ level: "note" }, { level, message: { text: "a chart did not render" } }],
  });

  test.each<readonly [string, readonly object[], string]>([
    ["with a reason", [{ executionSuccessful: false, exitCodeDescription: "out of memory" }], "out of memory"],
    ["without a reason", [{ executionSuccessful: false }], "does not say why"],
    ["with an error", [notified("toolExecutionNotifications", "error", false)], "a chart did not render"],
    ["with an error, though it went on", [notified("toolExecutionNotifications", "error")], "a chart did not render"],
    ["with an error of its settings", [notified("toolConfigurationNotifications", "error")], "a chart did not render"],
    [
      "with an error that has an id alone",
      [{ executionSuccessful: true, toolExecutionNotifications: [{ level: "error", descriptor: { id: "X1" } }] }],
      "X1",
    ],
    ["in words", [{ executionSuccessful: "false" }], "does not say why"],
    ["by silence", [{}], "does not say why"],
    ["by a signal", [{ executionSuccessful: true, exitSignalName: "SIGKILL" }], "SIGKILL"],
    ["by what started it", [{ executionSuccessful: true, processStartFailureMessage: "no such file" }], "no such file"],
    ["of several attempts", [{ executionSuccessful: true }, { executionSuccessful: false }], "does not say why"],
  ])("a scan that says that it did not succeed is no clean scan: %s", (_title, invocations, why) => {
    const text = JSON.stringify({ runs: [clean, { ...clean, invocations }] });
    const { status, stderr } = gate(text, "--report-only");
    expect([status, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(gate(text).status).toBe(2);
  });

  test.each<readonly [string, string]>([
    ["no runs", '{"runs":[]}'],
    ["a run without results", '{"runs":[{"tool":{"driver":{}}}]}'],
    ["a run whose results are nothing", '{"runs":[{"tool":{"driver":{}},"results":null}]}'],
    ["results elsewhere", JSON.stringify({ runs: [{ ...clean, externalPropertyFileReferences: { results: [{}] } }] })],
  ])("%s are no clean scan, beside others too", (_title, text) => {
    const files = directoryOf({ "a.sarif": JSON.stringify({ runs: [clean] }), "b.sarif": text });
    expect(node("sarif-gate.mjs", ["."], files).status).toBe(2);
  });

  test("what is no error does not fail a scan", () => {
    const invocations = [notified("toolExecutionNotifications", "warning"), { executionSuccessful: true, exitCode: 1 }];
    expect(gate(JSON.stringify({ runs: [{ ...clean, invocations }] })).status).toBe(0);
  });

  test.each<readonly [string, object]>([
    ["by its number", { ruleIndex: 1 }],
    ["by a reference", { rule: { index: 1 } }],
    ["by a reference into an extension", { rule: { index: 0, toolComponent: { index: 0 } } }],
    ["by a part of it and its number", { ruleId: "r/1", ruleIndex: 1 }],
  ])("a rule that a result names %s decides on its severity", (_title, result) => {
    const rules = [{ id: "other" }, ...scored("9.8")];
    const run = { tool: { driver: { rules }, extensions: [{ rules: scored("9.8") }] }, results: [result] };
    expect(gate(JSON.stringify({ runs: [run] }), "--minimum-severity", "critical").status).toBe(1);
  });

  test("a result that says that all is well, or that it is gone, is no finding", () => {
    const results = [
      { kind: "pass" },
      { kind: "notApplicable" },
      { kind: "informational" },
      { baselineState: "absent" },
    ];
    expect(gate(sarif(results)).status).toBe(0);
    expect(gate(sarif([{ kind: "open" }])).status).toBe(1);
  });

  test("--summary appends a table in which no finding can leave its cell", () => {
    const directory = directoryOf({
      "x.sarif": sarif([{ ...finding, message: { text: "bad | <b>@team</b>" } }], scored("9.9")),
    });
    const summary = join(directory, "summary.md");
    const result = spawnSync(
      process.execPath,
      [join(SCRIPTS, "sarif-gate.mjs"), "--report-only", "--summary", "x.sarif"],
      {
        cwd: directory,
        env: { ...process.env, GITHUB_STEP_SUMMARY: summary },
      },
    );
    expect(result.status).toBe(0);
    expect(readFileSync(summary, "utf8")).toContain("| critical | r | a.ts:3 | bad \\| \\<b\\>\\@team\\</b\\> |");
  });

  test("--report-only prints and passes", () => {
    const { status, stdout } = gate(sarif([finding], scored("9.9")), "--report-only");
    expect([status, stdout]).toEqual([0, expect.stringContaining("critical r a.ts:3\n         a finding")]);
  });

  test("a scan that left nothing is not a clean scan", () => {
    expect(node("sarif-gate.mjs", ["missing.sarif"], directoryOf({})).status).toBe(2);
    expect(node("sarif-gate.mjs", ["empty"], directoryOf({ "empty/readme.md": "" })).status).toBe(2);
    expect(gate(JSON.stringify({ runs: [] })).status).toBe(2);
    expect(gate("").status).not.toBe(0);
  });

  test("a path that cannot be read is not called missing", () => {
    const directory = directoryOf({});
    symlinkSync("loop.sarif", join(directory, "loop.sarif"));
    expect(node("sarif-gate.mjs", ["loop.sarif"], directory).stderr).toContain("loop.sarif cannot be read: ELOOP");
    expect(node("sarif-gate.mjs", ["none.sarif"], directory).stderr).toContain("none.sarif does not exist");
  });
});

const PLAN = {
  resource_changes: [
    { address: "aws_vpc.main", mode: "managed", change: { actions: ["create"], after: { password: "hunter2" } } },
    { address: 'aws_subnet.a["`x`"]', mode: "managed", change: { actions: ["delete", "create"] } },
    { address: "aws_subnet.b", mode: "managed", change: { actions: ["update"] } },
    { address: "aws_subnet.c", mode: "managed", change: { actions: ["delete"] } },
    { address: "aws_subnet.d", mode: "managed", change: { actions: ["no-op"] } },
    { address: "data.aws_x.e", mode: "data", change: { actions: ["read"] } },
  ],
};

describe("plan-summary.mjs", () => {
  const run = (plan: object, policy?: string) => {
    const directory = directoryOf({ "plan.json": JSON.stringify(plan), "policy.json": policy ?? "" });
    cpSync(SCRIPTS, directory, { recursive: true });
    linkPackage(directory);
    const args = ["dev-network", "plan.json", ...(policy === undefined ? [] : ["policy.json"])];
    return spawnSync(process.execPath, ["plan-summary.mjs", ...args], { cwd: directory, encoding: "utf8" });
  };
  const summary = (plan: object, policy?: string) => run(plan, policy).stdout;
  const VIOLATION = { id: "terraform/region", path: "", value: null, limit: null, fix: "" };
  const policyOutput = (more: object) => JSON.stringify({ format: 1, exitCode: 2, ...more });

  test("counts what is added, changed, replaced and destroyed", () => {
    expect(summary(PLAN)).toContain(
      "| add | change | replace | destroy | forget |\n|---|---|---|---|---|\n| 1 | 1 | 1 | 1 | 0 |",
    );
  });

  test("names resources, the destroyed first, and no value", () => {
    const text = summary(PLAN);
    expect(text).toMatch(
      /- destroy `aws_subnet.c`\n- replace `aws_subnet.a\["'x'"\]`\n- change `aws_subnet.b`\n- add `aws_vpc.main`/,
    );
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain("aws_subnet.d");
  });

  test("lists what the policies say without the values that they judge, and nothing in it can leave its place", () => {
    const text = summary(
      PLAN,
      policyOutput({
        files: [
          { file: "-", deny: [{ ...VIOLATION, msg: "bad hunter2", resource: "aws_vpc.`\n@everyone" }], warn: [] },
          { file: "-", deny: [], warn: [{ ...VIOLATION, msg: "look", resource: "" }] },
        ],
      }),
    );
    expect(text).toContain("**Policies: 1 denied, 1 warned**");
    expect(text).toContain("- deny `terraform/region` `aws_vpc.''@everyone`\n");
    expect(text).toContain("- warn `terraform/region`\n");
    expect(text).not.toContain("hunter2");
  });

  test("says so when the policies gave no verdict", () => {
    expect(summary(PLAN, "")).toContain("**The policies could not be evaluated.**");
  });

  test.each([
    ["not JSON", "not JSON"],
    ["another format", JSON.stringify({ format: 2, exitCode: 0, files: [] })],
    ["violations elsewhere", policyOutput({ deny: [], warn: [] })],
    ["a file without its lists", policyOutput({ files: [{ file: "-", violations: [] }] })],
    ["a violation without its message", policyOutput({ files: [{ file: "-", deny: [{ id: "x" }], warn: [] }] })],
  ])("counts nothing in what it does not know: %s", (_title, policy) => {
    const { status, stdout, stderr } = run(PLAN, policy);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain('not what "ray-platform policy --json" prints');
  });

  test("is an error for what is no plan", () => {
    expect(run({ resource_changes: 1 }).status).not.toBe(0);
  });
});

describe("verify-signatures.mjs", () => {
  const lock = (resolved: object) =>
    JSON.stringify({
      packages: {
        "": {},
        "node_modules/a": { version: "1.0.0", ...resolved },
        "node_modules/@acme/b": { version: "1.0.0", ...resolved },
      },
    });
  const NPMRC = "registry=http://mirror.acme.test/\n@acme:registry=http://own.acme.test:8081/npm/\n";

  test.each([
    ["the lock file says", { resolved: "http://mirror.acme.test/a.tgz" }, "mirror.acme.test"],
    ["npm is configured with, where the lock file is silent", {}, "mirror.acme.test own.acme.test:8081"],
  ])("asks nothing of what comes from a registry that signs nothing, as %s", (_, resolved, unsigned) => {
    const directory = directoryOf({ "package.json": "{}", "package-lock.json": lock(resolved), ".npmrc": NPMRC });
    const { status, stdout } = node("verify-signatures.mjs", [], directory, {
      REGISTRIES_WITHOUT_SIGNATURES: unsigned,
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining("2 packages come from registries that sign nothing")]);
  });
});
