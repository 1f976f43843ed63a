// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import fs, { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apply } from "../../src/sync/run/apply";
import { bookkeepingFiles } from "../../src/sync/store/bookkeeping-files";
import { renderProject } from "../../src/sync/run/render-project";
import type { RenderedFile } from "../../src/sync/files/rendered-file";
import { machine } from "../../src/sync/store/run-lock";
import { compileForChildren } from "./compiled-for-children";
import { MUTATIONS, type StoredFile } from "./crash-child";
import { AFTER, BEFORE, editAsUser, snapshot, USERS_WORDS, withoutBookkeeping } from "./crash-scenario";
import { type MiniOptions, MiniProject, temporaryDirectory } from "./mini-project";

const KILLS = 210;

/** Hundreds of runs flush to the disk: in memory they take seconds, on a busy disk minutes. */
const FAST_DIRECTORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

let start: string;
let renderFile: string;
let rendered: ReadonlyMap<string, RenderedFile>;
let before: ReadonlyMap<string, string>;
let after: ReadonlyMap<string, string>;

beforeAll(() => {
  start = mkdtempSync(join(FAST_DIRECTORY, "ray-platform-test-"));
  write(start, render(BEFORE), "1.0.0");
  editAsUser(start);
  before = withoutBookkeeping(snapshot(start));
  rendered = render(AFTER);
  renderFile = join(temporaryDirectory(), "render.json");
  const stored = [...rendered.values()].map(
    (file): StoredFile => ({ ...file, content: file.content.toString("base64") }),
  );
  writeFileSync(renderFile, JSON.stringify(stored));
  const finished = copyOfStart();
  write(finished, rendered);
  after = withoutBookkeeping(snapshot(finished));
  rmSync(finished, { recursive: true });
});

afterAll(() => rmSync(start, { recursive: true }));

function render(options: MiniOptions): ReadonlyMap<string, RenderedFile> {
  const { files } = renderProject(new MiniProject(temporaryDirectory(), options));
  return new Map([...files, ...bookkeepingFiles().map((file) => [file.path, file] as const)]);
}

function write(root: string, files: ReadonlyMap<string, RenderedFile>, version = "2.0.0"): ReturnType<typeof apply> {
  return apply({ root, version, mode: "regenerate", rendered: files, first: [], migrations: [] });
}

function copyOfStart(): string {
  const root = mkdtempSync(join(FAST_DIRECTORY, "ray-platform-test-"));
  cpSync(start, root, { recursive: true });
  return root;
}

/** Every file is as it was before, or as it is afterwards; and the user's words are somewhere. */
function expectWhole(root: string): void {
  const found = withoutBookkeeping(snapshot(root));
  for (const [path, content] of found) {
    expect([before.get(path), after.get(path)]).toContain(content);
  }
  const everything = [...found.values()].join("");
  for (const words of Object.values(USERS_WORDS)) {
    expect(everything).toContain(words);
  }
}

/** The next run brings the project to where an undisturbed run would have, and the one after that has nothing to do. */
function expectRecovery(root: string): void {
  write(root, rendered);
  // A run that died while it released its lock left nothing else to do, and the lock is stale.
  rmSync(join(root, ".ray-platform", "run.lock"), { force: true });
  expect(snapshot(root)).toEqual(after);
  const { decisions } = write(root, rendered);
  expect(decisions.filter(({ action }) => action !== "none" && action !== "keep")).toEqual([]);
}

/** Runs the child; resolves to what it printed, or to the signal that ended it. */
function run(child: string, root: string, killAt: number): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [child, root, renderFile, String(killAt)], (error, stdout) => {
      if (error === null) {
        resolve(stdout);
      } else if (typeof error.signal === "string") {
        resolve(error.signal);
      } else {
        reject(error);
      }
    });
  });
}

test(`a process that is killed at any of ${KILLS} points loses nothing`, async () => {
  const child = join(compileForChildren("crash"), "test", "sync", "crash-child.js");
  const whole = copyOfStart();
  const total = Number(await run(child, whole, 0));
  rmSync(whole, { recursive: true });
  expect(total).toBeGreaterThanOrEqual(KILLS);

  const points = Array.from({ length: KILLS }, (_, index) => 1 + Math.floor((index * total) / KILLS));
  let survived = 0;
  const worker = async (): Promise<void> => {
    for (let point = points.pop(); point !== undefined; point = points.pop()) {
      const root = copyOfStart();
      expect(await run(child, root, point)).toBe("SIGKILL");
      expectWhole(root);
      expectRecovery(root);
      rmSync(root, { recursive: true });
      survived += 1;
    }
  };
  await Promise.all([worker(), worker()]);
  expect(survived).toBe(KILLS);
}, 300_000);

describe("a file system that fails", () => {
  /** Makes the n-th change, and every one after it, fail: what a full disk looks like, and a dying process from inside. */
  function failFrom(point: number, code: string): () => number {
    let count = 0;
    for (const name of MUTATIONS) {
      const original = fs[name] as (...args: unknown[]) => unknown;
      jest.spyOn(fs, name as never).mockImplementation(((...args: unknown[]) => {
        count += 1;
        if (count < point) {
          return original.apply(fs, args);
        }
        if (name === "writeFileSync" && count === point && Buffer.isBuffer(args[1])) {
          original.apply(fs, [args[0], args[1].subarray(0, args[1].length >> 1)]); // A write may be cut short.
        }
        throw Object.assign(new Error(`${code}: ${name}`), { code });
      }) as never);
    }
    return () => count;
  }

  /** The run lock of a process that has ended: here it was this one, which has not. */
  function buryHolder(root: string): void {
    const lock = join(root, ".ray-platform", "run.lock");
    if (existsSync(lock)) {
      const holder = { pid: process.pid, started: "an earlier process of that number", host: machine() };
      writeFileSync(lock, JSON.stringify(holder));
    }
  }

  test.each([
    ["ENOSPC", 7],
    ["EIO", 3],
  ] as const)(
    "%s at changes all over a run",
    (code, step) => {
      const whole = copyOfStart();
      const count = failFrom(Number.POSITIVE_INFINITY, code);
      write(whole, rendered);
      jest.restoreAllMocks();
      const total = count();
      for (let point = 1; point <= total; point += step) {
        const root = copyOfStart();
        failFrom(point, code);
        let failed = false;
        try {
          write(root, rendered);
        } catch {
          failed = true;
        }
        jest.restoreAllMocks();
        expectWhole(root);
        if (failed) {
          buryHolder(root);
        }
        expectRecovery(root);
        rmSync(root, { recursive: true });
      }
      expect(total).toBeGreaterThanOrEqual(KILLS);
    },
    300_000,
  );

  test("a directory that cannot be written to stays as it is", () => {
    const root = copyOfStart();
    const open = fs.openSync.bind(fs);
    jest.spyOn(fs, "openSync").mockImplementation(((path: string, flags: string) => {
      if (path.startsWith(root) && flags !== "r") {
        throw Object.assign(new Error(`EROFS: read-only file system, open '${path}'`), {
          code: "EROFS",
          syscall: "open",
        });
      }
      return open(path, flags);
    }) as never);
    expect(() => write(root, rendered)).toThrow(
      expect.objectContaining({ name: "WriteError", message: expect.stringMatching(/^EROFS: .*every file is whole/) }),
    );
    jest.restoreAllMocks();
    expect(snapshot(root)).toEqual(before);
  });
});

test("Windows, which replaces no read-only file, does not stop a run", () => {
  const root = copyOfStart();
  const rename = fs.renameSync.bind(fs);
  const { platform } = process;
  Object.defineProperty(process, "platform", { value: "win32" });
  jest.spyOn(fs, "renameSync").mockImplementation((from, to) => {
    const target = fs.lstatSync(to, { throwIfNoEntry: false });
    if (target?.isFile() && (target.mode & 0o200) === 0) {
      throw Object.assign(new Error(`EPERM: operation not permitted, rename '${to}'`), { code: "EPERM" });
    }
    rename(from, to);
  });
  try {
    write(root, rendered);
  } finally {
    Object.defineProperty(process, "platform", { value: platform });
    jest.restoreAllMocks();
  }
  expect(snapshot(root)).toEqual(after);
});

test("runs that start together end well, and leave what one of them alone would have left", async () => {
  const child = join(compileForChildren("crash"), "test", "sync", "crash-child.js");
  const root = copyOfStart();
  await Promise.all([run(child, root, 0), run(child, root, 0), run(child, root, 0)]);
  expect(snapshot(root)).toEqual(after);
});

test("a file that the user changes after a crash is left alone by the recovery", async () => {
  const child = join(compileForChildren("crash"), "test", "sync", "crash-child.js");
  const whole = copyOfStart();
  const total = Number(await run(child, whole, 0));
  const root = copyOfStart();
  // Late enough for the journal to be complete, early enough for most files to be old.
  for (
    let point = Math.floor(total / 3);
    !existsSync(join(root, ".ray-platform", "journal", "journal.json"));
    point += 10
  ) {
    await run(child, root, point);
  }
  const path = join(root, "docs", "guide-9.md");
  fs.chmodSync(path, 0o644);
  writeFileSync(path, "written after the crash\n");
  write(root, rendered);
  expect([...snapshot(root).values()].join("")).toContain("written after the crash");
});
