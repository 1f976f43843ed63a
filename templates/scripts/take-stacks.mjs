// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Writes what another job synthesized to cdktf.out, and nothing but that: files of expected names, whose bytes are those of the
// digest that every job of the run gets. What is judged is then what is planned.
//
//   node scripts/take-stacks.mjs FILE DIGEST
//
// Ends with 1 if anything is not as it must be, and with 2 for wrong usage; then there is no cdktf.out.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { logText } from "./log-text.mjs";
import { isObject, parseJson, readBytes } from "./read-json.mjs";
import { problemOfScannable } from "./scannable-stacks.mjs";
import { DIRECTORY, FORMAT, problemOfFiles } from "./synthesized-files.mjs";

const [file, digest, ...rest] = process.argv.slice(2);
if (file === undefined || digest === undefined || rest.length > 0) {
  console.error("usage: node scripts/take-stacks.mjs FILE DIGEST");
  process.exit(2);
}
rmSync(DIRECTORY, { recursive: true, force: true });
try {
  for (const [path, content] of filesOf(packedBytes())) {
    mkdirSync(dirname(join(DIRECTORY, path)), { recursive: true });
    writeFileSync(join(DIRECTORY, path), content, { flag: "wx", mode: 0o644 });
  }
} catch (error) {
  rmSync(DIRECTORY, { recursive: true, force: true });
  console.error(logText(`take-stacks.mjs: ${error.message}`));
  process.exitCode = 1;
}

function packedBytes() {
  if (!/^[0-9a-f]{64}$/.test(digest)) {
    throw new Error("there is no digest: the stacks were not synthesized");
  }
  const bytes = readBytes(file);
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== digest) {
    throw new Error(`${file} is not what was synthesized: its SHA-256 is ${found}, and not ${digest}`);
  }
  return bytes;
}

function filesOf(bytes) {
  const packed = parseJson(bytes.toString("utf8"));
  if (!isObject(packed) || packed.format !== FORMAT || !isObject(packed.files)) {
    throw new Error(`${file} contains no synthesized stacks`);
  }
  const files = Object.entries(packed.files).map(([path, text]) => {
    if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
      throw new Error(`${JSON.stringify(path)}: it has no content`);
    }
    return [path, Buffer.from(text, "base64")];
  });
  const problem =
    problemOfFiles(files.map(([path, content]) => ({ path, size: content.length, content }))) ??
    problemOfScannable(files);
  if (problem !== undefined) {
    throw new Error(problem);
  }
  return files;
}
