// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { machine, withRunLock } from "../../../src/sync/store/run-lock";
import { temporaryDirectory } from "../mini-project";
import { refuse } from "../refused";

let root: string;
let lock: string;

beforeEach(() => {
  root = temporaryDirectory();
  lock = join(root, ".ray-platform", "run.lock");
  mkdirSync(join(root, ".ray-platform"));
});

afterEach(() => jest.restoreAllMocks());

test("the lock names its holder, and is gone afterwards", () => {
  const holder = withRunLock(root, () => JSON.parse(readFileSync(lock, "utf8")));
  expect(holder).toMatchObject({ pid: process.pid, host: machine() });
  expect(existsSync(lock)).toBe(false);
});

test("the lock is released when the run fails", () => {
  const fail = (): never => {
    throw new Error("no");
  };
  expect(() => withRunLock(root, fail)).toThrow("no");
  expect(existsSync(lock)).toBe(false);
});

test.each([
  ["of a process that has ended", { pid: 2 ** 22 - 1, started: "1", host: machine() }],
  [
    "of an earlier process with the number of a living one",
    { pid: process.pid, started: "an earlier time", host: machine() },
  ],
])("a lock %s is taken over", (_, holder) => {
  writeFileSync(lock, JSON.stringify(holder));
  expect(withRunLock(root, () => "ran")).toBe("ran");
});

test("a lock whose writer died before it could write is taken over", () => {
  writeFileSync(lock, "");
  utimesSync(lock, new Date(0), new Date(0));
  expect(withRunLock(root, () => "ran")).toBe("ran");
});

test.each([
  ["machine", "another machine"],
  ["container of the same name", `${hostname()} pid:[1]`],
])("a lock of another %s is respected, and the message says what to do", (_, host) => {
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 - 1, started: "1", host }));
  let now = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => {
    now += 6_000;
    return now;
  });
  expect(() => withRunLock(root, () => "ran")).toThrow("delete .ray-platform/run.lock");
  expect(existsSync(lock)).toBe(true);
});

test("a lock that cannot be read is not taken for one that is gone", () => {
  mkdirSync(lock);
  expect(() => withRunLock(root, () => "ran")).toThrow(
    ".ray-platform/run.lock, which keeps two runs apart, cannot be used",
  );
});

test("a stale lock that cannot be taken away is told at once", () => {
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 - 1, started: "1", host: machine() }));
  refuse("renameSync", lock);
  const start = Date.now();
  expect(() => withRunLock(root, () => "ran")).toThrow("cannot be used: EACCES");
  expect(Date.now() - start).toBeLessThan(5_000);
});

test("a process whose start cannot be told is not taken for a dead one", () => {
  writeFileSync(lock, JSON.stringify({ pid: 1, started: "then", host: machine() }));
  refuse("readFileSync", "/proc/1/stat");
  let now = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => {
    now += 6_000;
    return now;
  });
  const platform = Object.getOwnPropertyDescriptor(process, "platform") as PropertyDescriptor;
  Object.defineProperty(process, "platform", { ...platform, value: "linux" });
  try {
    expect(() => withRunLock(root, () => "ran")).toThrow("another run has been writing");
  } finally {
    Object.defineProperty(process, "platform", platform);
  }
});
