// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Reads what a change may have put in a file's place, in bounded time and memory. The package has the same; this runs in jobs that
// install nothing.
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { unlike } from "./json-shape.mjs";
import { logText } from "./log-text.mjs";

/** Bytes; larger than any plan, report or lock file. */
const LARGEST = 256 * 2 ** 20;

/** Deeper than any of them goes, and no deeper than what calls itself can follow. */
const DEEPEST = 500;

/** The bytes of a file. @throws an Error in one line for a device, a pipe, and what is too large, before a byte is read */
export function readBytes(file) {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > LARGEST) {
      throw new Error(stat.isFile() ? `it is larger than ${LARGEST / 2 ** 20} MiB` : "it is not a file");
    }
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whether there is anything at a path; a link is there, wherever it leads. What cannot be looked at ends the script with 2:
 * it must not count as missing.
 */
export function isThere(file) {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return cannotBeRead(file, reasonOf(error));
  }
}

/** @throws an Error in one line for what is not JSON, or nests too deeply */
export function parseJson(text) {
  if (nestsTooDeeply(text)) {
    throw new Error(`it nests more than ${DEEPEST} deep`);
  }
  return JSON.parse(text);
}

/** The JSON of a file. What is no such file ends the script with 2 and a line that says so. */
export function readJson(file) {
  try {
    return parseJson(readBytes(file).toString("utf8"));
  } catch (error) {
    return cannotBeRead(file, error.code === "ENOENT" ? "it does not exist" : reasonOf(error));
  }
}

/**
 * The JSON object of a file. What is no such file ends the script with 2 and a line that says so.
 *
 * @param shape an example of it (json-shape.mjs): what of it the script is going to use
 */
export function readObject(file, shape = {}) {
  const value = readJson(file);
  if (!isObject(value)) {
    return cannotBeRead(file, "it is not an object in JSON");
  }
  const problem = unlike(value, shape);
  return problem === undefined ? value : cannotBeRead(file, problem);
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What an error says, without the path: the line already names it. */
function reasonOf(error) {
  return error.syscall === undefined ? error.message : error.message.split(`, ${error.syscall}`)[0];
}

/** Ends the script with 2 and a line that says so. */
export function cannotBeRead(file, problem) {
  const remedy = file.startsWith("cdktf.out/") ? "Synthesize the stacks first." : "Restore it with git.";
  console.error(logText(`${basename(process.argv[1])}: ${file} cannot be read: ${problem}. ${remedy}`));
  process.exit(2);
}

/** Whether a text opens more lists and objects within each other than DEEPEST: to parse it takes memory for each. */
function nestsTooDeeply(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) {
        at += text[at] === "\\" ? 1 : 0;
      }
    } else if (character === "[" || character === "{") {
      depth++;
      if (depth > DEEPEST) {
        return true;
      }
    } else if (character === "]" || character === "}") {
      depth--;
    }
  }
  return false;
}
