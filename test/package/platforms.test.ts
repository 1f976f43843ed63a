// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, win32 } from "node:path";
import { pathToFileURL } from "node:url";
import { npmProcess } from "../../src/npm-process";
import { PACKAGE_ROOT } from "../../src/package-root";
import { portable, portableRelative } from "../../src/portable-path";
import { pathProblem } from "../../src/sync/files/project-path";
import { filesOf } from "../options/resolve";

describe("a path in a file, a report or a message has slashes", () => {
  test.each([
    [
      "C:\\platform",
      "C:\\platform\\cdktf.out\\stacks\\dev-cluster\\cdk.tf.json",
      "cdktf.out/stacks/dev-cluster/cdk.tf.json",
    ],
    ["C:\\platform\\docs", "C:\\platform\\src\\main.ts", "../src/main.ts"],
    ["c:\\Platform", "C:\\platform\\a b\\c", "a b/c"],
    ["C:\\platform", "D:\\other", "D:/other"],
    ["C:\\platform", "C:\\platform", ""],
  ])("on Windows, from %s to %s", (from, to, expected) => {
    expect(portableRelative(from, to, win32)).toBe(expected);
  });

  test("elsewhere a backslash is a character of a name", () => {
    expect(portableRelative("/platform", "/platform/a\\b", posix)).toBe("a\\b");
    expect(portable("a\\b", posix)).toBe("a\\b");
    expect(portable("a\\b", win32)).toBe("a/b");
  });

  test("and is made by that module alone", () => {
    const own = readdirSync(join(PACKAGE_ROOT, "src"), { recursive: true, encoding: "utf8" })
      .map((path) => portable(path))
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
      .filter((path) => /\brelative\(/.test(readFileSync(join(PACKAGE_ROOT, "src", path), "utf8")));
    expect(own.sort()).toEqual([
      "portable-path.ts",
      // These walk within the file system, and show the way to nobody.
      "project-file-lookup.ts",
      "sync/files/staging.ts",
      "sync/store/outside-secret.ts",
    ]);
  });
});

test("the engine's paths of stacks are read as each system writes them", () => {
  const script = pathToFileURL(join(PACKAGE_ROOT, "templates", "scripts", "stack-manifest.mjs")).href;
  const problemOn = (platform: string) => {
    const program = `
      Object.defineProperty(process, "platform", { value: "${platform}" });
      const { problemOfManifest } = await import("${script}");
      const stack = { dependencies: [], workingDirectory: "stacks\\\\dev", synthesizedStackPath: "stacks\\\\dev\\\\cdk.tf.json" };
      console.log(problemOfManifest({ stacks: { dev: stack } }) ?? "none");`;
    return spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }).stdout.trim();
  };
  expect(problemOn("win32")).toBe("none");
  expect(problemOn("linux")).toMatch(/^"dev" is not/);
});

describe("npm", () => {
  test("is a program that gets its arguments as they are, where it is one", () => {
    const args = ["install", "file:/tmp/a b & c.tgz"];
    expect(npmProcess(args, "linux")).toEqual({ command: "npm", args, shell: false });
    expect(npmProcess(args, "darwin")).toEqual({ command: "npm", args, shell: false });
  });

  test.each([
    ["--no-save", "--no-save"],
    ["ray-platform@0.2.0", "ray-platform@0.2.0"],
    ["ray-platform@file:C:\\Users\\Ada Lovelace\\p.tgz", '"ray-platform@file:C:\\Users\\Ada Lovelace\\p.tgz"'],
    ["ray-platform@^0.2.0", '"ray-platform@^0.2.0"'],
    ["ray-platform@>=1 <2", '"ray-platform@>=1 <2"'],
    ["x&calc", '"x&calc"'],
    ["x|more", '"x|more"'],
    ["C:\\a b\\", '"C:\\a b\\\\"'],
  ])("is a batch file on Windows: %s is one argument of the shell's line", (argument, expected) => {
    expect(npmProcess([argument], "win32")).toEqual({ command: "npm", args: [expected], shell: true });
  });

  test.each(["%PATH%", 'a"b', "a\nb"])("on Windows %j is refused: no quotes hold it", (argument) => {
    expect(() => npmProcess([argument], "win32")).toThrow(/cannot be passed to npm on Windows/);
  });
});

describe("what is generated", () => {
  const files = Object.keys(filesOf({}));

  test("has no two names that are one where case does not count", () => {
    const seen = new Map<string, string>();
    const same = files.filter((path) => {
      const key = path.normalize("NFC").toLowerCase();
      const known = seen.get(key);
      seen.set(key, path);
      return known !== undefined && known !== path;
    });
    expect(files.length).toBeGreaterThan(100);
    expect(same).toEqual([]);
  });

  test("has no directory that is spelled in two ways", () => {
    const directories = new Set(files.flatMap((path) => parents(path)));
    expect(new Set([...directories].map((path) => path.toLowerCase())).size).toBe(directories.size);
  });

  test("has names that Windows takes", () => {
    expect(files.filter((path) => pathProblem(path) !== undefined || /[<>:"|?*\\]/.test(path))).toEqual([]);
  });

  test("fits a checkout in a directory of 100 characters, where a path may have 260", () => {
    expect(files.filter((path) => path.length > 160)).toEqual([]);
  });
});

test.each(["con", "docs/aux.md", "policies/NUL", "com1.tf", "a/LPT9.json", "prn ", "lpt\u00b9.md"])(
  "%s names a device on Windows, and no file",
  (path) => {
    expect(pathProblem(path)).toBeDefined();
  },
);

test.each([
  ".git\u200c/hooks/pre-commit",
  "a/.g\u200dit/config",
  "\uff0egit/config",
  "node_modules\u200c/x",
  "NODE_MODULES/x",
])("%s is where no generated file lies", (path) => {
  expect(pathProblem(path)).toBeDefined();
});

test.each(["console.md", "docs/auxiliary.md", "common.tf", "com10.tf", "nullable.rego"])("%s names a file", (path) => {
  expect(pathProblem(path)).toBeUndefined();
});

describe("tests that cannot run on a system", () => {
  const { notes: _notes, ...limits } = JSON.parse(
    readFileSync(join(PACKAGE_ROOT, "test", "platform-limits.json"), "utf8"),
  ) as Record<string, Record<string, string>>;
  const tests = readdirSync(join(PACKAGE_ROOT, "test"), { recursive: true, encoding: "utf8" })
    .map((path) => `test/${portable(path)}`)
    .filter((path) => path.endsWith(".test.ts"));
  const leaves = (system: string, path: string) =>
    Object.keys(limits[system] ?? {}).some((name) => path.startsWith(`${name}.`) || path.startsWith(`${name}/`));

  test("are named with the reason, and are there", () => {
    for (const [system, names] of Object.entries(limits)) {
      for (const [name, reason] of Object.entries(names)) {
        expect([name, tests.some((path) => leaves(system, path) && path.startsWith(name)), reason]).toEqual([
          name,
          true,
          expect.stringMatching(/.{10}/),
        ]);
      }
    }
  });

  test("are on Windows all that need its missing means: bash, links, bits and signals", () => {
    const needs = /"(?:bash|sh|tar)"|\/bin\/sh|symlinkSync\((?!join\(PACKAGE_ROOT)|"SIG(?:KILL|TERM)"|\bmode\b.*0o/;
    const missing = tests
      .filter((path) => !path.endsWith("platforms.test.ts") && !path.startsWith("test/refresh/"))
      .filter((path) => needs.test(readFileSync(join(PACKAGE_ROOT, path), "utf8")))
      .filter((path) => !leaves("win32", path));
    expect(missing).toEqual([]);
  });

  test("are few: most run everywhere", () => {
    expect(tests.filter((path) => leaves("win32", path)).length).toBeLessThan(tests.length / 2);
    expect(tests.filter((path) => leaves("darwin", path)).length).toBeLessThan(10);
  });
});

test("this repository itself has no two names that are one where case does not count", () => {
  const { stdout } = spawnSync("git", ["ls-files"], { cwd: PACKAGE_ROOT, encoding: "utf8" });
  const names = stdout.split("\n").filter(Boolean);
  expect(names.length).toBeGreaterThan(100);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
});

function parents(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
