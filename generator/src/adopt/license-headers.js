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

/** The script that looks for headers. */
const SCRIPT = "license-headers.mjs";

/** By the generated script itself, which is not in the repository yet. @param {string} root @param {import("../../../lib/sync/run/report.js").Report} report @returns {string[]} */
function filesWithoutHeader(root, report) {
  const configuration = generatedFile(report, ".github/scanners/license-headers.json");
  if (configuration === undefined || generatedFile(report, `scripts/${SCRIPT}`) === undefined) {
    return []; // The gate is off.
  }
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-headers-"));
  try {
    for (const [name, text] of scriptAndImports(report, SCRIPT)) {
      writeFileSync(join(directory, name), text);
    }
    writeFileSync(join(directory, "configuration.json"), configuration);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(directory, SCRIPT), ...["--root", root, "--config", join(directory, "configuration.json"), "--json"]],
      { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
    );
    // A script that does not start ends with 1 as well, and prints no list.
    if ((status !== 0 && status !== 1) || stdout === "") {
      throw new Error(`the license headers could not be checked: ${stderr}`);
    }
    return JSON.parse(stdout).map((/** @type {{ file: string }} */ { file }) => file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * A generated script and those that it imports, each with its text.
 * @param {import("../../../lib/sync/run/report.js").Report} report @param {string} first @returns {Map<string, string>}
 */
function scriptAndImports(report, first) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  const names = [first];
  for (const name of names) {
    const text = generatedFile(report, `scripts/${name}`);
    if (text === undefined) {
      throw new Error(`scripts/${name} is not generated, and another script imports it`);
    }
    texts.set(name, text);
    const imported = [...text.matchAll(/^(?:import|export) .*from "\.\/([^"]+)";$/gm)].map(
      ([, file]) => /** @type {string} */ (file),
    );
    names.push(...imported.filter((file) => !names.includes(file)));
  }
  return texts;
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
