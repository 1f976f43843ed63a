// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gatesCommand } from "../../src/cli/gates-command";
import { GATES } from "../../src/gates";
import { gateJobs } from "../../src/local-gates/gate-job";
import { PROGRAM_VARIABLES } from "../../src/local-gates/program-variables";
import { PACKAGE_ROOT } from "../../src/package-root";
import { gatesReport } from "../../src/reports/gates-report";
import { project, write } from "../workflows/generated-workflows";

const TFSEC_VERSION = "1.28.14";
const SARIF = JSON.stringify({ version: "2.1.0", runs: [{ results: [{ ruleId: "planted" }] }] });

/** Programs of every machine that the gates run on. */
const MACHINE = ["bash", "sh", "git", "node", "cat", "mkdir", "env", "tar", "gzip", "sha256sum", "cp", "dirname"];

const environment = { ...process.env };
let root: string;
let bin: string;

beforeEach(() => {
  root = write(project().project);
  git("init", "--quiet", "--initial-branch", "main");
  put(".gitignore", "/node_modules/\n/cdktf.out/\n/ignored\n");
  put("policies/data.json", "{}");
  mkdirSync(join(root, "node_modules"));
  commit("first");
  bin = mkdtempSync(join(tmpdir(), "gates-bin-"));
  for (const name of MACHINE) {
    const [file] = execFileSync("sh", ["-c", `command -v ${name} || true`], { encoding: "utf8" }).split("\n");
    if (file !== "") {
      symlinkSync(file as string, join(bin, name));
    }
  }
  program("npx", "mkdir -p cdktf.out/scannable && echo resource > cdktf.out/scannable/main.tf");
  process.env = { PATH: bin, HOME: environment.HOME, XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), "gates-cache-")) };
});

afterEach(() => {
  process.env = environment;
});

describe("a gate", () => {
  test("that has nothing to say is clean, and the command ends with 0", async () => {
    tfsec(
      'test -f cdktf.out/scannable/main.tf; echo \'{"runs":[{"results":[]}]}\' > tfsec.sarif.json; echo none > tfsec.lovely',
    );
    expect(await gates("--only", "tfsec")).toMatchObject({ exitCode: 0, checks: [{ outcome: "clean" }] });
  });

  test("with a finding ends the command with 2, and shows it", async () => {
    tfsec(`echo '${SARIF}' > tfsec.sarif.json; echo 'an open bucket' > tfsec.lovely; exit 1`);
    const { code, out } = await run("--only", "tfsec");
    expect([code, out]).toEqual([2, expect.stringMatching(/an open bucket[\s\S]*tfsec +FOUND/)]);
  });

  test("whose program crashes gave no verdict: the command ends with 1", async () => {
    tfsec("echo 'panic: no' >&2; exit 1");
    expect(await gates("--only", "tfsec")).toMatchObject({
      exitCode: 1,
      checks: [{ outcome: "not-run", reason: expect.stringContaining("panic: no") }],
    });
  });

  test("whose stacks cannot be synthesized gave no verdict, and stops no other", async () => {
    program("npx", "echo 'error TS2304' >&2; exit 1");
    tfsec("exit 0");
    expect(await gates("--only", "tfsec,license-header")).toMatchObject({
      checks: [{ outcome: "not-run", reason: expect.stringContaining("cannot be synthesized") }, { outcome: "clean" }],
    });
  });

  test("that only GitHub can run counts where it was asked for alone", async () => {
    const all = await gates("--only", "codeql");
    expect(all).toMatchObject({ exitCode: 1, checks: [{ outcome: "on-github" }, { outcome: "on-github" }] });
  });

  test.each([["license-header", "a header", "src/planted.ts", "export {};\n"]])(
    "%s finds %s in a file that is not committed yet",
    async (gate, _what, path, text) => {
      put(path, text);
      expect(await gates("--only", gate)).toMatchObject({
        exitCode: 2,
        checks: [{ outcome: "found", output: expect.stringContaining(path) }],
      });
    },
  );

  test.each([
    ["what it ends with and prints when it found something", "echo 'leaks found: 2'; exit 1", "found"],
    ["the same code for a failure", "echo 'cannot read the configuration'; exit 1", "not-run"],
  ])("without a report is told by %s", async (_title, script, outcome) => {
    program("gitleaks", `[[ "$1" != version && "$1" != --version ]] || { echo 8.30.1; exit; }\n${script}`);
    expect((await gates("--only", "gitleaks")).checks).toMatchObject([{ outcome }]);
  });
});

describe("a job", () => {
  test("sees what git would commit, in a copy, with the history, and leaves the working tree as it is", async () => {
    put("ignored", "not for scanners");
    put("new.txt", "new");
    tfsec(
      'ls -a > /dev/null 2>&1 || true; test ! -e ignored; test -f new.txt; git log --oneline > /dev/null; echo \'{"runs":[{"results":[]}]}\' > tfsec.sarif.json; echo > tfsec.lovely',
    );
    const before = git("status", "--porcelain", "--ignored");
    expect((await gates("--only", "tfsec")).checks).toMatchObject([{ outcome: "clean" }]);
    expect(git("status", "--porcelain", "--ignored")).toBe(before);
  });

  test("sees no credential", async () => {
    process.env.AWS_SECRET_ACCESS_KEY = "a-secret";
    process.env.NPM_TOKEN = "a-secret";
    tfsec(`env > tfsec.lovely; echo '${SARIF}' > tfsec.sarif.json; exit 1`);
    const [check] = (await gates("--only", "tfsec")).checks;
    expect(check?.output).toContain("PATH=");
    expect(check?.output).not.toContain("a-secret");
  });

  test.each([
    ["TRIVY_SEVERITY", "CRITICAL"],
    ["CKV_SKIP_CHECK", "CKV_AWS_18"],
    ["SHELLCHECK_OPTS", "--exclude=SC2086"],
    ["GITLEAKS_CONFIG_TOML", "[[allowlists]]"],
    ["ZIZMOR_MIN_SEVERITY", "high"],
    ["OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY", "/nowhere"],
    ["GIT_EXTERNAL_DIFF", "true"],
  ])("does not see %s, by which its program would judge otherwise than on GitHub", async (name, value) => {
    process.env[name] = value;
    tfsec(`env > tfsec.lovely; echo '${SARIF}' > tfsec.sarif.json; exit 1`);
    const [check] = (await gates("--only", "tfsec")).checks;
    expect(check?.output).toContain("PATH=");
    expect(check?.output).not.toContain(`${name}=`);
  });

  test("in a hook of git's works in its copy all the same, and stages nothing", async () => {
    put("new.txt", "nobody staged this");
    const before = git("status", "--porcelain");
    // What git tells a hook in a second working tree.
    process.env.GIT_DIR = join(root, ".git");
    process.env.GIT_INDEX_FILE = join(root, ".git", "index");
    tfsec('test -f new.txt; echo \'{"runs":[{"results":[]}]}\' > tfsec.sarif.json; echo > tfsec.lovely');
    expect((await gates("--only", "tfsec")).checks).toMatchObject([{ outcome: "clean" }]);
    delete process.env.GIT_DIR;
    delete process.env.GIT_INDEX_FILE;
    expect(git("status", "--porcelain")).toBe(before);
  });

  test("of Gitleaks judges the commits since the branch left the remote's default branch", async () => {
    const base = git("rev-parse", "HEAD").trim();
    git("update-ref", "refs/remotes/origin/main", base);
    git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
    put("change.txt", "a change");
    commit("second");
    program("gitleaks", 'echo "$@"; [[ "$1" != *version ]] || echo 8.30.1');
    const [check] = (await gates("--only", "gitleaks")).checks;
    expect(check?.output).toContain(`--log-opts=-m ${base}..HEAD`);
  });
});

describe("a program", () => {
  test("that is missing and cannot be downloaded is said", async () => {
    program("curl", "echo 'curl: (6) Could not resolve host' >&2; exit 6");
    expect((await gates("--only", "tfsec")).checks).toMatchObject([
      {
        outcome: "not-run",
        reason: expect.stringMatching(/^tfsec 1\.28\.14 is not on the PATH, and .*(Could not resolve|for Linux)/),
      },
    ]);
  });

  test("of another version is used where CI's cannot be had, and the table says so", async () => {
    program("curl", "exit 6");
    program("tfsec", 'echo \'{"runs":[{"results":[]}]}\' > tfsec.sarif.json; echo v9.9.9 > tfsec.lovely');
    const { code, out } = await run("--only", "tfsec");
    expect([code, out]).toEqual([0, expect.stringMatching(/tfsec +clean .*does not say that it is CI's 1\.28\.14/)]);
  });

  test("is not taken from a download with another checksum", async () => {
    program("curl", 'while [[ $# -gt 0 && "$1" != --output ]]; do shift; done\necho forged > "$2"');
    expect((await gates("--only", "tfsec")).checks).toMatchObject([
      { outcome: "not-run", reason: expect.stringMatching(/it cannot be downloaded|CI's build of it is for Linux/) },
    ]);
  });

  test("is not downloaded with --offline", async () => {
    program("curl", "echo called > /dev/stderr; exit 6");
    expect((await gates("--only", "tfsec", "--offline")).checks).toMatchObject([
      { outcome: "not-run", reason: expect.stringContaining("--offline") },
    ]);
  });

  test("stands in for its image where docker does not answer", async () => {
    program("docker", "exit 1");
    program(
      "checkov",
      `[[ "$1" != *version ]] || { echo 3.3.16; exit; }\necho "checkov $*"; echo '{"runs":[{"results":[]}]}' > checkov.sarif`,
    );
    const [check] = (await gates("--only", "checkov")).checks;
    expect(check).toMatchObject({ outcome: "clean", notes: [expect.stringContaining("in place of the image")] });
    expect(check?.output).toMatch(/^checkov --config-file \.github\/scanners\/checkov\.yml --directory \. /m);
  });
});

describe("the command", () => {
  test("names a gate that does not exist, and the nearest", async () => {
    await expect(run("--only", "tfsecc")).rejects.toThrow(/--only tfsecc: there is no such gate; did you mean tfsec\?/);
  });

  test("says where GitHub would find no workflow", async () => {
    const below = join(root, "below");
    put("below/policies/data.json", "{}");
    put("below/.github/workflows/tfsec.yml", readFileSync(join(root, ".github/workflows/tfsec.yml"), "utf8"));
    await expect(run("--only", "tfsec", below)).rejects.toThrow("not the root of its git repository");
  });

  test("tells each job that ended, and nothing but JSON with --json", async () => {
    const { err } = await run("--only", "license-header");
    expect(err).toMatch(/^License headers: clean \(\d+\.\d s\)\n$/);
    expect((await run("--only", "license-header", "--json")).err).toBe("");
  });
});

test("of every pinned program it is known by which variables it takes options", () => {
  expect(Object.keys(PROGRAM_VARIABLES).sort()).toEqual([...new Set(GATES.flatMap(({ pins }) => pins))].sort());
});

test("every job of a gate judges by a script or by an action, and every pinned program of it is provided", () => {
  const jobs = gateJobs(root);
  expect(jobs.filter(({ scripts, action }) => scripts.length === 0 && action === undefined)).toEqual([]);
  const scripts = jobs.flatMap((job) => job.scripts.map(({ run }) => run));
  expect(scripts.filter((script) => /\bcurl\b|\bnpm ci\b|projen synth/.test(script))).toEqual([]);
  for (const gate of new Set(jobs.map((job) => job.gate))) {
    const provided = jobs
      .filter((job) => job.gate === gate)
      .flatMap(({ installs, setUp, image }) => [...installs, ...setUp, ...(image === undefined ? [] : [image])]);
    expect(provided.map(({ program: name }) => name).sort()).toEqual([...gate.pins].sort());
  }
  expect(jobs.find(({ id }) => id === "tfsec")?.installs).toMatchObject([{ version: TFSEC_VERSION }]);
});

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("the command that is ended by %s", (signal) => {
  test("leaves neither a program nor a directory behind", async () => {
    const temporary = mkdtempSync(join(tmpdir(), "gates-temporary-"));
    const pids = join(temporary, "pids");
    tfsec(`trap '' INT TERM HUP; sleep 60 & echo "$$ $!" > '${pids}.new'; mv '${pids}.new' '${pids}'; wait`);
    for (const name of ["sleep", "mv"]) {
      const file = execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8", env: environment }).trim();
      symlinkSync(file, join(bin, name));
    }
    const child = spawn(process.execPath, [join(PACKAGE_ROOT, "bin", "ray-platform"), "gates", "--only", "tfsec"], {
      cwd: root,
      env: { ...process.env, TMPDIR: temporary },
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    for (let tries = 0; !existsSync(pids) && tries < 300; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const started = readFileSync(pids, "utf8").trim().split(" ").map(Number);
    child.kill(signal);
    expect(await ended).toBe(128 + constants.signals[signal]);
    // A process that was killed is there until its parent has seen it.
    const isThere = (pid: number) => /State:\s+[^ZX]/.test(textOf(`/proc/${pid}/status`));
    for (let tries = 0; started.some(isThere) && tries < 50; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(started.filter(isThere)).toEqual([]);
    expect(readdirSync(temporary)).toEqual(["pids"]);
  });
});

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** A program of the right version that runs a script otherwise. */
function tfsec(script: string): void {
  program("tfsec", `[[ "$1" != *version ]] || { echo v${TFSEC_VERSION}; exit; }\n${script}`);
}

function program(name: string, script: string): void {
  const file = join(bin, name);
  writeFileSync(file, `#!/usr/bin/env bash\nset -e\n${script}\n`);
  chmodSync(file, 0o755);
}

async function run(...given: string[]): Promise<{ code: number; out: string; err: string }> {
  const cwd = given.find((argument) => argument.startsWith("/")) ?? root;
  let [out, err] = ["", ""];
  const code = await gatesCommand(
    given.filter((argument) => argument !== cwd),
    {
      cwd,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    },
  );
  return { code, out, err };
}

async function gates(...argv: string[]) {
  return gatesReport.read((await run(...argv, "--json")).out);
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", env: environment });
}

function commit(message: string): void {
  git("add", "--all");
  git("-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", "--quiet", "--message", message);
}
