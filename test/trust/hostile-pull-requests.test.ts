// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { PACKAGE_ROOT } from "../../src/package-root";
import { unlikeOriginals } from "../../src/sync/comparison/originals";
import { readLock } from "../../src/sync/store/lock-file";
import { HostileRepository, program, temporaryDirectory } from "./hostile-repository";

/** A small change to a healthy repository, and the gate that must turn red for it. */
interface HostileChange {
  readonly title: string;
  readonly change: (repository: HostileRepository) => void;
  /** What the gate must name. */
  readonly reason: string | RegExp;
  /** Paths that are committed although they are ignored. */
  readonly forced?: readonly string[];
  /** Default: 2. */
  readonly code?: number;
}

const PLAN = "scripts/terraform-plan.sh";
const CANARY = join(temporaryDirectory(), "canary");
const DISARM = "denied=1";

/** Disarms the gate that judges plans. */
function disarm(repository: HostileRepository): void {
  repository.edit(PLAN, (text) => text.replace(DISARM, "denied=0"));
}

/** Makes the lock agree with what lies on disk, as whoever changes both does. */
function relock(repository: HostileRepository, path: string): void {
  const { createHash } = require("node:crypto") as typeof import("node:crypto");
  const hash = createHash("sha256")
    .update(readFileSync(repository.at(path)))
    .digest("hex");
  const pattern = new RegExp(`("${path}": \\{.*"sha256":")[0-9a-f]{64}`);
  repository.edit(".ray-platform/lock.json", (text) => text.replace(pattern, `$1${hash}`));
}

/** Regenerates with a projenrc that is a program, as whoever opens the pull request does. What is said of it is not asked. */
function regenerateWith(repository: HostileRepository, before: string, after: string): void {
  repository.write(".projenrc.ts", program(before, after));
  repository.start(["projenrc"]);
}

function journal(operations: readonly unknown[]): string {
  return JSON.stringify({
    format: 2,
    seal: "0".repeat(64),
    journal: JSON.stringify({ operations, generator: "0.0.0", entries: {} }),
  });
}

/** By the number of the kind: what a comparison forgives, recovery state, verdicts from within, owned directories, foreign text. */
const CHANGES: Readonly<Record<string, readonly HostileChange[]>> = {
  "a comparison that forgives more than the consumer does": [
    {
      title: "a carriage return at the line that counts denials",
      change: (repository) => repository.edit(PLAN, (text) => text.replace(`${DISARM}\n`, `${DISARM}\r\n`)),
      reason: PLAN,
    },
    {
      title: "CRLF in every line of a script",
      change: (repository) => repository.edit("scripts/terraform-apply.sh", (text) => text.replace(/\n/g, "\r\n")),
      reason: "scripts/terraform-apply.sh",
    },
    {
      title: "a carriage return in a script of a workflow",
      change: (repository) =>
        repository.edit(".github/workflows/terraform-apply-environment.yml", (text) =>
          text.replace(/(terraform-apply\.sh[^\r\n]*)\n/, "$1\r\n"),
        ),
      reason: ".github/workflows/terraform-apply-environment.yml",
    },
    {
      title: "a byte order mark before a shebang",
      change: (repository) => repository.edit(PLAN, (text) => `\uFEFF${text}`),
      reason: PLAN,
    },
    {
      title: "a look-alike letter in a script",
      change: (repository) =>
        repository.edit("scripts/terraform-drift.sh", (text) => text.replace("drifted=2", "drіfted=2")),
      reason: "scripts/terraform-drift.sh",
    },
    {
      title: "a trailing blank in Rego",
      change: (repository) => repository.edit("policies/terraform/cluster.rego", (text) => text.replace("\n", " \n")),
      reason: "policies/terraform/cluster.rego",
    },
    {
      title: "a workflow that became executable",
      change: (repository) => chmodSync(repository.at(".github/workflows/policy.yml"), 0o755),
      reason: /edited +\.github\/workflows\/policy\.yml \(it is executable, and must not be\)/,
    },
    {
      title: "a script that is no longer executable",
      change: (repository) => chmodSync(repository.at("scripts/mirror-images.sh"), 0o644),
      reason: /edited +scripts\/mirror-images\.sh \(it is no longer executable\)/,
    },
    ...(
      [
        [".github/workflows", "*.yml working-tree-encoding=ASCII//TRANSLIT", ".github/workflows/policy.yml"],
        [".github", "/settings.json filter=evil", ".github/settings.json"],
        [".github", "/workflows/policy.yml ident", ".github/workflows/policy.yml"],
        ["docs", "# no list is that long\n".repeat(60_000) + "* ident", "docs/operations.md"],
      ] as const
    ).map(([directory, attributes, reason]) => ({
      title: `a conversion by git: ${attributes.slice(-60)}`,
      change: (repository: HostileRepository) => repository.write(`${directory}/.gitattributes`, `${attributes}\n`),
      reason: `${reason} (git keeps something else than it checks out`,
    })),
    {
      title: "a pointer to a large file in the place of a script",
      change: (repository) => {
        const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 1\n`;
        repository.write(PLAN, pointer);
        repository.write("scripts/.gitattributes", "terraform-plan.sh filter=lfs diff=lfs merge=lfs -text\n");
      },
      reason: PLAN,
    },
    {
      title: "a path in the place of a script, as a checkout without links has it",
      change: (repository) => repository.write("scripts/take-stacks.mjs", "../evil.mjs"),
      reason: "scripts/take-stacks.mjs",
    },
    {
      title: "a link in the place of a script, to one that does the same today",
      change: (repository) => {
        repository.write("docs/copy.mjs", repository.read("scripts/take-stacks.mjs"));
        rmSync(repository.at("scripts/take-stacks.mjs"));
        symlinkSync("../docs/copy.mjs", repository.at("scripts/take-stacks.mjs"));
      },
      reason: "scripts/take-stacks.mjs",
      code: 4,
    },
    {
      title: "a script and its line in the lock",
      change: (repository) => {
        disarm(repository);
        relock(repository, PLAN);
      },
      reason: `${PLAN} (it is not what this version of ray-platform ships)`,
    },
  ],
  "recovery state without authenticity": [
    {
      title: "a journal that deletes a policy",
      change: (repository) =>
        repository.write(
          ".ray-platform/journal/journal.json",
          journal([{ type: "delete", path: "policies/terraform/cluster.rego", before: "any" }]),
        ),
      forced: [".ray-platform/journal"],
      reason: ".ray-platform/journal came with a commit",
      code: 4,
    },
    {
      title: "a journal of the format before",
      change: (repository) =>
        repository.write(
          ".ray-platform/journal/journal.json",
          JSON.stringify({ format: 1, operations: [], entries: {} }),
        ),
      forced: [".ray-platform/journal"],
      reason: ".ray-platform/journal came with a commit",
      code: 4,
    },
    {
      title: "a journal that nobody committed, and no run of ours left",
      change: (repository) => repository.write(".ray-platform/journal/journal.json", journal([])),
      reason: "was not left by a run of yours",
      code: 4,
    },
    {
      title: "a link in the place of the journal",
      change: (repository) => {
        repository.write("elsewhere/journal.json", journal([]));
        symlinkSync("../elsewhere", repository.at(".ray-platform/journal"));
      },
      forced: [".ray-platform/journal"],
      reason: /\.ray-platform\/journal.*(symbolic link|came with a commit)/,
      code: 4,
    },
    {
      title: "a run lock",
      change: (repository) => repository.write(".ray-platform/run.lock", '{"pid":1,"started":"","host":"x"}'),
      forced: [".ray-platform/run.lock"],
      reason: ".ray-platform/run.lock came with a commit",
      code: 4,
    },
    ...["build/src/main.js", "build/.tsbuildinfo", "cdktf.out/stacks/prod-network/more.tf"].map((path) => ({
      title: `what a build makes: ${path}`,
      change: (repository: HostileRepository) => repository.write(path, "{}"),
      forced: [path],
      reason: `${path.split("/")[0]} came with a commit, and only a build on this machine may make it`,
      code: 4,
    })),
    ...[
      "Build/src/main.js",
      "CDKTF.out/stacks/x/cdk.tf.json",
      "Node_Modules/cdktf/index.js",
      "bu\u0131ld/x".replace("\u0131", "\uff49"),
    ].map((path) => ({
      title: `what a build makes, by a name that is the same on macOS: ${path}`,
      change: (repository: HostileRepository) => {
        repository.write(path, "{}");
        repository.write(path.split("/")[0]?.normalize("NFKC").toLowerCase() + "/made-here", "");
      },
      forced: [path],
      reason: `${path.split("/")[0]} came with a commit, and only a build on this machine may make it`,
      code: 4,
    })),
    ...[".ray-platform/Journal/journal.json", ".Ray-Platform/journal/journal.json", ".ray-platform/RUN.lock"].map(
      (path) => ({
        title: `recovery state by a name that is the same on macOS: ${path}`,
        change: (repository: HostileRepository) => repository.write(path, journal([])),
        forced: [path],
        reason: "came with a commit, and only a run on this machine may leave it",
        code: 4,
      }),
    ),
    {
      title: "a module of git in the place of packages",
      change: (repository) => {
        const commit = repository.git("rev-parse", "HEAD").trim();
        repository.git("update-index", "--add", "--cacheinfo", `160000,${commit},node_modules/evil`);
        mkdirSync(repository.at("node_modules/evil"));
      },
      reason: "node_modules came with a commit",
      code: 4,
    },
    {
      title: "what a build makes, as a link",
      change: (repository) => {
        repository.write("docs/main.js", "");
        symlinkSync("docs", repository.at("build"));
      },
      forced: ["build"],
      reason: "build came with a commit",
      code: 4,
    },
    {
      title: "a kept rendering",
      change: (repository) => repository.write("node_modules/.cache/ray-platform/rendering", "x"),
      forced: ["node_modules/.cache"],
      reason: "node_modules/.cache/ray-platform came with a commit",
      code: 4,
    },
  ],
  "a verdict computed inside what is judged": [
    {
      title: "a projenrc that ends the process",
      change: (repository) => {
        repository.write(".projenrc.ts", program("process.reallyExit(0);"));
        repository.edit("docs/cost.md", (text) => `${text}\n`);
      },
      reason: "docs/cost.md",
    },
    {
      title: "a projenrc that ends the process, and nothing else",
      change: (repository) => repository.write(".projenrc.ts", program("process.reallyExit(0);")),
      reason: "the projenrc did not run to its end",
      code: 1,
    },
    {
      title: "an exit handler that ends the process",
      change: (repository) => {
        repository.write(".projenrc.ts", program('process.on("exit", () => process.reallyExit(0));'));
        disarm(repository);
        relock(repository, PLAN);
      },
      reason: PLAN,
    },
    {
      title: "a rendering that is bent to what lies on disk, and a lock to match",
      change: (repository) => {
        disarm(repository);
        relock(repository, PLAN);
        const bend = `for (const file of project.components) if ((file as any).path === "${PLAN}") (file as any).content = require("node:fs").readFileSync("${PLAN}", "utf8");`;
        repository.write(".projenrc.ts", program("", bend));
      },
      reason: `${PLAN} (it is not what this version of ray-platform ships)`,
    },
    {
      title: "comparisons that are bent",
      change: (repository) => {
        repository.write(".projenrc.ts", program("Buffer.prototype.equals = () => true;"));
        repository.edit(".github/workflows/sync-check.yml", (text) => text.replace("check\n", "check || true\n"));
        relock(repository, ".github/workflows/sync-check.yml");
      },
      reason: ".github/workflows/sync-check.yml",
      code: 3,
    },
    {
      title: "a rendering that is handed over by hand",
      change: (repository) =>
        repository.write(
          ".projenrc.ts",
          `import { writeFileSync } from "node:fs";\nwriteFileSync(process.env.RAY_PLATFORM_PREVIEW!, '{"format":1,"files":[]}');\nprocess.reallyExit(0);\n`,
        ),
      reason: "is not a rendering of a project",
      code: 1,
    },
    {
      title: "a project without one of the policies",
      change: (repository) =>
        regenerateWith(repository, "", 'project.tryRemoveFile("policies/terraform/cluster.rego");'),
      reason: /deleted +policies\/terraform\/cluster\.rego \(this version of ray-platform ships it/,
    },
    ...["helm/ray/templates/admin.yaml", "policies/terraform/more.rego"].map((path) => ({
      title: `a project that generates ${path}`,
      change: (repository: HostileRepository) =>
        regenerateWith(
          repository,
          'import { ManagedFile } from "ray-platform/lib/sync/files/managed-file";',
          `new ManagedFile(project, "${path}", { content: "a: 1", component: "helm" });`,
        ),
      reason: `${path} (this version of ray-platform ships no such file`,
    })),
    ...["src/main.ts", "test/stacks.test.ts"].map((path) => ({
      title: `a project with another ${path}`,
      change: (repository: HostileRepository) =>
        regenerateWith(
          repository,
          "",
          `for (const file of project.components) if ((file as any).path === "${path}") (file as any).content = "export {};";`,
        ),
      reason: `${path} (it is not what this version of ray-platform ships)`,
    })),
    {
      title: "a script that is called the user's",
      change: (repository) => {
        repository.write(
          ".projenrc.ts",
          program(
            'import { Ownership } from "ray-platform/lib/sync/files/ownership";',
            `Ownership.of(project).declare("${PLAN}", { ownership: "seeded", component: "x" });`,
          ),
        );
        disarm(repository);
        relock(repository, PLAN);
        repository.edit(".ray-platform/lock.json", (text) =>
          text.replace(`"${PLAN}": {"class":"managed"`, `"${PLAN}": {"class":"seeded"`),
        );
      },
      reason: `${PLAN} (this version of ray-platform ships it, and would keep it as it is`,
    },
    {
      title: "a rendering in which a script is released, and no option says so",
      change: (repository) => {
        const handOver = `
import { writeFileSync } from "node:fs";
const file = { path: "${PLAN}", ownership: "released", component: "x", content: "", mode: 420, position: "end", initial: "" };
writeFileSync(
  process.env.RAY_PLATFORM_PREVIEW!,
  JSON.stringify({ format: 2, version: "1", migrations: [], releases: [], files: [file] }),
);
process.on("exit", () => { require("node:fs").writeSync(3, "end"); process.reallyExit(0); });
`;
        repository.write(".projenrc.ts", handOver);
      },
      reason: "is not a rendering of a project",
      code: 1,
    },
    {
      title: "a program that starts another",
      change: (repository) =>
        repository.write(".projenrc.ts", program(`require("node:child_process").execSync("touch ${CANARY}");`)),
      reason: "Access to this API has been restricted",
      code: 1,
    },
    {
      title: "a program that writes beside the project",
      change: (repository) =>
        repository.write(".projenrc.ts", program(`require("node:fs").writeFileSync("${CANARY}", "");`)),
      reason: "Access to this API has been restricted",
      code: 1,
    },
    {
      title: "a program that writes into the project",
      change: (repository) =>
        repository.write(".projenrc.ts", program('require("node:fs").writeFileSync("package.json", "{}");')),
      reason: "Access to this API has been restricted",
      code: 1,
    },
    {
      title: "a program that reads a password",
      change: (repository) =>
        repository.write(".projenrc.ts", program('require("node:fs").readFileSync("/etc/passwd");')),
      reason: "Access to this API has been restricted",
      code: 1,
    },
    {
      title: "a package.json that resolves the generator to a file of the pull request",
      change: (repository) => {
        repository.write("evil.js", `require("node:fs").writeFileSync("${CANARY}", "");`);
        repository.edit("package.json", (text) =>
          text.replace('"name": "gpu-platform"', '"name": "ray-platform", "exports": "./evil.js"'),
        );
      },
      reason: "package.json",
    },
  ],
  "files that are owned in directories that are not": [
    ...[
      ["a template of a chart", "helm/ray/templates/admin.yaml", "helm/ray/templates/admin.yaml"],
      ["a chart within the chart", "helm/ray/charts/extra/Chart.yaml", "helm/ray/charts/"],
      ["a definition of resources", "helm/ray/crds/evil.yaml", "helm/ray/crds/"],
      ["a chart of its own", "helm/evil/Chart.yaml", "helm/evil/"],
      ["data that overlays the limits", "policies/more.json", "policies/more.json"],
      ["Rego of a package that is ours", "policies/terraform/allow.rego", "policies/terraform/allow.rego"],
      ["a package beside the scripts", "scripts/node_modules/ray-platform/index.js", "scripts/node_modules/"],
      ["a module beside the stacks", "src/platform/node_modules/cdktf/index.js", "src/platform/node_modules/"],
    ].map(([title, path, reported]) => ({
      title: title as string,
      change: (repository: HostileRepository) => repository.write(path as string, "kind: ClusterRoleBinding\n"),
      forced: [path as string],
      reason: new RegExp(`foreign +${reported} \\(it is not generated`),
    })),
    {
      title: "a link to a template elsewhere",
      change: (repository) => {
        repository.write("docs/admin.yaml", "kind: ClusterRoleBinding\n");
        symlinkSync("../../../docs/admin.yaml", repository.at("helm/ray/templates/admin.yaml"));
      },
      reason: /foreign +helm\/ray\/templates\/admin\.yaml/,
    },
    ...["Helm", "SCRIPTS", "src/Platform", "\u017fcripts", "helm.", "src/platform ", "he\u00adlm"].map((path) => ({
      title: `a directory that is another one on macOS or Windows: ${JSON.stringify(path)}`,
      change: (repository: HostileRepository) => repository.write(`${path}/a.yaml`, "kind: ClusterRoleBinding\n"),
      reason: new RegExp(`foreign +${path.replace("\u00ad", "\\\\u00ad")}/ \\(it is not generated`),
    })),
    {
      title: "a template beside one that the lock calls the user's",
      change: (repository) => {
        repository.write("helm/ray/templates/admin.yaml", "kind: ClusterRoleBinding\n");
        const entry = { class: "seeded", component: "x", version: "0.0.0", sha256: "0".repeat(64), mode: "644" };
        repository.edit(".ray-platform/lock.json", (text) =>
          text.replace('  "files": {', `  "files": {\n    "helm/ray/a.yaml": ${JSON.stringify(entry)},`),
        );
      },
      reason: "helm/ray/a.yaml (this version of ray-platform ships no such file",
    },
    {
      title: "a link in the place of a directory",
      change: (repository) => {
        renameSync(repository.at("helm"), repository.at("charts"));
        symlinkSync("charts", repository.at("helm"));
      },
      reason: /its directory helm is a symbolic link/,
      code: 4,
    },
    {
      title: "a template that a line of the lock claims",
      change: (repository) => {
        repository.write("helm/ray/templates/admin.yaml", "kind: ClusterRoleBinding\n");
        repository.edit(".ray-platform/lock.json", (text) =>
          text.replace('  "files": {', '  "ownFiles": ["helm/ray/templates/admin.yaml"],\n  "files": {'),
        );
      },
      reason: /foreign +helm\/ray\/templates\/admin\.yaml/,
    },
  ],
  "foreign text and foreign keys": [
    {
      title: "a name that is a command of workflows",
      change: (repository) => repository.write("helm/ray/templates/x\n::error::forged", "a: 1\n"),
      reason: /foreign +helm\/ray\/templates\/x\\n::error::forged/,
    },
    {
      title: "a name that is shown the other way round, and one that a runner takes for the start of a line",
      change: (repository) => repository.write("helm/ray/templates/x\u202elmay.\u2066\u0085::error::z", "a: 1\n"),
      reason: "x\\u202elmay.\\u2066\\u0085::error::z (it is not generated",
    },
    {
      title: "an entry of the lock that only looks like one",
      change: (repository) =>
        repository.edit(".ray-platform/lock.json", (text) =>
          text.replace(/("scripts\/terraform-plan\.sh": \{"class":)"managed"/, '$1["managed"]'),
        ),
      reason: 'its entry for "scripts/terraform-plan.sh" is not valid',
      code: 1,
    },
    {
      title: "a lock of nesting alone",
      change: (repository) => repository.write(".ray-platform/lock.json", "[".repeat(300_000)),
      reason: ".ray-platform/lock.json: it nests too deeply",
      code: 1,
    },
    {
      title: "a lock of 400,000 blank lines and a conflict",
      change: (repository) =>
        repository.write(".ray-platform/lock.json", `<<<<<<< a\n${"\n".repeat(400_000)}=======\n>>>>>>> b\n`),
      reason: /edited|conflict|outdated|foreign|added|not all of this repository has been through/,
      code: 3,
    },
    {
      title: "an endless file in the place of the lock",
      change: (repository) => {
        rmSync(repository.at(".ray-platform/lock.json"));
        symlinkSync("/dev/zero", repository.at(".ray-platform/lock.json"));
      },
      reason: "a symbolic link is in its place",
      code: 1,
    },
    {
      title: "an endless file in the place of the options",
      change: (repository) => {
        rmSync(repository.at(".projenrc.ts"));
        symlinkSync("/dev/zero", repository.at(".projenrc.ts"));
      },
      reason: "is not a file, but a device or a pipe, and so not a projenrc",
      code: 1,
    },
    {
      title: "a path of 6,000 bytes in the lock",
      change: (repository) =>
        repository.edit(".ray-platform/lock.json", (text) =>
          text.replace('"scripts/terraform-plan.sh":', `"${"a/".repeat(3_000)}a":`),
        ),
      reason: "longer than 4096 bytes",
      code: 1,
    },
    {
      title: "options that are nested 3,000 deep",
      change: (repository) =>
        repository.edit(".projenrc.ts", (text) =>
          text.replace('name: "gpu-platform",', `name: ${"[".repeat(3_000)}${"]".repeat(3_000)},`),
        ),
      reason: "nested more than 100 deep",
      code: 1,
    },
    {
      title: "constants that come to more values than memory holds",
      change: (repository) => {
        const lines = [...Array(60).keys()].map((at) => `const a${at + 1} = [a${at}, a${at}];`);
        repository.edit(".projenrc.ts", (text) =>
          text
            .replace("const project", `const a0 = [1, 1];\n${lines.join("\n")}\nconst project`)
            .replace('name: "gpu-platform",', "name: a60,"),
        );
      },
      reason: "come to more than 200000 values",
      code: 1,
    },
    {
      title: "a release pattern of wildcards",
      change: (repository) => {
        repository.edit(".projenrc.ts", (text) =>
          text.replace("});", `  release: ["${"**/".repeat(10)}${"*a".repeat(20)}x"],\n});`),
        );
        disarm(repository);
      },
      reason: PLAN,
    },
  ],
};

let healthy: HostileRepository;
beforeAll(() => {
  healthy = HostileRepository.generate();
}, 120_000);

test("the healthy repository passes", () => {
  const repository = healthy.fork();
  repository.write("docs/more.md", "# more\n");
  repository.commit("an ordinary change");
  expect(repository.gate("sync-check")).toEqual({ code: 0, output: expect.stringContaining("clean") });
  expect(repository.install()).toMatchObject({ code: 0, isInstalled: true });
});

describe.each(Object.entries(CHANGES))("%s", (_, changes) => {
  test.each(changes.map((change) => [change.title, change] as const))(
    "%s",
    (_title, { change, reason, forced = [], code = 2 }) => {
      const repository = healthy.fork();
      change(repository);
      repository.commit("hostile", ...forced);
      const result = repository.gate("sync-check");
      expect(result.output).toMatch(reason);
      expect(result.code).toBe(code);
      expect(result.output).not.toMatch(/^\s*::|^ {4}at .*ray-platform\/(lib|src)\//m);
      expect(existsSync(CANARY)).toBe(false);
    },
    60_000,
  );
});

describe("regenerating on a developer's machine", () => {
  test("carries out nothing of a journal that came with a commit", () => {
    const repository = healthy.fork();
    const victim = join(temporaryDirectory(), "victim");
    writeFileSync(victim, "x");
    chmodSync(victim, 0o600);
    const before = repository.read("policies/terraform/cluster.rego");
    repository.write(
      ".ray-platform/journal/journal.json",
      journal([
        { type: "delete", path: "policies/terraform/cluster.rego", before: "any" },
        { type: "write", path: "src/x", file: "0", sha256: "0".repeat(64), mode: 0o4777, before: "absent" },
      ]),
    );
    symlinkSync(victim, repository.at(".ray-platform/journal/0"));
    repository.commit("hostile", ".ray-platform/journal");
    const { code, output } = repository.start(["projenrc"]);
    expect([code, output]).toEqual([1, expect.stringContaining(".ray-platform/journal came with a commit")]);
    expect([repository.read("policies/terraform/cluster.rego"), statSync(victim).mode & 0o7777]).toEqual([
      before,
      0o600,
    ]);
  });

  test.each([
    ["ends the process", program("process.reallyExit(0);")],
    [
      "has ended before it synthesized",
      program("setTimeout(() => process.reallyExit(0), 0); await new Promise(() => {});").replace("await ", "void "),
    ],
  ])("is no success where a projenrc %s", (_, text) => {
    const repository = healthy.fork();
    repository.write(".projenrc.ts", text);
    disarm(repository);
    expect(repository.start(["projenrc"]).code).toBe(1);
  });

  test("does not wait for a run lock that came with a commit", () => {
    const repository = healthy.fork();
    repository.write(".ray-platform/run.lock", "null");
    repository.edit(".projenrc.ts", (text) => text.replace('"acme"', '"other"'));
    repository.commit("hostile", ".ray-platform/run.lock");
    const start = Date.now();
    const { code, output } = repository.start(["projenrc"]);
    expect([code, output]).toEqual([1, expect.stringContaining("run.lock came with a commit")]);
    expect(Date.now() - start).toBeLessThan(9_000);
  });
});

test("whatever the package copies byte for byte is compared with it", () => {
  const repository = healthy.fork();
  const { lock } = readLock(repository.root);
  const copied = [...lock.files].flatMap(([path, { class: owner }]) => {
    const original = [join("templates", path), path].map((place) => join(PACKAGE_ROOT, place)).find(existsSync);
    const isCopied = original !== undefined && readFileSync(original, "utf8") === repository.read(path);
    const isForReaders = path === "LICENSE" || path === ".github/pull_request_template.md";
    return owner === "managed" && isCopied && !isForReaders ? [path] : [];
  });
  expect(copied.length).toBeGreaterThan(200);
  for (const path of copied) {
    repository.write(path, "x");
  }
  expect([...unlikeOriginals(repository.root, lock).keys()].sort()).toEqual(copied.sort());
});

test("no step that gives a verdict on policies runs a task, which a projenrc may change", () => {
  const { jobs } = parse(healthy.read(".github/workflows/policy.yml")) as {
    jobs: Record<string, { steps: { name: string; run?: string }[] }>;
  };
  const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ name, run }) => (run ? [[name, run]] : [])));
  expect(runs.filter(([, run]) => /\bprojen\b/.test(run as string)).map(([name]) => name)).toEqual([
    "Synthesize the stacks",
  ]);
});

/** What a pull request changes about npm, and what is said of it. */
const INSTALLS: readonly (readonly [string, (repository: HostileRepository) => void, string])[] = [
  [
    "an archive of the pull request in the place of the generator",
    (repository) =>
      entry(repository, "node_modules/ray-platform", { resolved: "file:evil.tgz", integrity: sha512("B") }),
    "its integrity changed, and its version 1.2.3 did not",
  ],
  [
    "an archive of the pull request under a new version",
    (repository) =>
      entry(repository, "node_modules/ray-platform", {
        version: "9.9.9",
        resolved: "file:evil.tgz",
        integrity: sha512("B"),
      }),
    "file:evil.tgz is not an address of a registry",
  ],
  [
    "another integrity of a package that gates load",
    (repository) => entry(repository, "node_modules/projen", { integrity: sha512("C") }),
    "node_modules/projen: its integrity changed",
  ],
  [
    "no integrity",
    (repository) => entry(repository, "node_modules/constructs", { version: "10.5.0", integrity: undefined }),
    "it has no SHA-512 integrity",
  ],
  [
    "an address of another package",
    (repository) =>
      entry(repository, "node_modules/projen", {
        version: "0.104.0",
        resolved: "https://registry.npmjs.org/projen-evil/-/projen-0.104.0.tgz",
      }),
    "is an address of another package",
  ],
  [
    "an address of a scope that ends in its name",
    (repository) =>
      entry(repository, "node_modules/projen", {
        version: "0.104.0",
        resolved: "https://registry.npmjs.org/@evil/projen/-/projen-0.104.0.tgz",
      }),
    "is an address of another package",
  ],
  [
    "an address of another host",
    (repository) =>
      entry(repository, "node_modules/projen", {
        version: "0.104.0",
        resolved: "https://evil.example/projen/-/projen-0.104.0.tgz",
      }),
    "is not an address of a registry",
  ],
  [
    "a repository of git",
    (repository) =>
      entry(repository, "node_modules/evil", {
        version: "1.0.0",
        resolved: "git+ssh://git@github.com/evil/evil.git#main",
        integrity: sha512("A"),
      }),
    "is not an address of a registry",
  ],
  [
    "a link into the repository",
    (repository) => entry(repository, "node_modules/projen", { resolved: "evil", link: true }),
    "it is a link into the repository",
  ],
  [
    "another package under the generator's name",
    (repository) =>
      entry(repository, "node_modules/ray-platform", { version: "9.9.9", name: "evil", resolved: undefined }),
    "it is evil under another name",
  ],
  [
    "a package that claims to be bundled",
    (repository) =>
      entry(repository, "node_modules/ray-platform", { version: "9.9.9", inBundle: true, integrity: undefined }),
    "it has no SHA-512 integrity",
  ],
  [
    "a package that claims to be bundled in one that bundles nothing",
    (repository) =>
      entry(repository, "node_modules/projen/node_modules/yaml", {
        version: "9.9.9",
        inBundle: true,
        integrity: undefined,
      }),
    "no package around it says that it comes with it",
  ],
  [
    "an archive of the pull request in what claims to be bundled",
    (repository) =>
      entry(repository, "node_modules/projen/node_modules/yaml", {
        version: "9.9.9",
        inBundle: true,
        resolved: "file:evil.tgz",
        integrity: sha512("B"),
      }),
    "file:evil.tgz is not an address of a registry",
  ],
  [
    "an archive of the pull request for a version",
    (repository) =>
      entry(repository, "node_modules/projen", {
        version: "file:evil.tgz",
        resolved: undefined,
        integrity: sha512("B"),
      }),
    "node_modules/projen: its version is not a version",
  ],
  ...["file:evil.tgz", "evil.tgz", "./evil", "https://evil.example/x.tgz", "evil/projen", "github:evil/projen"].map(
    (spec): (typeof INSTALLS)[number] => [
      `a dependency on ${spec}, which the lock gives no address`,
      (repository) => {
        repository.edit("package.json", (text) => put(text, ["devDependencies", "projen"], spec));
        entry(repository, "node_modules/projen", { version: "0.104.0", resolved: undefined, integrity: sha512("B") });
      },
      `package.json: devDependencies has projen from ${spec}, which is not a registry`,
    ],
  ),
  ...["optionalDependencies", "peerDependencies"].map((kind): (typeof INSTALLS)[number] => [
    `${kind} on an archive`,
    (repository) => repository.edit("package.json", (text) => put(text, [kind, "projen"], "file:evil.tgz")),
    `package.json: ${kind} has projen from file:evil.tgz`,
  ]),
  [
    "an override by an archive",
    (repository) =>
      repository.edit("package.json", (text) => put(text, ["overrides", "projen", "yaml"], "file:evil.tgz")),
    "package.json: overrides has projen > yaml from file:evil.tgz",
  ],
  [
    "a package that asks for an archive of the pull request",
    (repository) => entry(repository, "node_modules/constructs", { dependencies: { projen: "file:../../evil.tgz" } }),
    "node_modules/constructs: dependencies has projen from file:../../evil.tgz",
  ],
  [
    "the command of a gate in another package",
    (repository) => entry(repository, "node_modules/constructs", { bin: { projen: "lib/index.js" } }),
    "the command projen is of",
  ],
  [
    "the command of a gate as another file",
    (repository) => entry(repository, "node_modules/projen", { bin: { projen: "lib/version.js" } }),
    "the command projen starts another file of projen",
  ],
  [
    "the command of a gate as another file of a newer version",
    (repository) =>
      entry(repository, "node_modules/projen", {
        version: "0.104.0",
        resolved: "https://registry.npmjs.org/projen/-/projen-0.104.0.tgz",
        integrity: sha512("D"),
        bin: { projen: "lib/version.js" },
      }),
    "the command projen starts another file of projen",
  ],
  [
    "a directory of commands in the place of a gate's",
    (repository) => repository.edit("package.json", (text) => put(text, ["directories", "bin"], "./commands")),
    "package.json: directories.bin is ./commands, whose files npx would run",
  ],
  [
    "committed packages of another case",
    (repository) => repository.write("src/Node_Modules/cdktf/index.js", ""),
    "src/Node_Modules/cdktf/index.js: packages are installed, and not committed",
  ],
  [
    "a command of the repository's own in the place of a gate's",
    (repository) => repository.edit("package.json", (text) => put(text, ["bin", "projen"], "./evil.js")),
    "package.json: bin has projen, which npx would run in place of an installed one",
  ],
  [
    "an older generator",
    (repository) =>
      entry(repository, "node_modules/ray-platform", {
        version: "1.2.2",
        resolved: "https://registry.npmjs.org/ray-platform/-/ray-platform-1.2.2.tgz",
      }),
    "ray-platform goes from 1.2.3 to 1.2.2",
  ],
  [
    "a program for git",
    (repository) => repository.append(".npmrc", "git=./run.sh\n"),
    ".npmrc: git is not what the base has",
  ],
  [
    "options for Node.js",
    (repository) => repository.append(".npmrc", "node-options=--require ./evil.js\n"),
    "node-options",
  ],
  ["another registry", (repository) => repository.append(".npmrc", "registry=https://evil.example/\n"), "registry"],
  [
    "a registry for a scope, in capitals and with blanks",
    (repository) => repository.append(".npmrc", "  @biomejs:Registry = https://evil.example/\n"),
    "@biomejs:registry",
  ],
  [
    "install scripts",
    (repository) => repository.append(".npmrc", "ignore-scripts=false\n"),
    "ignore-scripts is not true",
  ],
  [
    "a shell for scripts, after a carriage return",
    (repository) => repository.append(".npmrc", "fund=true\rscript-shell=./x\n"),
    "script-shell",
  ],
  [
    "git, although a later line forbids it",
    (repository) => repository.append(".npmrc", "allow-git=all\nallow-git=none\n"),
    ".npmrc: allow-git is not what the base has",
  ],
  [
    "install scripts, with what looks like the contrary in a section",
    (repository) => repository.append(".npmrc", "ignore-scripts=false\n[x]\nignore-scripts=true\n"),
    "ignore-scripts is not true",
  ],
  ["a shrinkwrap", (repository) => repository.write("npm-shrinkwrap.json", "{}"), "npm would install it in place"],
  [
    "committed packages",
    (repository) => {
      repository.write("scripts/node_modules/x/index.js", "");
      repository.git("add", "--force", "scripts/node_modules");
    },
    "packages are installed, and not committed",
  ],
  ["a lock that is none", (repository) => repository.write("package-lock.json", "[]"), 'it has no "packages"'],
  [
    "a lock of nesting alone",
    (repository) => repository.write("package-lock.json", "[".repeat(1 << 20)),
    "it is not JSON",
  ],
  [
    "an endless lock",
    (repository) => {
      rmSync(repository.at("package-lock.json"));
      symlinkSync("/dev/zero", repository.at("package-lock.json"));
    },
    "not a file of a reasonable size",
  ],
  [
    "a script of its own for the comparison",
    (repository) => {
      repository.write("scripts/install-dependencies.mjs", "");
      repository.append(".npmrc", "git=./run.sh\n");
    },
    ".npmrc: git is not what the base has",
  ],
];

describe("a gate that is loaded from the judged tree: nothing is installed with", () => {
  test.each(INSTALLS)("%s", (_, change, reason) => {
    const repository = healthy.fork();
    change(repository);
    repository.commit("hostile");
    const { code, output, isInstalled } = repository.install();
    expect([code, isInstalled, output]).toEqual([1, false, expect.stringContaining(reason)]);
    expect(output).not.toMatch(/^ {4}at /m);
  });

  test("a base that is not there to compare with", () => {
    const repository = healthy.fork();
    repository.git("checkout", "--quiet", "--orphan", "alone");
    repository.commit("alone");
    expect(repository.install()).toMatchObject({
      code: 1,
      isInstalled: false,
      output: expect.stringContaining("HEAD^1 is not there"),
    });
  });
});

test("a first commit, which has none to be compared with, is installed when it is pushed", () => {
  const repository = healthy.fork();
  repository.git("checkout", "--quiet", "--orphan", "first");
  repository.commit("first");
  expect(repository.read(".npmrc")).toContain("allow-git=none");
  expect(repository.install({ GITHUB_EVENT_NAME: "push" })).toMatchObject({ code: 0, isInstalled: true });
});

test("a pull request that adds the generator's .npmrc, as an adoption does, is installed", () => {
  const repository = healthy.fork();
  const settings = repository.read(".npmrc");
  repository.git("rm", "--quiet", ".npmrc");
  repository.commit("before");
  repository.write(".npmrc", settings);
  repository.commit("adopted");
  expect(repository.install()).toMatchObject({ code: 0, isInstalled: true });
});

test.each<readonly [string, (repository: HostileRepository) => void]>([
  [
    "a new version of a package, from the registry",
    (repository) =>
      entry(repository, "node_modules/projen", {
        version: "0.104.0",
        resolved: "https://registry.npmjs.org/projen/-/projen-0.104.0.tgz",
        integrity: sha512("D"),
      }),
  ],
  [
    "a new generator, from the registry",
    (repository) =>
      entry(repository, "node_modules/ray-platform", {
        version: "1.3.0",
        resolved: "https://registry.npmjs.org/ray-platform/-/ray-platform-1.3.0.tgz",
        integrity: sha512("D"),
      }),
  ],
  [
    "a package that comes with another",
    (repository) => {
      entry(repository, "node_modules/projen", { bundleDependencies: ["yaml"] });
      entry(repository, "node_modules/projen/node_modules/yaml", { version: "2.0.0", inBundle: true });
    },
  ],
  [
    "a range, a tag, an alias and an override of a registry",
    (repository) => {
      const asked = { a: "^1.2.3 || >=2.0.0-beta.1 <3", b: "latest", c: "npm:@scope/other@~1.0", d: "*", e: "" };
      for (const [name, spec] of Object.entries(asked)) {
        repository.edit("package.json", (text) => put(text, ["devDependencies", name], spec));
      }
      repository.edit("package.json", (text) => put(text, ["overrides", "a", "d"], "$b"));
    },
  ],
  ["a package less", (repository) => entry(repository, "node_modules/constructs", undefined)],
  ["a harmless setting", (repository) => repository.append(".npmrc", "fund=false\n")],
])("installed is %s", (_, change) => {
  const repository = healthy.fork();
  change(repository);
  repository.commit("ordinary");
  expect(repository.install()).toMatchObject({ code: 0, isInstalled: true });
});

function entry(repository: HostileRepository, path: string, change: Record<string, unknown> | undefined): void {
  const lock = JSON.parse(repository.read("package-lock.json"));
  lock.packages[path] = change === undefined ? undefined : { ...lock.packages[path], ...change };
  repository.write("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
}

/** JSON with a value at a place that may be new. */
function put(text: string, steps: readonly string[], value: string): string {
  const document = JSON.parse(text);
  const parent = steps.slice(0, -1).reduce((at, step) => {
    at[step] ??= {};
    return at[step];
  }, document);
  parent[steps.at(-1) as string] = value;
  return `${JSON.stringify(document, null, 2)}\n`;
}

function sha512(letter: string): string {
  return `sha512-${letter.repeat(86)}==`;
}

/** Commands that are said to be safe on a fork, and every place in which a tree can hold code. */
describe("a command that is said to be safe on a fork runs nothing of the tree", () => {
  const touch = `require("node:fs").writeFileSync(${JSON.stringify(CANARY)}, "");`;
  const plant = (): HostileRepository => {
    const repository = healthy.fork();
    repository.write(".projenrc.ts", program(touch));
    repository.write(".projenrc.js", touch);
    repository.write("evil.cjs", touch);
    repository.write(".npmrc", `git=./evil.sh\nnode-options=--require ./evil.cjs\nscript-shell=./evil.sh\n`);
    for (const path of ["evil.sh", ".githooks/post-index-change", "opa", "git", "npm", "node"]) {
      repository.write(path, `#!/bin/sh\ntouch ${CANARY}\n`);
      chmodSync(repository.at(path), 0o755);
    }
    for (const path of [
      "src/main.ts",
      "src/extensions.ts",
      "test/extensions.test.ts",
      "babel.config.js",
      "jiti.config.js",
    ]) {
      repository.write(path, touch);
    }
    // What other tools take for code, or for the name of a program: none of them has a part in these commands.
    const settings: Readonly<Record<string, string>> = {
      ".envrc": `touch ${CANARY}\n`,
      ".env": "NODE_OPTIONS=--require ./evil.cjs\n",
      ".node-version": "../evil.sh\n",
      ".gitconfig": "[core]\n\tfsmonitor = ./evil.sh\n\thooksPath = .githooks\n",
      ".terraformrc": 'provider_installation { filesystem_mirror { path = "evil" } }\n',
      ".pre-commit-config.yaml":
        "repos: [{repo: local, hooks: [{id: x, name: x, entry: ./evil.sh, language: script}]}]\n",
      ".checkov.yaml": "external-checks-dir: [evil]\n",
      "evil/check.py": `open(${JSON.stringify(CANARY)}, "w")\n`,
      ".tfsec/evil_tfchecks.yaml": "checks: []\n",
      "trivy.yaml": "rego: {check: [evil]}\n",
      ".swcrc": '{"jsc":{"experimental":{"plugins":[["./evil.cjs",{}]]}}}',
      "tsconfig.base.json": '{"compilerOptions":{"plugins":[{"name":"./evil.cjs"}]}}',
      ".mocharc.cjs": touch,
      "jest.config.js": touch,
      ".projen/hooks.cjs": touch,
      ".husky/post-checkout": `touch ${CANARY}\n`,
      // A repository of its own within the tree, whose settings git would heed there.
      "docs/bare/HEAD": "ref: refs/heads/main\n",
      "docs/bare/config": "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = ../../evil.sh\n",
      "docs/bare/objects/info/x": "",
      "docs/bare/refs/heads/x": "",
    };
    for (const [path, text] of Object.entries(settings)) {
      repository.write(path, text);
    }
    repository.write(".gitattributes", "* diff=evil filter=evil merge=evil\n");
    repository.write(
      "policies/custom/own.rego",
      'package custom.terraform\n\nx := http.send({"url": "http://127.0.0.1:1"})\n',
    );
    repository.write(
      ".projen/tasks.json",
      JSON.stringify({ tasks: { default: { name: "default", steps: [{ exec: `touch ${CANARY}` }] } } }),
    );
    repository.edit("package.json", (text) =>
      text.replace('"scripts": {', `"scripts": { "preinstall": "touch ${CANARY}", "prepare": "touch ${CANARY}",`),
    );
    repository.commit("hostile");
    return repository;
  };

  test.each([[["check", "--lock-only"]], [["status"]], [["status", "--json"]], [["--version"]], [["check", "--help"]]])(
    "%s",
    (args) => {
      const { code } = plant().start(args);
      expect([0, 2, 4]).toContain(code);
      expect(existsSync(CANARY)).toBe(false);
    },
  );

  test("check and diff, where the projenrc only declares options", () => {
    const repository = plant();
    repository.git("checkout", "HEAD~1", "--", ".projenrc.ts");
    for (const command of ["check", "diff"]) {
      repository.start([command]);
      expect(existsSync(CANARY)).toBe(false);
    }
  });

  test("check, where the projenrc is a program: it cannot reach the canary", () => {
    expect(plant().start(["check"]).code).not.toBe(0);
    expect(existsSync(CANARY)).toBe(false);
  });
});
