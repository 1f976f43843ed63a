// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// What a synthesis may leave in cdktf.out, and what of it other jobs get. The code that synthesizes is the change's own: its output
// is data, of names that are expected and of a size that is reasonable, and no more than that.

import { parseJson } from "./read-json.mjs";
import { problemOfManifest } from "./stack-manifest.mjs";

export const DIRECTORY = "cdktf.out";
export const FORMAT = 1;

const MOST_FILES = 20_000;
/** An environment comes to half a MiB, or to one with every workload; as text in base64, this much is still one string of Node.js. */
const MOST_BYTES = 256 * 2 ** 20;
const LONGEST_PATH = 400;

const NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,127}";
const EXPECTED = [
  /^manifest\.json$/,
  new RegExp(`^stacks/${NAME}/(?:cdk\\.tf\\.json|versions\\.tf|assets/.+)$`),
  new RegExp(`^scannable/${NAME}/.+$`),
  /^(?:manifests|values)\/.+$/,
];
/** Made again, of the lock at the root of the repository, before a stack is initialized. */
const MADE_AGAIN = new RegExp(`^stacks/${NAME}/\\.terraform\\.lock\\.hcl$`);

/** Whether another job gets a file. Its path is relative to cdktf.out, with slashes. */
export function isHandedOver(path) {
  return !MADE_AGAIN.test(path);
}

/** What is wrong with files, each with its path, size and content; undefined if nothing is. */
export function problemOfFiles(files) {
  if (files.length > MOST_FILES) {
    return `there are more than ${MOST_FILES} files`;
  }
  if (files.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES) {
    return `there are more than ${MOST_BYTES / 2 ** 20} MiB`;
  }
  const seen = new Map();
  for (const { path } of files) {
    const problem = problemOfPath(path) ?? collision(path, seen);
    if (problem !== undefined) {
      return `${JSON.stringify(path.slice(0, LONGEST_PATH))}: ${problem}`;
    }
  }
  const manifest = files.find(({ path }) => path === "manifest.json");
  const problem = manifest && problemOfManifest(parseJson(manifest.content.toString("utf8")));
  return problem && `manifest.json: ${problem}`;
}

function problemOfPath(path) {
  if (path.length > LONGEST_PATH) {
    return `its path is longer than ${LONGEST_PATH} characters`;
  }
  // Neither what leads out nor what another system reads as something else.
  if (!path.split("/").every((name) => /^[\w.+@=-](?:[\w.+@= -]*[\w+@=-])?$/.test(name) && !/^\.+$/.test(name))) {
    return "its path has a name that no synthesis writes";
  }
  return EXPECTED.some((pattern) => pattern.test(path)) ? undefined : "no synthesis writes a file there";
}

/** A name that differs in case alone, and a file where another has a directory. */
function collision(path, seen) {
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length++) {
    const prefix = parts.slice(0, length).join("/");
    const kind = length === parts.length ? "file" : "directory";
    const before = seen.get(prefix.toLowerCase());
    if (before !== undefined && (before.prefix !== prefix || before.kind === "file" || kind === "file")) {
      return `${JSON.stringify(before.prefix)} is in its place`;
    }
    seen.set(prefix.toLowerCase(), { prefix, kind });
  }
  return undefined;
}
