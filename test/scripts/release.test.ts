// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { PACKAGE_ROOT } from "../../src/package-root";

/** Calls functions of an ES module, in a Node.js of their own, and returns what each call returned. */
function call(module: string, name: string, calls: readonly (readonly unknown[])[]): unknown[] {
  const url = pathToFileURL(join(PACKAGE_ROOT, "scripts/release", module));
  const program = `
    import { readFileSync } from "node:fs";
    const { ${name} } = await import(${JSON.stringify(url.href)});
    const results = JSON.parse(readFileSync(0, "utf8")).map((args) => {
      try { return ${name}(...args.map((arg) => arg ?? undefined)) ?? null; } catch (error) { return { error: error.message }; }
    });
    console.log(JSON.stringify(results));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    input: JSON.stringify(calls),
  });
  if (stdout === "") {
    throw new Error(stderr);
  }
  return JSON.parse(stdout);
}

const commit = (type: string, isBreaking = false) => ({ hash: "a", type, isBreaking, subject: "x" });

test("commits are read as Conventional Commits has them", () => {
  const messages = [
    ["feat: a", { type: "feat", isBreaking: false, subject: "a" }],
    ["fix(ray, head)!: b", { type: "fix", scope: "ray, head", isBreaking: true, subject: "b" }],
    ["FEAT: c", { type: "feat", isBreaking: false, subject: "c" }],
    ["refactor: d\n\nWhy.\n\nBREAKING CHANGE: gone", { type: "refactor", isBreaking: true, subject: "d" }],
    ["docs: e\n\nBREAKING-CHANGE: gone", { type: "docs", isBreaking: true, subject: "e" }],
    ["chore: f\n\nno breaking change: it says so", { type: "chore", isBreaking: false, subject: "f" }],
    ["Merge branch 'main'", undefined],
    ["feat : g", undefined],
    ["feat:h", undefined],
    ["feat(): i", undefined],
  ] as const;
  const log = messages.map(([message], index) => `${index}\x1f${message}\n\x1e\n`).join("");
  const expected = messages.flatMap(([, found], index) =>
    found === undefined ? [] : [{ hash: String(index), ...found }],
  );
  expect(call("conventional-commits.mjs", "conventionalCommits", [[log]])).toEqual([expected]);
});

test.each([
  [undefined, [commit("docs")], "0.1.0"],
  [undefined, [], null],
  ["0.3.1", [commit("fix")], "0.3.2"],
  ["0.3.1", [commit("fix"), commit("feat")], "0.3.2"],
  ["0.3.1", [commit("fix", true)], "0.4.0"],
  ["1.2.3", [commit("perf"), commit("docs")], "1.2.4"],
  ["1.2.3", [commit("feat"), commit("fix")], "1.3.0"],
  ["1.2.3", [commit("chore", true)], "2.0.0"],
  ["1.2.3", [commit("docs"), commit("test"), commit("chore")], null],
])("after %s", (previous, commits, expected) => {
  expect(call("next-version.mjs", "nextVersion", [[previous, commits]])).toEqual([expected]);
});

describe("the changelog", () => {
  const changelog = "# Changelog\n\n## Unreleased\n\n### Added\n\n- B.\n\n## 0.1.0 - 2026-01-31\n\n- A.\n";

  test("gives its unreleased entries a version, and reads it again", () => {
    const [text] = call("changelog.mjs", "releaseEntries", [[changelog, "0.2.0", "2026-02-28"]]);
    expect(text).toContain("## Unreleased\n\n## 0.2.0 - 2026-02-28\n\n### Added\n\n- B.\n\n## 0.1.0");
    expect(call("changelog.mjs", "newestRelease", [[text], [changelog], ["# Changelog\n"]])).toEqual([
      "0.2.0",
      "0.1.0",
      null,
    ]);
    expect(
      call("changelog.mjs", "entriesOfVersion", [
        [text, "0.2.0"],
        [text, "0.1.0"],
        [text, "9.9.9"],
      ]),
    ).toEqual(["### Added\n\n- B.", "- A.", ""]);
  });

  test("a release says what users notice", () => {
    const empty = changelog.replace("### Added\n\n- B.\n\n", "");
    expect(call("changelog.mjs", "releaseEntries", [[empty, "0.2.0", "2026-02-28"]])).toEqual([
      { error: expect.stringContaining('no entries under "## Unreleased"') },
    ]);
  });
});

describe("what a release says of what is generated", () => {
  /** A package as it is published, with one thing of each kind. */
  function released(change: { readonly [path: string]: unknown } = {}): string {
    const directory = mkdtempSync(join(tmpdir(), "released-"));
    const option = { name: "awsRegion", optional: true, type: { primitive: "string" } };
    const files: Record<string, unknown> = {
      ".jsii": { types: { "a.Options": { name: "Options", datatype: true, properties: [option] } } },
      "data/controls.json": { controls: [{ id: "APP-01", sentence: "One." }] },
      "data/images.json": { images: { ray: { tag: "2.9.0" } } },
      "data/charts.json": { charts: { velero: { version: "1.0.0" } } },
      "workflows/pins.json": { actions: { "actions/checkout": { version: "v7.0.1" } }, tools: {} },
      "policies/a.rego": "# METADATA\n# custom:\n#   id: ray/a\npackage a\n",
      ...change,
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), typeof content === "string" ? content : JSON.stringify(content));
    }
    return directory;
  }

  /** The notes of a release after another, through every module that takes part. */
  function notes(before: string, after: string): string {
    const place = pathToFileURL(join(PACKAGE_ROOT, "scripts/release/")).href;
    const program = `
      const { differences, shippedFacts } = await import("${place}shipped-facts.mjs");
      const { releaseNotes } = await import("${place}release-notes.mjs");
      const [before, after] = ${JSON.stringify([before, after])};
      console.log(releaseNotes("- Entry.", differences(shippedFacts(before), shippedFacts(after))));`;
    return spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" }).stdout;
  }

  test("nothing, where nothing changed", () => {
    expect(notes(released(), released())).toBe(
      "- Entry.\n\n## What changed in what is generated\n\nNo control, policy rule, pin or option changed.\n\n",
    );
  });

  test("controls, rules, pins and options that are new, changed and gone", () => {
    const text = notes(
      released(),
      released({
        ".jsii": { types: { "a.Options": { name: "Options", datatype: true, properties: [] } } },
        "data/controls.json": {
          controls: [
            { id: "APP-01", sentence: "Another." },
            { id: "APP-02", sentence: "Two." },
          ],
        },
        "data/images.json": { images: { ray: { tag: "2.9.1" } } },
        "workflows/pins.json": { actions: { "actions/checkout": { version: "v8.0.0" } }, tools: {} },
        "policies/a.rego": "# METADATA\n# custom:\n#   id: ray/b\npackage a\n",
      }),
    );
    expect(text).toContain("### Controls\n\n- Added: `APP-02`\n- Changed: `APP-01`");
    expect(text).toContain("### Policy rules\n\n- Added: `ray/b`\n- Removed: `ray/a`");
    expect(text).toContain("`actions/checkout: v7.0.1 to v8.0.0`, `image ray: 2.9.0 to 2.9.1`");
    expect(text).toContain("### Options\n\n- Removed: `Options.awsRegion`");
  });
});

test.each([
  ["no break", [], "1.0.0", "1.0.1", false, 0],
  ["a break without version or migration", ["PROP gone"], "1.0.0", "1.1.0", false, 2],
  ["a break without migration", ["PROP gone"], "1.0.0", "2.0.0", false, 1],
  ["a break with both", ["PROP gone"], "1.0.0", "2.0.0", true, 0],
  ["a break below 1.0.0", ["PROP gone"], "0.1.0", "0.2.0", true, 0],
  ["a break in a patch below 1.0.0", ["PROP gone"], "0.1.0", "0.1.1", true, 1],
])("%s", (_title, breaks, previous, next, isMigrated, missing) => {
  const before = mkdtempSync(join(tmpdir(), "before-"));
  const after = mkdtempSync(join(tmpdir(), "after-"));
  mkdirSync(join(after, "lib/migrations"), { recursive: true });
  writeFileSync(join(after, "lib/migrations", isMigrated ? "new.js" : "readme.md"), "");
  const [found] = call("api-compatibility.mjs", "missingForBreaks", [[{ breaks, previous, next, before, after }]]);
  expect(found).toHaveLength(missing);
});

test("each locked package is in the bill of materials once, under its own name", () => {
  const lock = {
    packages: {
      "": { version: "0.0.0" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b/node_modules/a": { version: "1.0.0" },
      "node_modules/c": { name: "@d/e", version: "2.0.0" },
      "node_modules/linked": { link: true },
    },
  };
  expect(call("software-bill.mjs", "lockedPackages", [[lock]])).toEqual([["@d/e@2.0.0", "a@1.0.0"]]);
});

describe("the release workflow", () => {
  const { permissions, jobs } = parse(readFileSync(join(PACKAGE_ROOT, ".github/workflows/release.yml"), "utf8"));
  const withRight = (right: string) => Object.keys(jobs).filter((id) => jobs[id].permissions?.[right] === "write");

  test("publishes without a token, by trust in one environment", () => {
    expect(permissions).toEqual({});
    expect(withRight("id-token")).toEqual(["publish"]);
    expect(jobs.publish.environment).toBe("npm");
    const text = readFileSync(join(PACKAGE_ROOT, ".github/workflows/release.yml"), "utf8");
    expect(text).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|_authToken/);
    expect(text).toContain("--provenance");
  });

  test("runs no code of the repository with a right to write", () => {
    for (const id of [...withRight("id-token"), ...withRight("contents")]) {
      const commands = jobs[id].steps.map(({ run = "" }: { run?: string }) => run).join("\n");
      expect([id, /\bnpm (?:ci|run|install|test)\b|\bnpx\b|\bnode\b/.test(commands)]).toEqual([id, false]);
    }
  });
});
