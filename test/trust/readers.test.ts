// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readProjenrc } from "../../src/cli/declared-project";
import { platformOf, pipelineOf } from "../../src/controls/repository-facts";
import { readGenerated } from "../../src/environment/synthesized-stacks";
import { ExplainedError } from "../../src/explained-error";
import { readForeignStream, readForeignText } from "../../src/foreign-file";
import { gateJobs } from "../../src/local-gates/gate-job";
import { PACKAGE_ROOT } from "../../src/package-root";
import { differingPolicies } from "../../src/policy/own-policies";
import { repositoryLimits } from "../../src/policy/repository-limits";
import { treeOfPatch } from "../../src/proposal/proposed-tree";
import { planIn } from "../../src/rehearsal/plan-file";
import { readStacks } from "../../src/rehearsal/stack-manifest";
import { isInstallStub } from "../../src/sync/comparison/install-stub";
import { isInstalled } from "../../src/sync/run/installation";
import { readManifest } from "../../src/sync/run/package-manifest";
import { workspaceOf } from "../../src/sync/run/workspace";
import { issuesOf } from "../options/resolve";
import { temporaryDirectory } from "./hostile-repository";

/**
 * Every module that reads a file or parses a text by itself, and why it may. Whatever else comes from a repository, an artifact or
 * an answer goes through the bounded readers: `readForeignFile` and its kin, `parseJson` and `readYaml` in the package,
 * `read-json.mjs` in the scripts.
 */
const OWN_READERS: Readonly<Record<string, string>> = {
  "src/bounded-yaml.ts": "the bounded reader",
  "src/foreign-file.ts": "the bounded reader",
  "src/json-object.ts": "the bounded reader",
  "templates/scripts/read-json.mjs": "the bounded reader",
  "src/policy/json-lines.ts": "a key of JSON that was parsed before",
  "src/policy/parse-documents.ts": "JSON, after it was seen that it does not nest too deeply",
  "src/sync/store/lock-file.ts": "the lock, after it was seen that it neither nests too deeply nor has long lines",
  "src/sync/files/disk-file.ts": "a file that was just seen to be one",
  "src/sync/files/staging.ts": "a file that was just seen to be one",
  "src/cli/deployed-charts.ts": "a file that was just seen to be one",
  "src/cli/program-modules.ts": "modules of the program that is run, which were just seen to be files",
  "src/sync/store/run-lock.ts": "a file that was just seen to be small",
  "src/sync/store/durable-files.ts": "a file that a run of this user's staged",
  "src/sync/store/journal.ts": "the old lock, which was read before, and the new one that a run of this user's staged",
  "src/sync/store/perform-operation.ts": "what a journal names that is sealed with a secret outside the tree",
  "src/sync/store/outside-secret.ts": "the user's own directory",
  "src/program-supervisor.ts": "what the system says of a process",
  "templates/scripts/install-dependencies.mjs":
    "files that were just seen to be of a reasonable size; runs alone, as the base has it",
  ...Object.fromEntries(
    [
      "src/cli/generator-command.ts",
      "src/components/configuration-document.ts",
      "src/components/documents/documents.ts",
      "src/components/platform-stacks.ts",
      "src/components/prepared-workflows.ts",
      "src/components/template-files.ts",
      "src/components/workflow-document.ts",
      "src/components/workflows.ts",
      "src/config/package-data.ts",
      "src/gates/codeql/workflow.ts",
      "src/options/option-types.ts",
      "src/package-version.ts",
      "src/policy/load-policies.ts",
      "src/policy/rule-list.ts",
      "src/rehearsal/provider/bindings-schema.ts",
      "src/rehearsal/rehearsal-providers.ts",
      "src/sync/comparison/originals.ts",
      "src/workflow-rules/github-limits.ts",
      "src/workflow-rules/pin-table.ts",
      "generator/src/core.js",
      "generator/src/adopt/workflow-jobs.js",
    ].map((file) => [file, "what is installed"]),
  ),
  ...Object.fromEntries(
    [
      "src/cli/update-command.ts",
      "src/components/workflow-file.ts",
      "src/policy/opa.ts",
      "src/proposal/npm-lock.ts",
      "src/proposal/verify-proposal.ts",
      "src/rehearsal/provider/schema-provider.ts",
      "src/rehearsal/rehearsed-stack.ts",
      "generator/src/adopt/adoption-plan.js",
      "generator/src/adopt/license-headers.js",
      "generator/src/adopt/previewed-files.js",
      "generator/src/adopt/projen-tasks.js",
      "generator/src/adopt/undo.js",
      "templates/scripts/keep-state.mjs",
      "templates/scripts/lock-providers.mjs",
    ].map((file) => [file, "what it, or the program that it started, wrote"]),
  ),
  "generator/src/option-flags.js": "an argument of the command line",
  "generator/src/surroundings.js": "the user's own configuration of AWS",
};

const READS =
  /\breadFileSync\(|\bJSON\.parse\(|require\("yaml"\)|import\("yaml"\)|[^.\w]parseDocument\(|createReadStream\(/;

test("whatever reads by itself has a reason to", () => {
  const found = ["src", "generator/src", "templates/scripts"].flatMap((directory) =>
    readdirSync(join(PACKAGE_ROOT, directory), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|m?js)$/.test(file))
      .map((file) => `${directory}/${file}`)
      .filter((file) => READS.test(readFileSync(join(PACKAGE_ROOT, file), "utf8"))),
  );
  expect(found.sort()).toEqual(Object.keys(OWN_READERS).sort());
});

/** Of processor time: a machine with much else to do takes longer. */
function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const DEEP = 3000;
const deepJson = `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`;

/** What may stand in a file's place. */
const FORMS: Readonly<Record<string, (path: string) => void>> = {
  "a link to what never ends": (path) => symlinkSync("/dev/zero", path),
  "a link to itself": (path) => symlinkSync(basename(path), path),
  "a link to nothing": (path) => symlinkSync("nothing", path),
  "a pipe that nobody writes to": (path) => {
    spawnSync("mkfifo", [path]);
  },
  "a directory": (path) => {
    mkdirSync(path);
  },
  "JSON of 3,000 levels": (path) => writeFileSync(path, deepJson),
  "YAML of 3,000 levels": (path) => writeFileSync(path, `${"[".repeat(DEEP)}${"]".repeat(DEEP)}`),
  "YAML that unfolds": (path) =>
    writeFileSync(
      path,
      `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh".replace(/./g, (name) => {
        const before = String.fromCharCode(name.charCodeAt(0) - 1);
        return `${name}: &${name} [${`*${before},`.repeat(9)}]\n`;
      })}`,
    ),
  "foreign keys": (path) => writeFileSync(path, '{"__proto__":{"a":1},"constructor":1,"toString":{},"valueOf":null}'),
  "a key that stands twice": (path) => writeFileSync(path, '{"stacks":{},"stacks":[]}'),
  null: (path) => writeFileSync(path, "null"),
  "a number where objects are": (path) =>
    writeFileSync(
      path,
      '{"stacks":1,"limits":1,"environments":1,"packages":1,"workspaces":1,"jobs":1,"resource_changes":1}',
    ),
  UTF16: (path) => writeFileSync(path, Buffer.from('\ufeff{"a":1}', "utf16le")),
};

/** Readers of what lies in a repository: the path, and who reads it. */
const READERS: Readonly<Record<string, readonly [path: string, read: (root: string) => unknown]>> = {
  "a projenrc": [".projenrc.ts", (root) => readProjenrc(join(root, ".projenrc.ts"))],
  "a manifest": ["package.json", readManifest],
  "a lock of npm": ["package-lock.json", isInstalled],
  "a workspace of npm": ["package.json", (root) => workspaceOf(join(root, "member"))],
  "a workspace of pnpm": ["pnpm-workspace.yaml", (root) => workspaceOf(join(root, "member"))],
  "the resolved options": ["src/platform/platform.json", platformOf],
  "what is generated": [
    "src/platform/platform.json",
    (root) => readGenerated(join(root, "src/platform/platform.json")),
  ],
  "a workflow": [".github/workflows/trivy.yml", pipelineOf],
  "a gate": [".github/workflows/trivy.yml", gateJobs],
  "the limits": ["policies/data.json", (root) => repositoryLimits(root, root)],
  "a policy": ["policies/terraform/x.rego", differingPolicies],
  "a plan": ["plan.json", (root) => planIn(join(root, "plan.json"))],
  "the stacks": ["cdktf.out/manifest.json", (root) => readStacks(join(root, "cdktf.out"))],
  "a patch": ["a.patch", (root) => treeOfPatch(root, join(root, "a.patch"))],
};

function prepared(path: string, form: (path: string) => void): string {
  const root = temporaryDirectory();
  mkdirSync(join(root, "member"));
  mkdirSync(join(root, "node_modules"));
  writeFileSync(join(root, "node_modules", ".package-lock.json"), "{}");
  mkdirSync(dirname(join(root, path)), { recursive: true });
  form(join(root, path));
  return root;
}

describe.each(Object.entries(READERS))("%s is read or explained, at once, if it is", (_, [path, read]) => {
  test.each(Object.entries(FORMS))("%s", (_form, form) => {
    const root = prepared(path, form);
    const before = process.cpuUsage();
    try {
      read(root);
    } catch (error) {
      expect([error, (error as Error).message]).toEqual([
        expect.objectContaining({ stack: (error as Error).message }),
        expect.stringMatching(/^.{1,2000}$/s),
      ]);
    }
    expect(secondsSince(before)).toBeLessThan(5);
  });
});

test("what a user names may be a pipe, and ends at a limit", () => {
  const root = temporaryDirectory();
  writeFileSync(join(root, "a"), "text");
  expect(String(readForeignStream(join(root, "a")))).toBe("text");
  expect(() => readForeignStream("/dev/zero", 1 << 20)).toThrow(new ExplainedError("/dev/zero is larger than 1 MiB"));
  expect(() => readForeignText(join(root, "b"))).toThrow(/b cannot be read: ENOENT/);
});

describe("a service's configuration", () => {
  test.each([
    ["[".repeat(4000), "it nests too deeply"],
    ["a: ".repeat(3), "Nested mappings"],
    ["applications: []\n---\napplications: []\n", "it has 2 documents; keep one"],
    ["applications: []\napplications: []\n", "Map keys must be unique"],
  ])("%.20j is refused", (serveConfig, fix) => {
    expect(issuesOf({ ray: { serveConfig } })).toEqual([
      expect.objectContaining({ path: "ray.serveConfig", rule: "must be YAML", fix: expect.stringContaining(fix) }),
    ]);
  });

  test("foreign keys are no applications", () => {
    const [issue] = issuesOf({ ray: { serveConfig: "__proto__: { applications: [] }\nconstructor: 1\n" } });
    expect(issue?.rule).toBe("must have a list of applications");
  });
});

test.each([
  ["a name for each of ten million characters", { dependencies: "x".repeat(10 << 20) }],
  ["a list", { dependencies: ["ray-platform"] }],
  ["null", { dependencies: null }],
  ["another field", { constructor: {} }],
])("no stub of an installation: dependencies that are %s", (_, manifest) => {
  const rendered = Buffer.from('{"dependencies":{"ray-platform":"1"}}');
  const before = process.cpuUsage();
  expect(isInstallStub("package.json", Buffer.from(JSON.stringify(manifest)), rendered)).toBe(false);
  expect(secondsSince(before)).toBeLessThan(2);
});

/** Scripts of a generated repository, what each reads, and how it is started. */
const SCRIPTS: Readonly<Record<string, readonly [path: string, args?: readonly string[], env?: NodeJS.ProcessEnv]>> = {
  "exceptions.mjs": [".ray-platform/exceptions.json"],
  "license-headers.mjs": [".github/scanners/license-headers.json"],
  "required-checks.mjs": [".github/settings.json", ["--commit", "0".repeat(40)]],
  "verify-signatures.mjs": ["package-lock.json"],
  "sarif-gate.mjs": ["x.sarif", ["x.sarif"]],
  "awaited-stacks.mjs": ["cdktf.out/manifest.json", ["a"]],
  "state-object.mjs": ["cdktf.out/stacks/a/cdk.tf.json", ["a"]],
  "mirror-images-list.mjs": ["src/platform/platform.json", ["images", "a"]],
  "preflight.mjs": ["src/platform/platform.json", ["--environment", "a"]],
  "github-settings.mjs": [".github/settings.json", ["--check"]],
  "plan-summary.mjs": ["plan.json", ["dev", "plan.json"]],
  "stand-ins.mjs": ["plan.json", ["plan.json"]],
  "refused-by-eks.mjs": ["plan.json", ["dev", "plan.json"]],
  "partial-plan.mjs": ["plan.json", ["plan.json", "plan.json"]],
};
const IN_SCRIPTS = [
  "a link to what never ends",
  "a link to itself",
  "a link to nothing",
  "a directory",
  "JSON of 3,000 levels",
];

describe("a script ends with a line, at once, if what it reads is", () => {
  test.each(IN_SCRIPTS)("%s", (form) => {
    const results = Object.entries(SCRIPTS).map(([script, [path, args = [], env = {}]]) => {
      const cwd = prepared(path, FORMS[form]!);
      cpSync(join(PACKAGE_ROOT, "templates", "scripts"), join(cwd, "scripts"), { recursive: true });
      symlinkSync(PACKAGE_ROOT, join(cwd, "node_modules", "ray-platform"), "junction");
      const { status, stderr } = spawnSync(process.execPath, [join(cwd, "scripts", script), ...args], {
        cwd,
        encoding: "utf8",
        env: { ...process.env, ...env },
        timeout: 20_000,
      });
      return {
        script,
        isRefused: status === 1 || status === 2,
        said: /^[^\n]{10,300}\n$/.test(stderr) ? "a line" : stderr,
      };
    });
    expect(results).toEqual(Object.keys(SCRIPTS).map((script) => ({ script, isRefused: true, said: "a line" })));
  });

  test("missing", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(PACKAGE_ROOT, "templates/scripts/awaited-stacks.mjs"), "a"],
      { cwd: temporaryDirectory(), encoding: "utf8" },
    );
    expect([status, stderr]).toEqual([
      2,
      "awaited-stacks.mjs: cdktf.out/manifest.json cannot be read: it does not exist. Synthesize the stacks first.\n",
    ]);
  });
});
