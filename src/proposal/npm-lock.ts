// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExplainedError } from "../explained-error";
import { isObject, type JsonObject, objectOf, parseObject } from "../json-object";
import { npmProcess } from "../npm-process";
import { compareVersions } from "../version-order";

/** What npm makes a lock file from. */
export interface LockSources {
  readonly manifest: Buffer;
  /** `.npmrc`, if there is one. */
  readonly settings: Buffer | undefined;
  /** The lock file that is brought up to date, if there is one. */
  readonly lock: Buffer | undefined;
}

/** A lock file, and what there is to say of it. */
export interface RefreshedLock {
  readonly lock: Buffer;
  readonly notes: readonly string[];
}

/** What npm says where each version that fits is younger than the cool-down allows. */
const TOO_YOUNG = /\bcode (?:ETARGET|ENOVERSIONS)\b/;

/**
 * Lets npm make the lock file that belongs to a package.json, and move what it leaves open to the newest versions from
 * before a day. No code of any package runs. The same sources and the same day give the same bytes, as far as the registry
 * gives the same answers. No package goes back to an older version: then the rest stays too, until the younger one has
 * cooled down.
 *
 * @param before as npm takes it: no version that was published later
 * @throws ExplainedError if npm fails
 */
export function refreshedLock(sources: LockSources, before: string): RefreshedLock {
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-lock-"));
  const file = join(directory, "package-lock.json");
  try {
    writeFileSync(join(directory, "package.json"), sources.manifest);
    for (const [name, content] of [
      [".npmrc", sources.settings],
      ["package-lock.json", sources.lock],
    ] as const) {
      if (content !== undefined) {
        writeFileSync(join(directory, name), content);
      }
    }
    const made = npm(directory, "install", before);
    if (made !== undefined) {
      throw new ExplainedError(`npm could not make package-lock.json from package.json: ${made}`);
    }
    const asked = readFileSync(file);
    const failure = npm(directory, "update", before);
    if (failure !== undefined) {
      if (!TOO_YOUNG.test(failure)) {
        throw new ExplainedError(`npm could not bring package-lock.json up to date: ${failure}`);
      }
      return { lock: asked, notes: [`package-lock.json stays: a version that it needs is younger than ${before}`] };
    }
    const updated = readFileSync(file);
    const older = wentBack(asked, updated);
    return older === undefined
      ? { lock: updated, notes: [] }
      : { lock: asked, notes: [`package-lock.json stays: ${older}, which is younger than ${before}`] };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @returns what npm says if it fails */
function npm(cwd: string, command: "install" | "update", before: string): string | undefined {
  const flags = ["--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", `--before=${before}`];
  const { command: program, args, shell } = npmProcess([command, ...flags]);
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26, shell });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

function wentBack(before: Buffer, after: Buffer): string | undefined {
  const next = packagesOf(after);
  for (const [path, { version }] of packagesOf(before)) {
    const now = next.get(path)?.version;
    if (typeof version === "string" && typeof now === "string" && compareVersions(now, version) < 0) {
      return `${path} would go back from ${version}`;
    }
  }
  return undefined;
}

/** The packages that a lock file names, by where they are installed. */
export function packagesOf(lock: Buffer): ReadonlyMap<string, JsonObject> {
  const packages = parseObject(lock.toString("utf8"))?.packages;
  return new Map(
    Object.entries(objectOf(packages)).flatMap(([path, entry]) => (isObject(entry) ? [[path, entry]] : [])),
  );
}
