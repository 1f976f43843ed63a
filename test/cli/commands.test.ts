// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { checkReport, diffReport, lockCheckReport, statusReport, updateReport } from "../../src/reports/file-reports";
import { compileForChildren } from "../sync/compiled-for-children";
import { snapshot } from "../sync/crash-scenario";
import { leaveJournal } from "../sync/sealed";
import { compileVersions, FixtureRepository, type Versions } from "./fixture-repository";

const PROJENRC = `import { RayPlatformProject } from "ray-platform";

const project = new RayPlatformProject({
  title: "Build", // what people see
});
project.synth();
`;

let versions: Versions;
let repository: FixtureRepository;

beforeAll(() => {
  versions = compileVersions("commands");
});

beforeEach(() => {
  repository = new FixtureRepository(versions.first, PROJENRC);
});

describe("check", () => {
  test("of a repository as generated is 0", () => {
    expect(repository.run("check")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^versions, images .*\nclean\n$/),
    });
  });

  test("of an edited managed file is 2, with and without rendering", () => {
    repository.write("docs/removed.md", "edited\n");
    expect(repository.run("check").code).toBe(2);
    expect(repository.run("check", "--lock-only")).toMatchObject({
      code: 2,
      out: expect.stringMatching(/^edited +docs\/removed.md\n/),
    });
  });

  test("of options that were changed without regenerating is 3", () => {
    repository.replace(".projenrc.ts", '"Build"', '"Other"');
    expect(repository.run("check").code).toBe(3);
    expect(repository.run("check", "--lock-only").code).toBe(0);
  });

  test("of a lock that was changed together with a file is found by rendering", () => {
    repository.write("docs/removed.md", "edited\n");
    const hash = createHash("sha256").update("edited\n").digest("hex");
    repository.write(
      ".ray-platform/lock.json",
      repository.read(".ray-platform/lock.json").replace(/("docs\/removed.md".*"sha256":")[0-9a-f]+/, `$1${hash}`),
    );
    expect(repository.run("check", "--lock-only").code).toBe(0);
    expect(repository.run("check").code).toBe(3);
  });

  test("of an edit on both sides is 4", () => {
    repository.replace(".projenrc.ts", '"Build"', '"Other"');
    repository.write(".github/workflows/build.yml", "mine\n");
    expect(repository.run("check").code).toBe(4);
  });

  test("that fails is 1, and says why without a stack trace of ours", () => {
    expect(repository.run("check", "--nonsense")).toMatchObject({
      code: 1,
      err: expect.stringContaining("'--nonsense'"),
    });
    repository.write(".ray-platform/lock.json", "{");
    expect(repository.run("check").err).not.toContain("    at ");
  });

  test("runs no task, trusts no tasks.json, and writes nothing", () => {
    repository.write(
      ".projen/tasks.json",
      JSON.stringify({ tasks: { default: { name: "default", steps: [{ exec: "touch stolen" }] } } }),
    );
    const before = snapshot(repository.root, ".ray-platform");
    expect(repository.run("check").code).toBe(2);
    expect(repository.exists("stolen")).toBe(false);
    expect(snapshot(repository.root, ".ray-platform")).toEqual(before);
  });

  test("fails if the projenrc ends the process, or synthesizes a second project: nothing was compared then", () => {
    repository.write("docs/removed.md", "edited\n");
    repository.write(".projenrc.ts", `${PROJENRC}process.exit(0);\n`);
    expect(repository.run("check")).toMatchObject({
      code: 1,
      err: expect.stringContaining("the projenrc ended the process"),
    });
    repository.write(".projenrc.ts", `${PROJENRC}new RayPlatformProject({ title: "Other" }).synth();\n`);
    for (const command of ["check", "diff", "projenrc"]) {
      expect(repository.run(command)).toMatchObject({
        code: 1,
        err: expect.stringContaining("more than one RayPlatformProject"),
      });
    }
    expect(repository.read(".github/workflows/build.yml")).toBe("name: Build\n");
  });

  test("shows the modes that a regeneration would change: a lost executable bit is an edit, a writable file is told", () => {
    chmodSync(join(repository.root, "docs/removed.md"), 0o644);
    const { code, out } = repository.run("check");
    expect([code, out]).toEqual([0, expect.stringContaining("docs/removed.md is writable")]);
    expect(repository.run("diff").out).toContain("docs/removed.md is writable");
  });

  test("--json is one object, whatever the projenrc prints", () => {
    repository.replace(".projenrc.ts", "project.synth", 'console.log("noise");\nproject.synth');
    const { out, err } = repository.run("check", "--json");
    expect(checkReport.read(out)).toMatchObject({ exitCode: 0, generator: "0.1.0" });
    expect(err).toContain("noise");
  });
});

test.each(["diff", "status"])("%s of a path that is not generated says so", (command) => {
  const { code, err } = repository.run(command, "docs/nowhere.md");
  expect([code, err]).toEqual([1, expect.stringContaining("no generated file matches docs/nowhere.md")]);
});

test("status shows edited files alone, or those of a directory", () => {
  repository.write("docs/removed.md", "edited\n");
  expect(repository.run("status", "--edited").out).toMatch(/docs\/removed\.md\n1 files, 1 of them/);
  expect(repository.run("status", "docs").out).not.toContain("CODEOWNERS");
});

test("a command that does not exist is corrected", () => {
  expect(repository.run("stats")).toMatchObject({ code: 1, err: expect.stringContaining("did you mean status?") });
});

describe("diff", () => {
  test("is a unified diff of what would change, and writes nothing", () => {
    repository.replace(".projenrc.ts", '"Build"', '"Other"');
    const before = repository.read(".github/workflows/build.yml");
    const { code, out } = repository.run("diff");
    expect(code).toBe(0);
    expect(out).toContain(
      "--- a/.github/workflows/build.yml\n+++ b/.github/workflows/build.yml\n@@ -1 +1 @@\n-name: Build\n+name: Other\n",
    );
    expect(repository.read(".github/workflows/build.yml")).toBe(before);
  });

  test("--stat counts lines", () => {
    repository.replace(".projenrc.ts", '"Build"', '"Other"');
    expect(repository.run("diff", "--stat").out).toContain(".github/workflows/build.yml  +1 -1\n");
  });

  test("takes paths", () => {
    repository.replace(".projenrc.ts", '"Build"', '"Other"');
    repository.write("docs/removed.md", "edited\n");
    expect(repository.run("diff", "docs").out).not.toContain("build.yml");
    expect(repository.run("diff", "docs").out).toContain("docs/removed.md");
  });
});

describe("status", () => {
  test("names owner, edit, component and version of every file", () => {
    repository.write("docs/removed.md", "edited\n");
    expect(repository.run("status").out).toMatch(/^managed {2}edited {2}Managed +0\.1\.0 {2}docs\/removed\.md$/m);
  });
});

test("output that nobody reads to its end is no error", () => {
  const command = 'node node_modules/ray-platform/bin/ray-platform status | true; printf "%s" "${PIPESTATUS[0]}"';
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { cwd: repository.root, encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["0", ""]);
});

test("without git, diff says that it is missing, and an edit stays where it is", () => {
  repository.write("docs/removed.md", "edited\n");
  for (const command of ["diff", "projenrc"]) {
    const { code, err } = repository.runWith({ PATH: "/nowhere" }, command);
    expect(code).toBe(1);
    expect(err).toMatch(/^git diff failed: .*git compares and merges files, and must be installed\n$/);
  }
  expect(repository.read("docs/removed.md")).toBe("edited\n");
});

test("outside of a generated repository every command says so", () => {
  rmSync(join(repository.root, ".projenrc.ts"));
  rmSync(join(repository.root, ".ray-platform"), { recursive: true });
  for (const command of ["check", "diff", "status", "projenrc"]) {
    expect(repository.run(command)).toMatchObject({
      code: 1,
      err: expect.stringContaining("there is no .projenrc.ts in"),
    });
  }
});

describe("what --json prints is of its form", () => {
  const reports = [
    { command: ["check"], form: checkReport },
    { command: ["check", "--lock-only"], form: lockCheckReport },
    { command: ["diff"], form: diffReport },
    { command: ["status"], form: statusReport },
    { command: ["update", "--installed", "--no-post"], form: updateReport },
  ];
  const read = () =>
    reports.map(({ command, form }) =>
      form.read(repository.run(...command, "--json").out).files.map(({ path }) => path),
    );

  test("for an edited file", () => {
    repository.write("docs/removed.md", "edited\n");
    for (const paths of read()) {
      expect(paths).toContain("docs/removed.md");
    }
  });

  test("while migrations are pending", () => {
    repository.install(versions.second);
    read();
  });

  test("for a repository that nothing was generated in", () => {
    rmSync(join(repository.root, ".ray-platform"), { recursive: true });
    expect(statusReport.read(repository.run("status", "--json").out).files).toEqual([]);
    diffReport.read(repository.run("diff", "--json").out);
  });
});

test("every command has a help text", () => {
  const commands = [...repository.run("--help").out.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, command]) => command!);
  expect(commands.length).toBeGreaterThan(12);
  for (const command of commands) {
    expect(repository.run(command, "--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Usage: ray-platform ${command}`),
    });
  }
  expect(repository.run("--help").out).toContain("Usage: ray-platform <command>");
  expect(repository.run("--version").out).toBe("0.1.0\n");
});

describe("a projenrc that fails", () => {
  test("ends at the user's last line, wherever the error came from", () => {
    repository.replace(
      ".projenrc.ts",
      "project.synth",
      'const port = () => new URL("nowhere").port;\nport();\nproject.synth',
    );
    const { code, err } = repository.run("projenrc");
    expect(code).toBe(1);
    expect(err).toMatch(
      /TypeError.*Invalid URL\n[\s\S]*at port \(.*\.projenrc\.ts:6:\d+\)\n {4}at .*\.projenrc\.ts:7:\d+\)?\n$/,
    );
    expect(err).not.toContain("program-modules");
  });

  test("to synthesize is no success", () => {
    repository.replace(".projenrc.ts", "project.synth();", "");
    expect(repository.run("projenrc")).toMatchObject({
      code: 1,
      err: expect.stringContaining("does it call project.synth()?"),
    });
    repository.replace(".projenrc.ts", "const project", "setTimeout(() => project.synth(), 1);\nconst project");
    expect(repository.run("projenrc")).toMatchObject({ code: 0, err: "" });
  });

  test("to synthesize is not said of one that another copy of the package has rendered", () => {
    repository.replace(".projenrc.ts", "project.synth", "void process.pid;\nproject.synth"); // A program.
    const copy = compileForChildren("commands-copy", "0.1.0");
    const command = join(copy, "bin", "ray-platform");
    const { status, stderr } = spawnSync(process.execPath, [command, "projenrc"], {
      cwd: repository.root,
      encoding: "utf8",
      env: { ...process.env, PROJEN_DISABLE_POST: "true" },
    });
    expect([status, stderr]).toEqual([0, ""]);
  });

  test("for a slip of the pen says where it is, and no more", () => {
    repository.replace(".projenrc.ts", '"Build",', '"Build" oops');
    const { code, err } = repository.run("projenrc");
    expect(code).toBe(1);
    expect(err).toMatch(/^ParseError: .*\n.*\.projenrc\.ts:4:\d+\n$/);
  });
});

describe("a version that was installed but not updated to", () => {
  test("diff shows its migrations, and what they lead to, before they run", () => {
    repository.install(versions.second);
    const before = snapshot(repository.root, ".ray-platform");
    expect(repository.run("check").code).toBe(3);
    const { code, out } = repository.run("diff");
    expect(code).toBe(0);
    expect(out).toContain("migration     title-is-heading: the option title is called heading");
    expect(out).toContain('-  title: "Build", // what people see\n+  heading: "Build", // what people see\n');
    expect(out).toContain("+on: push");
    expect(repository.read(".projenrc.ts")).toBe(PROJENRC);
    expect(snapshot(repository.root, ".ray-platform")).toEqual(before);
  });

  test("diff sees what the projenrc imports, whatever its directory is called, and no sockets", async () => {
    mkdirSync(join(repository.root, "tools/build"), { recursive: true });
    writeFileSync(join(repository.root, "tools/build/title.ts"), 'export const TITLE = "Build";\n');
    repository.write(
      ".projenrc.ts",
      `import { TITLE } from "./tools/build/title";\n${PROJENRC.replace('"Build"', "TITLE")}`,
    );
    const server = createServer().listen(join(repository.root, "socket"));
    await once(server, "listening");
    repository.install(versions.second);
    const { code, out } = repository.run("diff");
    server.close();
    expect([code, out]).toEqual([0, expect.stringContaining("+  heading: TITLE,")]);
  });
});

describe("update", () => {
  /** Moves to the version whose directory is given, as if npm had just installed it. */
  function update(...args: string[]): ReturnType<FixtureRepository["run"]> {
    repository.install(versions.second);
    return repository.run("update", "--installed", "--no-post", ...args);
  }

  test("renames an option in the source, comments and formatting kept", () => {
    update();
    expect(repository.read(".projenrc.ts")).toBe(PROJENRC.replace("title:", "heading:"));
    expect(repository.run("check").code).toBe(0);
  });

  test("carries the user's edit of a moved file along", () => {
    repository.replace("policies/README.md", "beta\n", "beta\nmine\n");
    update();
    expect(repository.exists("policies/README.md")).toBe(false);
    expect(repository.read("policies/HOWTO.md")).toBe("alpha\nbeta\nmine\n");
  });

  test("leaves a moved file deleted that the user has deleted", () => {
    unlinkSync(join(repository.root, "policies/README.md"));
    update();
    expect([repository.exists("policies/README.md"), repository.exists("policies/HOWTO.md")]).toEqual([false, false]);
  });

  test("finishes an interrupted run before it migrates", () => {
    const { files: entries } = JSON.parse(repository.read(".ray-platform/lock.json"));
    const content = "what the interrupted run was about to write\n";
    const path = ".ray-platform/rejected/x.1.patch";
    const sha256 = createHash("sha256").update(content).digest("hex");
    const operations = [{ type: "write", path, file: "0", sha256, mode: 0o644, before: "absent" }];
    leaveJournal(repository.root, { operations, generator: "0.1.0", entries }, { "0": content });
    update();
    expect(repository.read(".ray-platform/rejected/x.1.patch")).toBe(content);
  });

  test("keeps the mode of the projenrc, and migrates one in JavaScript", () => {
    renameSync(join(repository.root, ".projenrc.ts"), join(repository.root, ".projenrc.js"));
    chmodSync(join(repository.root, ".projenrc.js"), 0o640);
    expect(update().code).toBe(0);
    expect(repository.read(".projenrc.js")).toBe(PROJENRC.replace("title:", "heading:"));
    expect(statSync(join(repository.root, ".projenrc.js")).mode & 0o777).toBe(0o640);
  });

  test.each<[string, (path: string) => void]>([
    [
      "it is not UTF-8",
      (path) => writeFileSync(path, Buffer.concat([Buffer.from(PROJENRC), Buffer.from([0x2f, 0x2f, 0xe9, 10])])),
    ],
    [
      "a symbolic link is there",
      (path) => {
        renameSync(path, `${path}.real`);
        symlinkSync(".projenrc.ts.real", path);
      },
    ],
  ])("does not rewrite a projenrc where %s, says so, and changes nothing", (reason, change) => {
    change(join(repository.root, ".projenrc.ts"));
    const before = snapshot(repository.root, ".ray-platform");
    const { code, err } = update();
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(new RegExp(`^\\.projenrc\\.ts cannot be rewritten, because ${reason}.*\n$`)),
    ]);
    expect(snapshot(repository.root, ".ray-platform")).toEqual(before);
  });

  test("deletes what is no longer generated, unless the user edited it", () => {
    update();
    expect(repository.exists("docs/removed.md")).toBe(false);
    const edited = new FixtureRepository(versions.first, PROJENRC);
    edited.write("docs/removed.md", "mine\n");
    edited.install(versions.second);
    expect(edited.run("update", "--installed", "--no-post").out).toContain(
      "docs/removed.md (no longer generated; you edited it",
    );
    expect(edited.read("docs/removed.md")).toBe("mine\n");
  });

  test("merges into seeded files, and ends with 4 where that leaves a conflict", () => {
    repository.replace("src/extensions.ts", "one\n", "one, mine\n");
    expect(update().code).toBe(0);
    expect(repository.read("src/extensions.ts")).toBe("one, mine\ntwo\nthree\nfour\nfive, by us\n");
    const overlapping = new FixtureRepository(versions.first, PROJENRC);
    overlapping.replace("src/extensions.ts", "five\n", "five, mine\n");
    overlapping.install(versions.second);
    expect(overlapping.run("update", "--installed", "--no-post").code).toBe(4);
    expect(overlapping.run("check").code).toBe(4);
  });

  test("tells the security notes that concern the repository, and writes them for a pull request", () => {
    const { out } = update("--notes", "notes.md");
    expect(out).toContain("0.2.0  control CI-4: the build runs on pushes\n");
    expect(out).not.toContain("for a component that is not there");
    expect(out).not.toContain("known since the first version");
    expect(repository.read("notes.md")).toContain("- 0.2.0: control `CI-4`: the build runs on pushes");
  });

  test("elsewhere than in the root of a repository changes nothing", () => {
    const command = join(repository.root, "node_modules/ray-platform/bin/ray-platform");
    const directory = join(repository.root, "docs");
    const before = readdirSync(directory);
    const { status, stderr } = spawnSync(process.execPath, [command, "update"], { cwd: directory, encoding: "utf8" });
    expect([status, stderr]).toEqual([1, expect.stringContaining("there is no .projenrc.ts in")]);
    expect(readdirSync(directory)).toEqual(before);
  });

  test("twice is once", () => {
    update();
    const before = snapshot(join(repository.root, ".ray-platform"));
    expect(update().out).toBe("ray-platform 0.2.0: up to date\n");
    expect(snapshot(join(repository.root, ".ray-platform"))).toEqual(before);
  });

  test("to the same version does not call itself up to date when options changed", () => {
    repository.replace(".projenrc.ts", '"Build"', '"Other"');
    expect(repository.run("update", "--installed", "--no-post").out).toBe(
      "ray-platform 0.1.0\nupdated       .github/workflows/build.yml\n",
    );
  });

  test.each<[string, string | undefined]>([
    ["cannot be held, because no generator is installed", undefined],
    ["is left at a question", "process.exit(130);"],
    [
      "is ended by Ctrl-C between two questions",
      'for (const id of [process.ppid, process.pid]) process.kill(id, "SIGINT");\nsetTimeout(() => {}, 60_000);',
    ],
  ])("whose conversation %s leaves nothing behind", (_, generator) => {
    if (generator !== undefined) {
      const directory = "node_modules/generator-ray-platform";
      mkdirSync(join(repository.root, directory, "bin"), { recursive: true });
      repository.write(`${directory}/package.json`, '{ "name": "generator-ray-platform", "version": "0.2.0" }');
      repository.write(`${directory}/bin/generator-ray-platform.js`, generator);
    }
    repository.replace("policies/README.md", "beta\n", "beta\nmine\n");
    const before = everything();
    expect(update("--interactive").code).toBe(1);
    expect(everything()).toEqual(before);
    update();
    expect(repository.read("policies/HOWTO.md")).toBe("alpha\nbeta\nmine\n");
  });

  /** Every file that is not installed, with its mode. */
  function everything(): string[][] {
    const { root } = repository;
    const paths = readdirSync(root)
      .filter((name) => name !== "node_modules")
      .flatMap((name) => (statSync(join(root, name)).isDirectory() ? [...snapshot(root, name).keys()] : [name]));
    return paths.sort().map((path) => [path, statSync(join(root, path)).mode.toString(8), repository.read(path)]);
  }

  test("that cannot rewrite the projenrc says what to type, and changes nothing", () => {
    repository.write(
      ".projenrc.ts",
      PROJENRC.replace(
        'new RayPlatformProject({\n  title: "Build", // what people see\n}',
        "new RayPlatformProject(options",
      ).replace("const project", 'const options: { title?: string } = {};\noptions.title = "Build";\nconst project'),
    );
    expect(repository.run("projenrc").code).toBe(0);
    const before = snapshot(repository.root, ".ray-platform");
    const { code, err } = update();
    expect(code).toBe(1);
    expect(err).toContain("type heading instead of title there");
    expect(err).not.toContain("    at ");
    expect(err).toContain(".projenrc.ts:4:1");
    expect(snapshot(repository.root, ".ray-platform")).toEqual(before);
  });
});
