// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { checkReport, diffReport } from "../../src/reports/file-reports";
import type { RenderedFile } from "../../src/sync/files/rendered-file";
import { readRendering, writeRendering } from "../../src/sync/run/rendering-exchange";
import type { RenderingInputs } from "../../src/sync/run/rendering-inputs";
import { ROOT } from "../sync/compiled-for-children";
import { freshSeal } from "../sync/sealed";
import { compileVersions, FixtureRepository, type Versions } from "./fixture-repository";

const PROJENRC = `import { RayPlatformProject } from "ray-platform";

const project = new RayPlatformProject({ title: "Build" });
project.synth();
`;
/** A module of the package that every run loads. */
const REPORT = "src/sync/run/report.js";
/** A kept rendering begins with its seal. */
const SEAL = 64;
/** A generated file whose kept rendering the tests replace, so that its use shows. */
const MARKED = "docs/removed.md";

interface Kept {
  readonly inputs: RenderingInputs;
  readonly rendering: string;
}

let versions: Versions;
let repository: FixtureRepository;

beforeAll(() => {
  versions = compileVersions("kept");
});

beforeEach(() => {
  repository = new FixtureRepository(versions.first, PROJENRC);
});

/** Runs a command until it keeps what it rendered: files that changed a moment ago are not trusted yet. */
function keep(command = "check"): Kept {
  keepBy(() => expect(repository.run(command).code).toBe(0));
  return deserialize(readFileSync(keptFile()).subarray(SEAL));
}

function keepBy(command: () => void): void {
  rmSync(keptFile(), { force: true });
  for (let run = 0; run < 3 && !existsSync(keptFile()); run++) {
    command();
  }
}

/** Marks what a command has kept. */
function keepAndMark(command = "check"): void {
  mark(keep(command));
}

function mark(kept: Kept): void {
  const rendering = readRendering(kept.rendering, repository.root);
  const marked = { ...(rendering.files.get(MARKED) as RenderedFile), content: Buffer.from("kept") };
  keepInstead(kept.inputs, writeRendering({ ...rendering, files: new Map([...rendering.files, [MARKED, marked]]) }));
}

function keepInstead(inputs: RenderingInputs, rendering: string): void {
  const bytes = serialize({ inputs, rendering });
  writeFileSync(keptFile(), Buffer.concat([Buffer.from(freshSeal(repository.root, "rendering", bytes)), bytes]));
}

function keptFile(): string {
  return join(repository.root, "node_modules/.cache/ray-platform/rendering");
}

/** Whether a command used the marked rendering. */
function isReused(variables: Readonly<Record<string, string>> = {}, command = "check", ...args: string[]): boolean {
  const { code, out, err } = repository.runWith(variables, command, "--json", ...args);
  expect([code, err]).toEqual([expect.any(Number), ""]);
  const { files } = (command === "diff" ? diffReport : checkReport).read(out);
  return files.some(({ path, state }) => path === MARKED && state === "updated");
}

describe("a preview with nothing changed since the last one", () => {
  beforeEach(() => keepAndMark());

  test.each(["check", "diff"])("%s compares with what was rendered then", (command) => {
    expect(isReused({}, command)).toBe(true);
  });

  test("still finds an edit", () => {
    repository.write(".github/workflows/build.yml", "mine\n");
    expect(repository.run("check").out).toMatch(/^edited +\.github\/workflows\/build\.yml/m);
  });

  test("renders anew in continuous integration, and if told so", () => {
    expect(isReused({ CI: "true" })).toBe(false);
    expect(isReused({}, "check", "--no-cache")).toBe(false);
    expect(isReused({}, "diff", "--no-cache")).toBe(false);
  });
});

/** Everything that a rendering depends on, changed once. The version is a copy that a change may be made to. */
const CHANGES: ReadonlyArray<readonly [string, (version: string) => Readonly<Record<string, string>> | undefined]> = [
  ["the projenrc changed", edit(() => repository.write(".projenrc.ts", `${PROJENRC}// edited\n`))],
  ["another projenrc appeared", edit(() => repository.write(".projenrc.js", ""))],
  ["package.json appeared", edit(() => repository.write("package.json", "{}"))],
  ["ray-platform was installed anew", edit(() => repository.install(copyOf(versions.first, "again")))],
  ["a module of it changed", edit((version) => appendFileSync(join(version, REPORT), "// patched\n"))],
  ["only a module's date changed", edit((version) => utimesSync(join(version, REPORT), 1, 1))],
  ["its data changed", edit((version) => appendFileSync(join(version, "data/regions.json"), "\n"))],
  ["its data has a new file", edit((version) => writeFileSync(join(version, "data/new.json"), "{}"))],
  ["its data lacks a file", edit((version) => rmSync(join(version, "data/replacing-arguments.json")))],
  ["a variable that projen listens to is set", () => ({ PROJEN_SOMETHING: "1" })],
  ["a variable that decides where projen writes changed", () => ({ NODE_ENV: "1" })],
];

function edit(change: (version: string) => void): (version: string) => undefined {
  return (version) => {
    change(version);
    return undefined;
  };
}

test("a preview renders anew if what was kept is damaged", () => {
  keepAndMark();
  writeFileSync(keptFile(), "damaged");
  expect(repository.run("check")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^versions, images .*\nclean\n$/),
  });
});

describe("a regeneration with nothing changed since the last one", () => {
  /** Whether it took the kept rendering for its answer: one that says what lies there already leaves nothing to render. */
  function isTakenFromKept(variables: Readonly<Record<string, string>> = {}): boolean {
    rmSync(TRACE(), { force: true });
    const trace = `--require ${join(repository.root, "node_modules/trace.js")}`;
    const { code, err } = repository.runWith({ ...variables, NODE_OPTIONS: trace }, "projenrc");
    expect([code, err]).toEqual([0, expect.not.stringContaining("Error")]);
    return !readFileSync(TRACE(), "utf8").includes("/projen/lib/project.js");
  }
  const TRACE = () => join(repository.root, "node_modules/loaded");

  beforeEach(() => {
    // What a process has loaded when it ends: without projen, nothing was rendered.
    writeFileSync(
      join(repository.root, "node_modules/trace.js"),
      `process.on("exit", () => require("fs").writeFileSync(${JSON.stringify(TRACE())}, Object.keys(require.cache).join(" ")));`,
    );
    keepBy(isTakenFromKept);
  });

  test("renders nothing, and changes nothing", () => {
    const before = repository.read(".ray-platform/lock.json");
    expect(isTakenFromKept()).toBe(true);
    expect(repository.read(".ray-platform/lock.json")).toBe(before);
  });

  test.each(["true", "false"])("takes what a run with PROJEN_DISABLE_POST=%s kept, if all is installed", (value) => {
    repository.write("node_modules/.package-lock.json", "{}");
    repository.write("package-lock.json", "{}");
    expect(isTakenFromKept({ PROJEN_DISABLE_POST: value })).toBe(true);
    rmSync(join(repository.root, "package-lock.json"));
    expect(isTakenFromKept({ PROJEN_DISABLE_POST: value })).toBe(value === "true");
  });

  test.each<[string, (path: string) => void]>([
    ["edited", (path) => repository.write(path, "mine\n")],
    ["deleted", (path) => rmSync(join(repository.root, path))],
    ["made writable", (path) => chmodSync(join(repository.root, path), 0o666)],
    ["made executable", (path) => chmodSync(join(repository.root, path), 0o555)],
  ])("restores a file that was %s", (_, change) => {
    const path = ".github/workflows/build.yml";
    change(path);
    expect(isTakenFromKept()).toBe(false);
    expect([repository.read(path), statSync(join(repository.root, path)).mode & 0o777]).toEqual([
      "name: Build\n",
      0o444,
    ]);
    expect(isTakenFromKept()).toBe(true);
  });

  test("restores a lock that was edited", () => {
    const lock = repository.read(".ray-platform/lock.json");
    repository.write(".ray-platform/lock.json", lock.replace(/^.*build\.yml.*\n/m, ""));
    expect(isTakenFromKept()).toBe(false);
    expect(repository.read(".ray-platform/lock.json")).toBe(lock);
  });

  test("never writes what was kept, whatever that says", () => {
    keepAndMark();
    expect(isTakenFromKept()).toBe(false);
    expect(repository.read(MARKED)).toBe("a document that goes\n");
  });

  test("neither takes nor keeps anything in continuous integration", () => {
    expect(isTakenFromKept({ CI: "true" })).toBe(false);
    rmSync(keptFile());
    for (let run = 0; run < 2; run++) {
      expect(isTakenFromKept({ CI: "true" })).toBe(false);
    }
    expect(existsSync(keptFile())).toBe(false);
  });

  test.each(CHANGES)("renders anew, as a preview does, if %s", (_, change) => {
    const version = copyOf(versions.first);
    repository.install(version);
    keepBy(isTakenFromKept);
    expect(isTakenFromKept()).toBe(true);
    const kept = readFileSync(keptFile());
    const variables = change(version);
    mark(deserialize(kept.subarray(SEAL)));
    expect(isReused(variables)).toBe(false);
    writeFileSync(keptFile(), kept);
    expect(isTakenFromKept(variables)).toBe(false);
  });

  test("renders where the user has workflows of their own, which a run that renders judges", () => {
    expect(isTakenFromKept()).toBe(true);
    repository.write(".github/workflows/mine.yml", "name: Mine\n");
    expect(isTakenFromKept()).toBe(false);
  });

  test("says again what it says of the options", () => {
    repository.write(".projenrc.ts", PROJENRC.replace('"Build"', '"Build", release: ["docs/x.md"]'));
    for (let run = 0; run < 4; run++) {
      expect(repository.run("projenrc").err).toContain('release: "docs/x.md" matches no generated file');
    }
  });

  test("shares what it keeps with previews", () => {
    keepAndMark("projenrc");
    expect(isReused()).toBe(true);
  });
});

test("a projenrc that is a program runs every time", () => {
  repository.write(".projenrc.ts", `${PROJENRC}console.log("I ran");\n`);
  for (let run = 0; run < 2; run++) {
    expect(repository.run("check").err).toContain("I ran");
  }
});

test("nothing is kept if a module changed after the process started: it may have been loaded before", () => {
  const version = copyOf(versions.first);
  repository.install(version);
  const touch = join(repository.root, "node_modules/touch.js");
  const waits = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)";
  writeFileSync(
    touch,
    `require("fs").appendFileSync(${JSON.stringify(join(version, "src/sync/run/report.js"))}, "\\n");${waits};`,
  );
  keepBy(() => expect(repository.runWith({ NODE_OPTIONS: `--require ${touch}` }, "check").code).toBe(0));
  expect(existsSync(keptFile())).toBe(false);
});

test("the modules of projen and of its dependencies are among the inputs", () => {
  const { installed } = keep().inputs;
  for (const module of ["projen/lib/project.js", "projen/package.json", "constructs/lib/construct.js"]) {
    expect([...installed.keys()]).toContain(join(ROOT, "node_modules", module));
  }
});

function copyOf(version: string, name = "copy"): string {
  const copy = join(ROOT, "build", `${version.split("/").pop()}-${name}`);
  rmSync(copy, { recursive: true, force: true });
  cpSync(version, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}
