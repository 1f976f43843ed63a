// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
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
/** A kept rendering begins with its seal. */
const SEAL = 64;
/** A generated file whose kept rendering the tests replace, so that its use shows. */
const MARKED = "docs/removed.md";

let versions: Versions;
let repository: FixtureRepository;

beforeAll(() => {
  versions = compileVersions("kept");
});

beforeEach(() => {
  repository = new FixtureRepository(versions.first, PROJENRC);
});

/** Runs previews until one keeps what it rendered: files that changed a moment ago are not trusted yet. */
function keep(): { readonly inputs: RenderingInputs; readonly rendering: string } {
  for (let run = 0; run < 3 && !existsSync(keptFile()); run++) {
    expect(repository.run("check").code).toBe(0);
  }
  return deserialize(readFileSync(keptFile()).subarray(SEAL));
}

/** Marks what a preview has kept. */
function keepAndMark(): void {
  const kept = keep();
  const rendering = readRendering(kept.rendering, repository.root);
  const marked = { ...(rendering.files.get(MARKED) as RenderedFile), content: Buffer.from("kept") };
  const files = new Map([...rendering.files, [MARKED, marked]]);
  const bytes = serialize({ ...kept, rendering: writeRendering({ ...rendering, files }) });
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
  beforeEach(keepAndMark);

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

describe("a preview renders anew", () => {
  test.each<[string, () => void]>([
    ["the projenrc changed", () => repository.write(".projenrc.ts", `${PROJENRC}// edited\n`)],
    ["another projenrc appeared", () => repository.write(".projenrc.js", "")],
    ["package.json appeared", () => repository.write("package.json", "{}")],
    ["ray-platform was installed anew", () => repository.install(copyOf(versions.first))],
  ])("if %s", (_, change) => {
    keepAndMark();
    change();
    expect(isReused()).toBe(false);
  });

  test.each([
    ["projen listens to is set", "PROJEN_SOMETHING"],
    ["decides where projen writes changed", "NODE_ENV"],
  ])("if a variable that %s", (_, name) => {
    keepAndMark();
    expect(isReused({ [name]: "1" })).toBe(false);
  });

  test.each<[string, (version: string) => void]>([
    ["a module of it changed", (version) => appendFileSync(join(version, "src/sync/run/report.js"), "// patched\n")],
    ["only a module's date changed", (version) => utimesSync(join(version, "src/sync/run/report.js"), 1, 1)],
    ["its data changed", (version) => appendFileSync(join(version, "data/regions.json"), "\n")],
    ["its data has a new file", (version) => writeFileSync(join(version, "data/new.json"), "{}")],
    ["its data lacks a file", (version) => rmSync(join(version, "data/regions.json"))],
  ])("if ray-platform is the same version but %s", (_, change) => {
    const version = copyOf(versions.first);
    repository.install(version);
    keepAndMark();
    change(version);
    expect(isReused()).toBe(false);
  });

  test("if what was kept is damaged", () => {
    keepAndMark();
    writeFileSync(keptFile(), "damaged");
    expect(repository.run("check")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^versions, images .*\nclean\n$/),
    });
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
  for (let run = 0; run < 3; run++) {
    expect(repository.runWith({ NODE_OPTIONS: `--require ${touch}` }, "check").code).toBe(0);
  }
  expect(existsSync(keptFile())).toBe(false);
});

test("the modules of projen and of its dependencies are among the inputs", () => {
  const { installed } = keep().inputs;
  for (const module of ["projen/lib/project.js", "projen/package.json", "constructs/lib/construct.js"]) {
    expect([...installed.keys()]).toContain(join(ROOT, "node_modules", module));
  }
});

function copyOf(version: string): string {
  const copy = join(ROOT, "build", `${version.split("/").pop()}-copy`);
  rmSync(copy, { recursive: true, force: true });
  cpSync(version, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}
