// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, posix, sep } from "node:path";
import { FOUNDATION, LAYERS, ROOMS, SURFACE } from "../../projenrc/layers";
import { PACKAGE_ROOT } from "../../src/package-root";

const SOURCES = join(PACKAGE_ROOT, "src");
const DIRECTORIES = directoriesOf(SOURCES);
const MODULES = readdirSync(SOURCES)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -".ts".length));

/** A place where a module may stand, and how it reaches `src/`. */
interface Place {
  readonly directory: string;
  readonly room: string | undefined;
  readonly up: string;
}

const PLACES: Place[] = DIRECTORIES.flatMap((directory) => [
  { directory, room: undefined, up: "../" },
  ...directoriesOf(join(SOURCES, directory)).map((room) => ({ directory, room, up: "../../" })),
]);

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "layers-"));
  cpSync(SOURCES, join(copy, "src"), { recursive: true });
  cpSync(join(PACKAGE_ROOT, "biome.jsonc"), join(copy, "biome.jsonc"));
});
afterAll(() => rmSync(copy, { recursive: true }));

test("every directory and every module of src/ has its place in the layers", () => {
  expect(Object.keys(LAYERS)).toEqual(expect.arrayContaining(DIRECTORIES));
  expect([...FOUNDATION, ...SURFACE].sort()).toEqual(MODULES);
  for (const [directory, rooms] of Object.entries(ROOMS)) {
    expect(Object.keys(rooms).sort()).toEqual(directoriesOf(join(SOURCES, directory)));
  }
});

test("a layer imports only layers that stand before it", () => {
  for (const layers of [LAYERS, ...Object.values(ROOMS)]) {
    const names = Object.keys(layers);
    for (const [name, allowed] of Object.entries(layers)) {
      expect(names.slice(0, names.indexOf(name))).toEqual(expect.arrayContaining([...allowed]));
    }
  }
});

test("the linter refuses each import against the layers, and no other", () => {
  const forbidden: string[] = [];
  for (const place of PLACES) {
    for (const target of importsFrom(place)) {
      if (!target.allowed) {
        forbidden.push(`${fileOf(place)} ${target.path}`);
      }
    }
    writeFileSync(
      join(copy, fileOf(place)),
      importsFrom(place)
        .map(({ path }, index) => `import * as m${index} from "${path}";\nexport { m${index} };\n`)
        .join(""),
    );
  }
  const found = lint("style/noRestrictedImports").map(({ file, line }) => {
    const [path] = /"[^"]+"/.exec(readFileSync(join(copy, file), "utf8").split("\n")[line - 1]) ?? [];
    return `${file} ${JSON.parse(path ?? '""')}`;
  });
  expect(found.sort()).toEqual(forbidden.sort());
  expect(forbidden.length).toBeGreaterThan(100);
});

test.each([
  ["src/gates/tfsec/record.ts", "./workflow"],
  ["src/gates/index.ts", "./trivy/workflow"],
  ["src/config/state.ts", "../gates/trivy/workflow"],
  ["src/workflow-rules/dependabot.ts", "../gates/trivy/workflow"],
  ["src/gates/trivy/workflow.ts", "../../cli/main"],
])("the linter refuses that %s imports %s: code of a gate belongs to the components", (file, path) => {
  const before = readFileSync(join(copy, file), "utf8");
  const kept = lint("style/noRestrictedImports").filter((found) => found.file === file);
  writeFileSync(join(copy, file), `${before}import * as planted from "${path}";\nexport { planted };\n`);
  expect(kept).toEqual([]);
  expect(lint("style/noRestrictedImports").filter((found) => found.file === file)).toHaveLength(1);
  writeFileSync(join(copy, file), before);
});

test("what is loaded only when it is needed, which the linter does not see, keeps to the layers", () => {
  const against = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => file.endsWith(".ts") && file.includes("/"))
    .flatMap((file) => {
      const [directory] = file.split("/");
      const paths = readFileSync(join(SOURCES, file), "utf8").matchAll(/(?:require|import|resolve)\("(\.[^"]+)"\)/g);
      return [...paths]
        .map(([, path]) => posix.join(posix.dirname(file), path).split("/")[0])
        .filter((target) => ![directory, ...LAYERS[directory], ...FOUNDATION].includes(target))
        .map((target) => `${file} loads ${target}`);
    });
  expect(against).toEqual([]);
});

test("the linter refuses a cycle, of types too", () => {
  writeFileSync(join(copy, "src/sync/cycle-a.ts"), 'import type { B } from "./cycle-b";\nexport type A = B | 1;\n');
  writeFileSync(join(copy, "src/sync/cycle-b.ts"), 'import type { A } from "./cycle-a";\nexport type B = A[];\n');
  expect(lint("suspicious/noImportCycles").map(({ file }) => file)).toEqual([
    "src/sync/cycle-a.ts",
    "src/sync/cycle-b.ts",
  ]);
});

function fileOf({ directory, room }: Place): string {
  return ["src", directory, ...(room === undefined ? [] : [room]), "against-the-layers.ts"].join("/");
}

/** Everything that a module could import by its directory, by a module of it, or from the package's surface. */
function importsFrom({ directory, room, up }: Place): Array<{ readonly path: string; readonly allowed: boolean }> {
  const ways = (path: string, allowed: boolean) => [path, `${path}/module`].map((way) => ({ path: way, allowed }));
  const others = DIRECTORIES.filter((name) => name !== directory);
  const rooms = room === undefined ? {} : (ROOMS[directory] ?? {});
  return [
    ...others.flatMap((name) => ways(`${up}${name}`, LAYERS[directory].includes(name))),
    ...Object.keys(rooms)
      .filter((name) => name !== room)
      .flatMap((name) => ways(`../${name}`, rooms[room ?? ""].includes(name))),
    ...SURFACE.map((name) => ({ path: `${up}${name}`, allowed: false })),
    ...FOUNDATION.map((name) => ({ path: `${up}${name}`, allowed: true })),
    { path: "projen", allowed: false },
    { path: "projen/lib/component", allowed: true },
    { path: "cdktf", allowed: false },
    { path: "@cdktf/provider-aws", allowed: false },
  ];
}

function lint(rule: string): Array<{ readonly file: string; readonly line: number }> {
  const biome = createRequire(__filename).resolve("@biomejs/biome/bin/biome");
  const args = [biome, "lint", "--reporter=json", "--max-diagnostics=none", `--only=${rule}`, "src"];
  const { stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
  const report = JSON.parse(stdout) as {
    readonly diagnostics: ReadonlyArray<{
      readonly location: { readonly path: string; readonly start: { readonly line: number } };
    }>;
  };
  return report.diagnostics
    .map(({ location }) => ({ file: location.path.split(sep).join("/"), line: location.start.line }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

function directoriesOf(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
