// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Checks that each source file begins with a license header: a line "Copyright <holder>" and a line
// "SPDX-License-Identifier: <id>", exactly as `.github/scanners/license-headers.json` has them, after a shebang or a generator's marker.
// A file type that the configuration does not know fails: it is decided once, not skipped for ever.
//
//   node scripts/license-headers.mjs [--root DIRECTORY] [--config FILE] [--json]
//
// --json prints the files as a list of { file, problem }. Exit code: 0 all carry it, 1 some do not, 2 git cannot list them.
import { execFileSync } from "node:child_process";
import { closeSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { basename, extname, join, relative, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { logText } from "./log-text.mjs";
import { readObject } from "./read-json.mjs";

const { values } = parseArgs({
  options: {
    root: { type: "string", default: "." },
    config: { type: "string", default: ".github/scanners/license-headers.json" },
    json: { type: "boolean" },
  },
});
const root = values.root;
const config = readObject(resolve(root, values.config));

const problems = filesOf(root)
  .filter((file) => !config.exclude.some(({ path }) => file === path || file.startsWith(`${path.replace(/\/$/, "")}/`)))
  .map((file) => [file, problemOf(file)])
  .filter(([, problem]) => problem !== undefined);
for (const [file, problem] of problems) {
  console.error(logText(`${file}: ${problem}`));
}
if (values.json) {
  console.log(JSON.stringify(problems.map(([file, problem]) => ({ file, problem }))));
}
if (problems.length > 0) {
  console.error(`\n${problems.length} file${problems.length === 1 ? "" : "s"} without the license header. It is:\n`);
  console.error(config.headers[config.headers.length - 1].map((line) => `  // ${line}`).join("\n"));
  console.error(`\n${config.hints.header}`);
}
process.exitCode = problems.length > 0 ? 1 : 0;

/** What git would commit; outside a repository, everything but what tools leave behind. */
function filesOf(directory) {
  try {
    return execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C" },
    })
      .split("\0")
      .filter((file) => file !== "" && isFile(join(directory, file)))
      .filter(isJudged);
  } catch (error) {
    if (error.code !== "ENOENT" && !/not a git repository/.test(error.stderr)) {
      console.error(`git cannot list the files: ${error.stderr || error.message}`);
      process.exit(2);
    }
    return walk(directory)
      .map((file) => relative(directory, file).split(sep).join("/"))
      .filter(isJudged);
  }
}

/** A link is no source of its own, and may lead to something without an end. */
function isFile(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isJudged(file) {
  return !(config.bookkeeping ?? []).some((prefix) => file.startsWith(prefix));
}

function walk(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      return config.toolDirectories.includes(entry.name) ? [] : walk(path);
    }
    return entry.isFile() ? [path] : [];
  });
}

/** What is wrong with a file; undefined if nothing is. */
function problemOf(file) {
  const name = basename(file);
  // Of several backups of one file the later ones are numbered.
  const extension = extname(name.replace(/(\.bak)\.\d+$/, "$1")) || name;
  const type = Object.hasOwn(config.withoutHeader, name) ? name : extension;
  if (Object.hasOwn(config.withoutHeader, type)) {
    return undefined;
  }
  const style = [name, extension]
    .filter((key) => Object.hasOwn(config.styles, key))
    .map((key) => config.styles[key])[0];
  if (style === undefined) {
    return `the file type '${extension}' is not known: ${config.hints.fileType}`;
  }
  const lines = beginningOf(join(root, file))
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .slice(0, 12);
  while (lines.length > 0 && isPreamble(lines[0])) {
    lines.shift();
  }
  const found = commentText(lines, style);
  return config.headers.some((header) => header.every((line, index) => found[index] === line))
    ? undefined
    : "the license header is missing or differs";
}

/** A header is at the beginning, and a file may be large. */
function beginningOf(path) {
  const descriptor = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(64 << 10);
    return bytes.subarray(0, readSync(descriptor, bytes)).toString("utf8");
  } finally {
    closeSync(descriptor);
  }
}

/** Lines that come before a header: a shebang, a syntax directive, a generator's marker. */
function isPreamble(line) {
  return (
    line.startsWith("#!") || /^# syntax=/.test(line) || /^(#|\/\/) ~~ Generated by \w+/.test(line) || line.trim() === ""
  );
}

/** The first comment lines without their comment signs; a style is a line prefix, or the two ends of a block. */
function commentText(lines, style) {
  if (typeof style === "string") {
    return lines.map((line) => (line.startsWith(`${style} `) ? line.slice(style.length + 1) : ""));
  }
  const [open, close] = style;
  const block = lines.join("\n");
  const end = block.indexOf(close);
  if (!block.startsWith(open) || end < 0) {
    return [];
  }
  return block
    .slice(open.length, end)
    .split("\n")
    .map((line) => line.replace(/^\s*\*?\s?/, "").trimEnd())
    .filter((line) => line !== "");
}
