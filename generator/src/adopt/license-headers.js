// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { graceEnds, REASON } from "./grace-period.js";

/** @typedef {{ id: "*", path: string, reason: string, expires: string }} HeaderException */

/**
 * Exceptions for the files that were there before and carry no license header, so that the first build passes. They end,
 * and so are not forgotten.
 * @param {string} root
 * @param {import("../../../lib/sync/run/report.js").Report} report what the adoption generates
 * @param {Set<string>} replaced files of the user that generated ones replace
 * @returns {HeaderException[]}
 */
export function headerExceptions(root, report, replaced) {
  const generated = new Set(report.files.map(({ path }) => path));
  const left = filesWithoutHeader(root, report).filter((file) => !replaced.has(file));
  const expires = graceEnds();
  return coveringPaths(left, [...generated]).map((path) => ({
    id: "*",
    path,
    reason: REASON,
    expires,
  }));
}

/** The script that looks for headers, and what it imports. */
const SCRIPTS = ["license-headers.mjs", "log-text.mjs", "read-json.mjs"];

/** By the generated script itself, which is not in the repository yet. @param {string} root @param {import("../../../lib/sync/run/report.js").Report} report @returns {string[]} */
function filesWithoutHeader(root, report) {
  const scripts = SCRIPTS.map((name) => /** @type {const} */ ([name, generatedFile(report, `scripts/${name}`)]));
  const configuration = generatedFile(report, ".github/scanners/license-headers.json");
  if (configuration === undefined || scripts.some(([, text]) => text === undefined)) {
    return []; // The gate is off.
  }
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-headers-"));
  try {
    for (const [name, text] of scripts) {
      writeFileSync(join(directory, name), /** @type {string} */ (text));
    }
    writeFileSync(join(directory, "configuration.json"), configuration);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(directory, "license-headers.mjs"),
        ...["--root", root, "--config", join(directory, "configuration.json"), "--json"],
      ],
      { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
    );
    if (status !== 0 && status !== 1) {
      throw new Error(`the license headers could not be looked for: ${stderr}`);
    }
    return JSON.parse(stdout).map((/** @type {{ file: string }} */ { file }) => file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {import("../../../lib/sync/run/report.js").Report} report @param {string} path */
function generatedFile({ files }, path) {
  const after = files.find((file) => file.path === path || file.path.endsWith(`/${path}`))?.after;
  return after === undefined ? undefined : Buffer.from(after, "base64").toString("utf8");
}

/**
 * The fewest paths that cover files: a directory in place of its files where nothing generated is in it.
 * @param {readonly string[]} files @param {readonly string[]} others what no path may cover @returns {string[]}
 */
export function coveringPaths(files, others) {
  const paths = new Set(
    files.map((file) => {
      const parts = file.split("/");
      for (let depth = 1; depth < parts.length; depth++) {
        const directory = parts.slice(0, depth).join("/");
        if (!others.some((other) => other.startsWith(`${directory}/`))) {
          return directory;
        }
      }
      return file;
    }),
  );
  return [...paths].sort();
}
