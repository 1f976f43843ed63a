// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { temporaryDirectory } from "./hostile-repository";

/** A script, a file that it reads, and what of it a pull request may have made of another kind, each by the path that leads to it. */
interface Reading {
  readonly script: string;
  readonly args?: readonly string[];
  readonly file: string;
  readonly content: object;
}

const STACK = { dependencies: [], synthesizedStackPath: "stacks/dev-a/cdk.tf.json", workingDirectory: "stacks/dev-a" };
const MANIFEST = { file: "cdktf.out/manifest.json", content: { stacks: { "dev-a": STACK } } };
const PLATFORM = {
  file: "src/platform/platform.json",
  content: { environments: [{ name: "dev", region: "x", images: { list: [{ repository: "a", tag: "b" }] } }] },
};
const READINGS: readonly Reading[] = [
  {
    script: "exceptions.mjs",
    file: ".ray-platform/exceptions.json",
    content: {
      exceptions: [{ option: "o", id: "i", reason: "r", expires: "2030-01-01" }],
      inlineSuppressions: [{ path: "a", reason: "r", expires: "2030-01-01" }],
    },
  },
  {
    script: "license-headers.mjs",
    file: ".github/scanners/license-headers.json",
    content: {
      exclude: [{ path: "a" }],
      headers: [["h"]],
      styles: { ".ts": "//" },
      withoutHeader: {},
      toolDirectories: ["x"],
      hints: { header: "h", fileType: "f" },
    },
  },
  {
    script: "required-checks.mjs",
    args: ["--commit", "a".repeat(40), "--minutes", "0"],
    file: ".github/settings.json",
    content: { requiredChecks: ["a"] },
  },
  { script: "awaited-stacks.mjs", args: ["dev-a"], ...MANIFEST },
  { script: "copy-provider-locks.mjs", ...MANIFEST },
  { script: "check-scannable.mjs", ...MANIFEST },
  { script: "bootstrap-changes.mjs", args: ["."], ...MANIFEST },
  {
    script: "state-object.mjs",
    args: ["dev-a"],
    file: "cdktf.out/stacks/dev-a/cdk.tf.json",
    content: { terraform: { backend: { s3: { bucket: "b", key: "k", region: "r" } } } },
  },
  { script: "lock-images.mjs", args: ["--check"], ...PLATFORM },
  { script: "mirror-images-list.mjs", args: ["images", "dev"], ...PLATFORM },
];

/** Nothing of these is what any of the places holds: a script must say so, and neither go on nor end with a stack trace. */
const OTHERS: readonly unknown[] = [null, 7, { constructor: 1 }, [[null]], "2030-99-99", "2027-02-31"];

function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const inner =
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]))
      : [];
  return path.length === 0 ? inner : [path, ...inner];
}

/** The content with another value at a place. */
function damaged(content: object, path: readonly string[], value: unknown): object {
  const copy = structuredClone(content) as Record<string, never>;
  const parent = path.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as never, copy);
  parent[path.at(-1) as string] = value;
  return copy;
}

describe("what is not what a script reads ends it with one line:", () => {
  test.each(READINGS.map((reading) => [`${reading.script}, ${reading.file}`, reading] as const))(
    "%s",
    (_, { script, args = [], file, content }) => {
      const root = temporaryDirectory();
      symlinkSync(join(PACKAGE_ROOT, "templates", "scripts"), join(root, "scripts"));
      const path = join(root, file);
      mkdirSync(dirname(path), { recursive: true });
      const start = (text: string) => {
        writeFileSync(path, text);
        return spawnSync(process.execPath, [join("scripts", script), ...args], {
          cwd: root,
          encoding: "utf8",
          timeout: 20_000,
          env: { PATH: join(root, "none"), GITHUB_API_URL: "http://127.0.0.1:1", GITHUB_REPOSITORY: "a/b" },
        });
      };
      const texts = placesOf(content).map((at, index) =>
        JSON.stringify(damaged(content, at, OTHERS[index % OTHERS.length])),
      );
      const unexplained = [...texts, "{}", "[]", "null", "{"].flatMap((text) => {
        const { status, stderr } = start(text);
        const isTold =
          stderr === "" ||
          stderr
            .trimEnd()
            .split("\n")
            .every((line) => line.length < 1000);
        const isRight = [0, 1, 2].includes(status ?? -1) && isTold && !/^ {4}at |node:internal/m.test(stderr);
        return isRight ? [] : [{ text, status, stderr: stderr.slice(0, 300) }];
      });
      expect(unexplained).toEqual([]);
      expect(start("[]").stderr).toContain(`${file} cannot be read: it is not an object in JSON`);
      rmSync(root, { recursive: true });
    },
    60_000,
  );

  test("an exception that never expires is none", () => {
    const root = temporaryDirectory();
    symlinkSync(join(PACKAGE_ROOT, "templates", "scripts"), join(root, "scripts"));
    mkdirSync(join(root, ".ray-platform"));
    for (const expires of [
      "never",
      "9999",
      "2030-13-01",
      "2030-01-32",
      "２０３０-01-01",
      "2030-01-01 ",
      ["2030-01-01"],
      true,
    ]) {
      const exceptions = [{ option: "o", id: "i", reason: "r", expires }];
      writeFileSync(join(root, ".ray-platform/exceptions.json"), JSON.stringify({ exceptions }));
      const { status, stderr } = spawnSync(process.execPath, ["scripts/exceptions.mjs"], {
        cwd: root,
        encoding: "utf8",
      });
      expect([status, stderr]).toEqual([2, expect.stringContaining("exceptions[0].expires is not what it must be")]);
    }
    rmSync(root, { recursive: true });
  });
});
