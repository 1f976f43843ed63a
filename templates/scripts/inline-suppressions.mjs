// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { listedFiles, listedLinks } from "./listed-files.mjs";
import { isObject, isThere, readBytes, readObject } from "./read-json.mjs";

/** Files of prose, which none of the scanners of code reads. */
const CODE = /(?<!\.md)$/i;
const SCRIPTS = /\.(?:[cm]?[jt]sx?|ya?ml|html?|vue|py|go)$/i;

/**
 * Comments that silence a scanner, in the files in which it heeds them, in every spelling that a scanner takes or might come to take. A
 * pattern ends where a list begins, and looks no further than a line of any use: to look for an end from each of many beginnings would
 * take for ever.
 */
const COMMENTS = [
  { tool: "zizmor", pattern: /#[ \t]*zizmor:[ \t]*ignore\b/gi, files: /\.ya?ml$/i },
  { tool: "Gitleaks", pattern: /gitleaks:allow/gi, files: /./ },
  { tool: "Checkov", pattern: /(?:checkov|bridgecrew|cortex):skip\b/gi, files: CODE },
  // An annotation: whatever comes before and after belongs to its name.
  { tool: "Checkov", pattern: /(?:checkov|bridgecrew|cortex)\.io\/skip/gi, files: CODE },
  // Its sections come in any order: `trivy:exp:2030-01-01:ignore:ID`.
  { tool: "tfsec", pattern: /\btfsec:(?:[^\s:]{1,60}:[^\s:]{0,60}:){0,4}ignore:/gi, files: CODE },
  { tool: "Trivy", pattern: /\btrivy:(?:[^\s:]{1,60}:[^\s:]{0,60}:){0,4}ignore:/gi, files: CODE },
  { tool: "CodeQL", pattern: /\bcodeql\s{0,9}\[/gi, files: SCRIPTS },
  { tool: "CodeQL", pattern: /\blgtm\s{0,9}\[/gi, files: SCRIPTS },
  // Without the name of a query it stands at the beginning of a comment, or after a semicolon.
  { tool: "CodeQL", pattern: /(?:\/\/|\/\*|#|<!--|;)[\s*/#]{0,9}lgtm\b(?!\s{0,9}\[)/gi, files: SCRIPTS },
  {
    tool: "shellcheck in actionlint",
    pattern: /#[ \t]*shellcheck[ \t](?:[^\n#]*[ \t])?disable=/gi,
    files: /^\.github\/.*\.ya?ml$/i,
  },
];

/** How YAML and JSON write a character without naming it. */
const ESCAPE = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|U([0-9a-f]{8})|([/t ]))/gi;
const ESCAPING = /\.(?:ya?ml|json|tpl)$/i;

/** Files that silence a scanner by being there: it looks for them itself, besides or instead of the configuration that it is given. */
const FILES = [
  { tool: "Gitleaks", name: /^\.gitleaks(?:ignore|\.toml)$/i },
  { tool: "Trivy", name: /^\.trivyignore(?:\.\w+)?$/i },
  { tool: "Checkov", name: /^\.checkov\.(?:baseline|ya?ml)$/i },
  { tool: "zizmor", name: /^\.?zizmor\.ya?ml$/i },
  { tool: "OSV", name: /^osv-scanner\.toml$/i },
];

/** Characters of a suppression that are shown. */
const LONGEST = 120;

/** Where there is no git, what nobody wrote by hand. */
const DIRECTORIES = [".git", "node_modules", "build", "cdktf.out", "coverage"];
/** What regeneration keeps of other files: what they were made of, and what was not taken. */
const BASE = /^\.ray-platform\/base\/([0-9a-f]{64})$/;
const REJECTED = ".ray-platform/rejected/";

/**
 * Every suppression in files that were not generated: of those `check` says that nobody edited them. A repository that has
 * left generation keeps a list of the bytes that were.
 */
export function suppressions(root) {
  const lockFile = join(root, ".ray-platform", "lock.json");
  const { files } = readJson(lockFile);
  const lock = isObject(files) ? files : {};
  // Beside a lock nobody has left generation, and the list is somebody's own.
  const generated = isThere(lockFile) ? {} : readJson(join(root, ".ray-platform", "generated.json"));
  const isBase = (file) => BASE.exec(file)?.[1] === hashOf(readBytes(join(root, file)));
  const isGenerated = (file) =>
    (BASE.test(file) && isBase(file)) ||
    (Object.hasOwn(lock, file) && lock[file]?.class === "managed") ||
    (Object.hasOwn(generated, file) && generated[file] === hashOf(readBytes(join(root, file))));
  const inFiles = listedFiles(root, DIRECTORIES)
    .filter((file) => !isGenerated(file))
    .flatMap((file) => [
      // Who released a scanner's configuration said so in .projenrc.ts.
      ...(Object.hasOwn(lock, file) ? [] : byName(file)),
      ...byComment(root, file),
    ]);
  // A scanner follows a link of its file's name; what other links lead to is found where it is.
  return [...inFiles, ...listedLinks(root, DIRECTORIES).flatMap(byName)];
}

function byName(file) {
  return FILES.filter(({ name }) => name.test(basename(file))).map(({ tool }) => ({ file, line: 1, tool, text: file }));
}

function byComment(root, file) {
  return commentsIn(file, textOf(readBytes(join(root, file))))
    .filter(({ tool }) => tool === "Gitleaks" || !file.startsWith(REJECTED))
    .sort((one, other) => one.line - other.line);
}

/** The suppressions in a text that is, or will be, at a path. */
export function commentsIn(file, text) {
  // A comment is read as it is written, and a string as what it says.
  const readings = ESCAPING.test(file) ? [text, joined(text).replace(ESCAPE, unescaped)] : [text];
  return COMMENTS.filter(({ files }) => files.test(file)).flatMap(({ tool, pattern }) => {
    const found = readings.flatMap((read) => occurrences(read, pattern));
    const lines = new Map(found.map((one) => [one.line, one]));
    return [...lines.values()].map((one) => ({ file, tool, ...one }));
  });
}

/** The text with what a backslash continues on its first line; empty lines keep the numbers of those that follow. */
function joined(text) {
  let continued = 0;
  return text
    .split(/(\\?\r?\n)/)
    .map((part, index) => {
      if (index % 2 === 0) {
        return continued === 0 ? part : part.trimStart();
      }
      if (part.startsWith("\\")) {
        continued += 1;
        return "";
      }
      const ends = "\n".repeat(continued + 1);
      continued = 0;
      return ends;
    })
    .join("");
}

/** Scanners read YAML in UTF-16 too. */
function textOf(bytes) {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) {
    return bytes.toString("utf16le");
  }
  return first === 0xfe && second === 0xff
    ? Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
        .swap16()
        .toString("utf16le")
    : bytes.toString("utf8");
}

/** The character of an escape; one that ends a line stays as it is, so that lines keep their numbers. */
function unescaped(written, four, two, eight, itself) {
  if (itself !== undefined) {
    return itself.toLowerCase() === "t" ? "\t" : itself;
  }
  const code = Number.parseInt(four ?? two ?? eight, 16);
  return code <= 0x10ffff && code !== 0x0a ? String.fromCodePoint(code) : written;
}

/** Where a pattern occurs in a text, once a line, and what stands there. */
function occurrences(text, pattern) {
  const found = [];
  let line = 1;
  let end = endOfLine(text, 0);
  let last = 0;
  for (const { index } of text.matchAll(pattern)) {
    for (; end < index; end = endOfLine(text, end + 1)) {
      line += 1;
    }
    if (line !== last) {
      const [shown] = /^[^\]\n]*\]?/.exec(text.slice(index, index + LONGEST));
      found.push({ line, text: shown.trim() });
      last = line;
    }
  }
  return found;
}

function endOfLine(text, start) {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}

function hashOf(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Of a file that need not be there. */
function readJson(path) {
  return isThere(path) ? readObject(path) : {};
}
