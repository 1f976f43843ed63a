// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Versions } from "../cli/fixture-repository";
import { publishableVersions, UpgradeRun } from "./upgrade-run";

let versions: Versions;
beforeAll(() => {
  versions = publishableVersions();
});

const edit = (work: string, path: string, change: (text: string) => string): void => {
  const file = join(work, path);
  chmodSync(file, 0o644 | (path.startsWith("scripts/") ? 0o111 : 0));
  writeFileSync(file, change(readFileSync(file, "utf8")));
};
const add = (work: string, path: string, text: string): void => {
  mkdirSync(join(work, path, ".."), { recursive: true });
  writeFileSync(join(work, path), text);
};
/** Lets the lock say that a file is what was rendered. */
const relock = (work: string, path: string, owner = "managed", mode = "444"): void => {
  const hash = createHash("sha256")
    .update(readFileSync(join(work, path)))
    .digest("hex");
  const entry = { class: owner, component: "Managed", version: "0.2.0", sha256: hash, mode };
  edit(work, ".ray-platform/lock.json", (text) => {
    const lock = JSON.parse(text);
    lock.files[path] = entry;
    return JSON.stringify(lock);
  });
};
const relockNpm = (work: string, change: (packages: Record<string, Record<string, unknown>>) => void): void =>
  edit(work, "package-lock.json", (text) => {
    const lock = JSON.parse(text);
    change(lock.packages);
    return `${JSON.stringify(lock, null, 2)}\n`;
  });
const integrityOf = (text: string) => `sha512-${createHash("sha512").update(text).digest("base64")}`;

/** Without the paths that may be changed. */
const reasonsIn = (output: string): string => output.replace(/^(?:added|changed|deleted) .*\n/gm, "");

/** Everything, from the first job to the last; the rest is not started once one fails. */
function walk(run: UpgradeRun, from = "readiness") {
  const jobs = ["readiness", "regenerate", "verify", "propose"];
  let last = { job: "", result: "success", output: "" };
  for (const job of jobs.slice(jobs.indexOf(from))) {
    last = { job, ...run.job(job) };
    if (last.result === "failure") {
      break;
    }
  }
  return last;
}

describe("an upgrade", () => {
  let run: UpgradeRun;
  beforeAll(() => {
    run = new UpgradeRun(versions, { helper: { "1.0.0": 50, "1.1.0": 20, "1.2.0": 2 } });
  });

  test("is made, made again, judged and proposed", () => {
    expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
    expect(run.asked()).toContain("pr create --head ray-platform/upgrade --base main");
  });

  test("leads to the new version, with the user's files merged, moved and migrated", () => {
    expect(run.fileOf("ray-platform/upgrade", ".projenrc.ts")).toContain('heading: "Build"');
    expect(run.fileOf("ray-platform/upgrade", "src/extensions.ts")).toBe("mine\none\ntwo\nthree\nfour\nfive, by us\n");
    expect(run.fileOf("ray-platform/upgrade", "policies/HOWTO.md")).toBe("alpha\nbeta\ngamma\nmine\n");
    expect(run.fileOf("ray-platform/upgrade", "scripts/deploy.sh")).toContain("0.2.0");
    expect(run.pushed()?.has("docs/old.md")).toBe(false);
  });

  test("brings the lock file up to date too, to what has cooled down", () => {
    const { packages } = JSON.parse(run.fileOf("ray-platform/upgrade", "package-lock.json"));
    expect(packages["node_modules/helper"].version).toBe("1.1.0");
    expect(packages["node_modules/ray-platform"].version).toBe("0.2.0");
  });

  test("says of each path how it was checked", () => {
    const body = readFileSync(join(run.directory, "runners/propose/temp/body.md"), "utf8");
    for (const row of [
      "| `scripts/deploy.sh` | changed | what the rendering gives |",
      "| `src/extensions.ts` | changed | your changes and those of the new version, merged again with the same result |",
      "| `policies/HOWTO.md` | added | moved from policies/README.md; your changes",
      "| `.projenrc.ts` | changed | nothing but names of options differs; READ IT",
      "| `package-lock.json` | changed | made again by npm",
      "| `CODEOWNERS` | changed | its block is what the rendering gives, and the rest is as it was |",
    ]) {
      expect(body).toContain(row);
    }
    expect(body).toContain("## What the new version says\n\nMoves this repository from ray-platform 0.1.0 to 0.2.0.");
  });

  test("that is merged is followed by nothing", () => {
    run.merge();
    expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
    expect(run.pushed()).toBeUndefined();
    expect(run.asked()).toBe("");
  });
});

test("a version that has not cooled down waits, and the lock file is brought up to date alone", () => {
  const run = new UpgradeRun(versions, { age: 2, helper: { "1.0.0": 50, "1.1.0": 20 } });
  expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
  const { packages } = JSON.parse(run.fileOf("ray-platform/upgrade", "package-lock.json"));
  expect([packages["node_modules/helper"].version, packages["node_modules/ray-platform"].version]).toEqual([
    "1.1.0",
    "0.1.0",
  ]);
});

test("a package is not taken back to what has cooled down", () => {
  const run = new UpgradeRun(versions, { age: 2, helper: { "1.0.0": 50, "1.1.0": 2 } }, (work) =>
    relockNpm(work, (packages) => {
      Object.assign(packages["node_modules/helper"] as object, {
        version: "1.1.0",
        resolved: "https://registry.npmjs.org/helper/-/helper-1.1.0.tgz",
        integrity: integrityOf("helper@1.1.0"),
      });
    }),
  );
  expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
  expect(run.pushed()).toBeUndefined();
});

test("a merge that leaves conflicts is proposed with them", () => {
  const run = new UpgradeRun(versions, {}, (work) =>
    add(work, "src/extensions.ts", "one\ntwo\nthree\nfour\nfive, by me\n"),
  );
  expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
  expect(run.fileOf("ray-platform/upgrade", "src/extensions.ts")).toContain("<<<<<<< yours");
});

test("an edit of a managed file is undone, and kept as a patch that was compared", () => {
  const run = new UpgradeRun(versions, {}, (work) =>
    edit(work, ".github/workflows/build.yml", (text) => `${text}# mine\n`),
  );
  expect(walk(run)).toMatchObject({ job: "propose", result: "success" });
  expect(run.pushed()?.has(".ray-platform/rejected/.github/workflows/build.yml.1.patch")).toBe(true);
});

/** What an attacker who controls the first runner adds to a good upgrade; `judged`: the third job refuses it by itself. */
interface Hostile {
  readonly title: string;
  readonly change?: (work: string) => void;
  readonly patch?: (text: string) => string;
  /** What has to be named. */
  readonly named: string | RegExp;
  readonly judged: boolean;
}

const evilWorkflow = (work: string) => add(work, ".github/workflows/evil.yml", "on: push\n");

const HOSTILE: readonly Hostile[] = [
  { title: "a workflow of its own", change: evilWorkflow, named: ".github/workflows/evil.yml", judged: true },
  {
    title: "a workflow of its own that the lock names",
    change(work) {
      evilWorkflow(work);
      relock(work, ".github/workflows/evil.yml");
    },
    named: ".github/workflows/evil.yml",
    judged: false,
  },
  {
    title: "an action of its own",
    change: (work) => add(work, ".github/actions/x/action.yml", "runs: {using: node20, main: x.js}\n"),
    named: ".github/actions/x/action.yml",
    judged: true,
  },
  {
    title: "a generated workflow that differs",
    change: (work) => edit(work, ".github/workflows/build.yml", (text) => `${text}# more\n`),
    named: ".github/workflows/build.yml",
    judged: true,
  },
  {
    title: "a changed script",
    change: (work) => edit(work, "scripts/deploy.sh", (text) => `${text}curl evil\n`),
    named: "scripts/deploy.sh",
    judged: true,
  },
  {
    title: "a changed script with its line in the lock",
    change(work) {
      edit(work, "scripts/deploy.sh", (text) => `${text}curl evil\n`);
      relock(work, "scripts/deploy.sh", "managed", "555");
    },
    named: "scripts/deploy.sh",
    judged: false,
  },
  {
    title: "a changed policy",
    change: (work) => edit(work, "policies/base.rego", (text) => text.replace("package", "# package")),
    named: "policies/base.rego",
    judged: true,
  },
  {
    title: "a policy of its own",
    change: (work) => add(work, "policies/allow.rego", "package base\n"),
    named: "policies/allow.rego",
    judged: true,
  },
  {
    title: "a policy that is deleted",
    change: (work) => rmSync(join(work, "policies/base.rego")),
    named: "policies/base.rego",
    judged: true,
  },
  {
    title: "a package from a file",
    change: (work) =>
      relockNpm(work, (packages) =>
        Object.assign(packages["node_modules/helper"] as object, { resolved: "file:evil.tgz", version: "1.9.0" }),
      ),
    named: /package-lock\.json: node_modules\/helper/,
    judged: false,
  },
  {
    title: "a package from git",
    change: (work) =>
      relockNpm(work, (packages) => {
        packages["node_modules/more"] = { version: "1.0.0", resolved: "git+ssh://git@github.com/evil/more.git#abc" };
      }),
    named: /package-lock\.json: node_modules\/more/,
    judged: false,
  },
  {
    title: "a package that nobody asked for",
    change: (work) =>
      relockNpm(work, (packages) => {
        packages["node_modules/stranger"] = {
          version: "1.0.0",
          resolved: "https://registry.npmjs.org/stranger/-/stranger-1.0.0.tgz",
          integrity: integrityOf("stranger@1.0.0"),
        };
      }),
    named: "package-lock.json is not what npm makes of package.json",
    judged: false,
  },
  {
    title: "a version that has not cooled down",
    change: (work) =>
      relockNpm(work, (packages) => {
        Object.assign(packages["node_modules/helper"] as object, {
          version: "1.2.0",
          resolved: "https://registry.npmjs.org/helper/-/helper-1.2.0.tgz",
          integrity: integrityOf("helper@1.2.0"),
        });
      }),
    named: "package-lock.json is not what npm makes of package.json",
    judged: false,
  },
  {
    title: "a package.json with a script, and its line in the lock",
    change(work) {
      edit(work, "package.json", (text) => text.replace('"private"', '"scripts": { "prepare": "evil" },\n  "private"'));
      relock(work, "package.json");
    },
    named: "package.json",
    judged: false,
  },
  {
    title: "other settings of npm",
    change: (work) => edit(work, ".npmrc", (text) => `${text}registry=https://evil.example/\n`),
    named: ".npmrc",
    judged: true,
  },
  {
    title: "an option with another value",
    change: (work) => edit(work, ".projenrc.ts", (text) => text.replace("@ml", "@evil")),
    named: ".projenrc.ts",
    judged: true,
  },
  {
    title: "a projenrc that runs something",
    change: (work) => edit(work, ".projenrc.ts", (text) => `${text}require("node:child_process");\n`),
    named: ".projenrc.ts",
    judged: true,
  },
  {
    title: "an option under another name",
    change: (work) => edit(work, ".projenrc.ts", (text) => text.replace("team:", "staff:")),
    named: ".projenrc.ts",
    judged: false,
  },
  {
    title: "a file outside",
    change: (work) => add(work, "tools/build.js", "evil()\n"),
    named: "tools/build.js",
    judged: true,
  },
  {
    title: "a file of the user's",
    change: (work) => edit(work, "src/mine.ts", () => "evil()\n"),
    named: "src/mine.ts",
    judged: true,
  },
  {
    title: "a file of the user's that the lock takes over",
    change(work) {
      edit(work, "src/mine.ts", () => "evil()\n");
      relock(work, "src/mine.ts");
    },
    named: "src/mine.ts",
    judged: true,
  },
  {
    title: "more in a seeded file than the merge",
    change: (work) => edit(work, "src/extensions.ts", (text) => `${text}evil()\n`),
    named: "src/extensions.ts",
    judged: true,
  },
  {
    title: "more in a file that moved",
    change: (work) => edit(work, "policies/HOWTO.md", (text) => `${text}evil\n`),
    named: "policies/HOWTO.md",
    judged: true,
  },
  {
    title: "a line outside a block",
    change: (work) => edit(work, "CODEOWNERS", (text) => `${text}/policies/ @evil\n`),
    named: "CODEOWNERS",
    judged: true,
  },
  {
    title: "a link in the place of a file",
    change(work) {
      rmSync(join(work, "docs/new.md"));
      symlinkSync("/etc/passwd", join(work, "docs/new.md"));
    },
    named: /"docs\/new\.md": it becomes a symbolic link/,
    judged: true,
  },
  {
    title: "a workflow that is executable",
    change: (work) => chmodSync(join(work, ".github/workflows/build.yml"), 0o755),
    named: /build\.yml": it is executable/,
    judged: true,
  },
  {
    title: "a script that is not executable",
    change: (work) => chmodSync(join(work, "scripts/deploy.sh"), 0o644),
    named: /deploy\.sh": it is not executable/,
    judged: true,
  },
  {
    title: "a journal that the next run would carry out",
    change: (work) => add(work, ".ray-platform/journal/journal.json", "{}"),
    named: ".ray-platform/journal/journal.json",
    judged: true,
  },
  {
    title: "a merge base of its own",
    change: (work) => add(work, `.ray-platform/base/${"a".repeat(64)}`, "evil\n"),
    named: ".ray-platform/base/",
    judged: true,
  },
  {
    title: "an undone edit that nobody made",
    change: (work) => add(work, ".ray-platform/rejected/scripts/deploy.sh.1.patch", "evil\n"),
    named: ".ray-platform/rejected/scripts/deploy.sh.1.patch",
    judged: true,
  },
  {
    title: "an installed package",
    change: (work) => add(work, "node_modules/evil/index.js", "evil()\n"),
    named: "node_modules/evil/index.js",
    judged: true,
  },
  {
    title: "a generated file that the lock gives to the user",
    change: (work) =>
      edit(work, ".ray-platform/lock.json", (text) =>
        text.replace('"files"', '"ownFiles": ["policies/x.rego"],\n  "files"'),
      ),
    named: "policies/x.rego",
    judged: true,
  },
  {
    title: "a lock of an older version",
    change: (work) => edit(work, ".ray-platform/lock.json", (text) => text.replace('"0.2.0"', '"0.0.1"')),
    named: ".ray-platform/lock.json",
    judged: true,
  },
  {
    title: "a path out of the repository",
    patch: (text) =>
      `${text}diff --git a/../out b/../out\nnew file mode 100644\n--- /dev/null\n+++ b/../out\n@@ -0,0 +1 @@\n+evil\n`,
    named: "git apply failed",
    judged: true,
  },
  {
    title: "a hook of git's",
    patch: (text) =>
      `${text}diff --git a/.git/hooks/x b/.git/hooks/x\nnew file mode 100755\n--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+evil\n`,
    named: "git apply failed",
    judged: true,
  },
];

describe("a hostile upgrade", () => {
  let run: UpgradeRun;
  let patch: Buffer;
  let digest: string;
  let tree: string;
  const file = () => join(run.directory, "artifacts/upgrade/upgrade.patch");
  beforeAll(() => {
    run = new UpgradeRun(versions, { helper: { "1.0.0": 50, "1.1.0": 20, "1.2.0": 2 } });
    run.job("readiness");
    run.job("regenerate");
    patch = readFileSync(file());
    digest = run.output("regenerate", "digest");
    run.job("verify");
    tree = run.output("verify", "tree");
  });
  beforeEach(() => writeFileSync(file(), patch));

  // What the third job judges by itself it refuses even if the second runner was taken over too; the rest is the second's.
  test.each(HOSTILE.map((form) => [form.title, form] as const))("%s is not pushed", (_title, form) => {
    run.tamper(form.change ?? (() => {}), form.patch);
    const { result, output } = run.job(form.judged ? "propose" : "verify");
    expect([result, reasonsIn(output)]).toEqual(["failure", expect.stringMatching(form.named)]);
    expect(output).not.toMatch(/^ {4}at /m);
    expect(run.pushed()).toBeUndefined();
  });

  test("is refused by the second job before anything of it is installed", () => {
    run.tamper(evilWorkflow);
    const { result, output } = run.job("verify");
    expect([result, reasonsIn(output)]).toEqual(["failure", expect.stringContaining(".github/workflows/evil.yml")]);
    expect(output).not.toContain("installing it");
  });

  test("of which only the digest is right is not pushed", () => {
    run.tamper(evilWorkflow);
    run.forge("regenerate", "digest", digest);
    expect(run.job("verify")).toMatchObject({
      result: "failure",
      output: expect.stringContaining("is not the patch that was made"),
    });
    run.forge("verify", "tree", tree);
    expect(run.job("propose")).toMatchObject({
      result: "failure",
      output: expect.stringContaining("is not the patch that was made"),
    });
  });

  test("that was not the one that was verified is not pushed", () => {
    run.tamper(() => {});
    run.forge("verify", "tree", "0".repeat(40));
    expect(run.job("propose")).toMatchObject({ result: "failure", output: expect.stringContaining("was verified") });
  });
});

describe("what was published is verified before it runs", () => {
  test.each([
    [
      "a package without the signature of a registry that signs",
      { missing: ["helper"] },
      "helper@1.0.0: missing registry signature",
    ],
    ["a wrong signature", { invalid: ["ray-platform"] }, "ray-platform@0.2.0: invalid registry signature"],
    ["no provenance", { builtFrom: null }, "has no provenance"],
    ["the provenance of another repository", { builtFrom: "https://github.com/evil/x" }, "https://github.com/evil/x"],
  ])("%s", (_title, registry, named) => {
    const run = new UpgradeRun(versions, registry);
    const { job, result, output } = walk(run);
    expect([job, result, output]).toEqual(["verify", "failure", expect.stringContaining(named)]);
    expect(output).not.toContain("rendering again");
  });
});
