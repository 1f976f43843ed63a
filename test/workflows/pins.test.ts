// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import type { PinnedAction, PinnedTool, PinTable } from "../../src/workflow-rules/pin-table";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const TABLE = "workflows/pins.json";
const ANOTHER_HASH = "b".repeat(64);

const PINNED = ["workflows", "projenrc/workflows", ".github/workflows", "verify/tools.json"];

/** The files that the command reads and writes, in a directory of their own. */
function copiedTree(): string {
  const directory = mkdtempSync(join(tmpdir(), "pins-"));
  for (const path of [...PINNED, "scripts"]) {
    cpSync(join(PACKAGE_ROOT, path), join(directory, path), { recursive: true });
  }
  symlinkSync(join(PACKAGE_ROOT, "node_modules"), join(directory, "node_modules"));
  return directory;
}

function pins(directory: string, ...options: string[]) {
  const script = join(directory, "scripts", "pins.mjs");
  return spawnSync(process.execPath, [script, ...options], { cwd: directory, encoding: "utf8" });
}

function changeTable(directory: string, change: (table: PinTable) => void): void {
  const path = join(directory, TABLE);
  const table = JSON.parse(readFileSync(path, "utf8")) as PinTable;
  change(table);
  writeFileSync(path, `${JSON.stringify(table, null, 2)}\n`);
}

/** Every occurrence of a text in the tree, as `path:line`. */
function occurrences(directory: string, text: string): string[] {
  const { stdout } = spawnSync("grep", ["-rnF", "--", text, ...PINNED], {
    cwd: directory,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((line) => line !== "");
}

const TABLE_NOW = JSON.parse(readFileSync(join(PACKAGE_ROOT, TABLE), "utf8")) as PinTable;

test("every workflow and verify/tools.json are as the table of pins says", () => {
  const { status, stdout, stderr } = pins(PACKAGE_ROOT, "--check");
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
});

describe("npm run pins", () => {
  test("a new commit of an action reaches every workflow", () => {
    const directory = copiedTree();
    const commits = Object.entries(TABLE_NOW.actions).map(([name, old], index) => ({
      name,
      old: `@${old.sha} # ${old.version}`,
      version: `v99.1.${index}`,
      sha: `${"0123456789abcdef".repeat(3).slice(0, 38)}${10 + index}`,
    }));
    changeTable(directory, ({ actions }) => {
      for (const { name, version, sha } of commits) {
        Object.assign(actions[name] as Writable<PinnedAction>, { version, sha });
      }
    });
    expect(pins(directory, "--check").status).toBe(1);
    expect(pins(directory).status).toBe(0);
    for (const { name, old, version, sha } of commits) {
      expect([name, occurrences(directory, `@${sha} # ${version}`).length, occurrences(directory, old)]).toEqual([
        name,
        occurrences(PACKAGE_ROOT, old).length,
        [],
      ]);
    }
    expect(pins(directory, "--check").status).toBe(0);
  });

  test("a new version of a program reaches every workflow and verify/tools.json", () => {
    const directory = copiedTree();
    const hash = (index: number) => `${"abcdef0123456789".repeat(4).slice(0, 62)}${10 + index}`;
    const programs = Object.entries(TABLE_NOW.tools).map(([name, old], index) => {
      const sha256 = old.sha256 && hash(index);
      const image = old.image?.replace(/[0-9a-f]{64}$/, hash(index));
      return { name, old, now: { version: `99.1.${index}`, ...(sha256 && { sha256 }), ...(image && { image }) } };
    });
    changeTable(directory, ({ tools }) => {
      for (const { name, now } of programs) {
        Object.assign(tools[name] as Writable<PinnedTool>, now);
      }
    });
    expect(pins(directory).status).toBe(0);
    for (const { name, old, now } of programs) {
      for (const key of ["version", "sha256", "image"] as const) {
        const [before, after] = [old[key], now[key]];
        if (before !== undefined && after !== undefined) {
          expect([name, occurrences(directory, after).length, occurrences(directory, before)]).toEqual([
            name,
            occurrences(PACKAGE_ROOT, before).length,
            [],
          ]);
        }
      }
    }
    expect(pins(directory, "--check").status).toBe(0);
  });

  test("changes nothing but pins", () => {
    const directory = copiedTree();
    const path = join(directory, "workflows", "tfsec.yml");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace(TABLE_NOW.tools.tfsec?.sha256 ?? "", ANOTHER_HASH).replace(/ # v7\.[\d.]+/, ""));
    expect(pins(directory).status).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test.each(["1.10", "7", "1e3"])("writes the version %s so that YAML reads it as it stands", (version) => {
    const directory = copiedTree();
    changeTable(directory, ({ tools }) => {
      Object.assign(tools.tfsec as Writable<PinnedTool>, { version });
    });
    expect(pins(directory).status).toBe(0);
    const text = readFileSync(join(directory, "workflows", "tfsec.yml"), "utf8");
    expect(text).toContain(`VERSION: "${version}"\n`);
    expect(pins(directory, "--check").status).toBe(0);
  });

  test.each([
    ["an action", "uses: actions/checkout@", "uses: acme/checkout@", "the action acme/checkout"],
    ["a program", "name: Install tfsec", "name: Install another", 'the step "Install another" downloads'],
  ])("says which file uses %s that the table does not pin, and fails", (_title, from, to, message) => {
    const directory = copiedTree();
    const path = join(directory, "workflows", "tfsec.yml");
    writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
    for (const options of [[], ["--check"]]) {
      const { status, stderr } = pins(directory, ...options);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringContaining(`workflows/tfsec.yml: workflows/pins.json does not pin`),
      });
      expect(stderr).toContain(message);
    }
  });

  test("--json names the files that differ", () => {
    const directory = copiedTree();
    changeTable(directory, ({ tools }) => {
      Object.assign(tools.opa as Writable<PinnedTool>, { version: "99.1.2" });
    });
    expect(JSON.parse(pins(directory, "--check", "--json").stdout)).toEqual({
      differing: [
        "workflows/build.yml",
        "workflows/policy.yml",
        "workflows/posture.yml",
        "workflows/terraform-apply-environment.yml",
        "workflows/terraform-plan-environment.yml",
        "workflows/terraform-plan.yml",
        "verify/tools.json",
      ],
      unknown: [],
    });
  });

  test("refuses an option that it does not know", () => {
    expect(pins(PACKAGE_ROOT, "--chekc").status).toBe(2);
  });
});

/** A pin outside of the table and of what the command writes would be left behind by a change of the table. */
test("no other file repeats a commit, checksum or digest of the table", () => {
  const values = [
    ...Object.values(TABLE_NOW.actions).map(({ sha }) => sha),
    ...Object.values(TABLE_NOW.tools).flatMap(({ sha256, image }) => [sha256, image]),
  ].filter((value) => value !== undefined);
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: PACKAGE_ROOT, encoding: "utf8" }).split("\0");
  // What `npm run refresh -- --fixtures` writes comes from the recorded answers.
  const others = files.filter(
    (file) => file !== "" && !/^(((projenrc|\.github)\/)?workflows|test\/refresh)\//.test(file),
  );
  const repeating = others.filter((file) => {
    const text = readFileSync(join(PACKAGE_ROOT, file), "utf8");
    return values.some((value) => text.includes(value));
  });
  expect(repeating).toEqual([]);
});
