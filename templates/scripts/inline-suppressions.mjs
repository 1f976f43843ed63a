// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isObject, isThere, readBytes, readObject } from "./read-json.mjs";

/**
 * Comments that silence a scanner, in the files in which it heeds them. A pattern ends where a list begins: to look for the list's end
 * from each of many beginnings would take for ever.
 */
const COMMENTS = [
  { tool: "zizmor", pattern: /#[ \t]*zizmor:[ \t]*ignore\[/g, files: /\.ya?ml$/ },
  { tool: "Gitleaks", pattern: /gitleaks:allow/g, files: /./ },
  { tool: "Checkov", pattern: /(?:checkov|bridgecrew):skip=/g, files: /(?<!\.md)$/ },
  { tool: "Checkov", pattern: /checkov\.io\/skip\d*\b/g, files: /(?<!\.md)$/ },
  { tool: "tfsec", pattern: /tfsec:ignore:/g, files: /(?<!\.md)$/ },
  { tool: "Trivy", pattern: /trivy:ignore:/g, files: /(?<!\.md)$/ },
  { tool: "CodeQL", pattern: /\bcodeql[ \t]*\[/g, files: /\.(?:[cm]?[jt]sx?|ya?ml)$/ },
  { tool: "CodeQL", pattern: /(?:\/\/|#)[ \t]*lgtm\b/gi, files: /\.(?:[cm]?[jt]sx?|ya?ml)$/ },
  { tool: "shellcheck in actionlint", pattern: /#[ \t]*shellcheck[ \t]+disable=/g, files: /^\.github\/.*\.ya?ml$/ },
];

/** Files that silence a scanner by being there: it looks for them itself, beside the configuration that it is given. */
const FILES = [
  { tool: "Gitleaks", name: /^\.gitleaksignore$/ },
  { tool: "Trivy", name: /^\.trivyignore(?:\.ya?ml)?$/ },
  { tool: "Checkov", name: /^\.checkov\.(?:baseline|ya?ml)$/ },
  { tool: "zizmor", name: /^\.?zizmor\.ya?ml$/ },
  { tool: "OSV", name: /^osv-scanner\.toml$/ },
];

/** Characters of a suppression that are shown. */
const LONGEST = 120;

/** What nobody wrote by hand, or no scanner reads. */
const DIRECTORIES = [".git", "node_modules", "build", "cdktf.out", "coverage", ".ray-platform"];

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
  const isGenerated = (file) =>
    (Object.hasOwn(lock, file) && lock[file]?.class === "managed") ||
    (Object.hasOwn(generated, file) && generated[file] === hashOf(readBytes(join(root, file))));
  return walk(root, "")
    .filter((file) => !isGenerated(file))
    .flatMap((file) => [
      // Who released a scanner's configuration said so in .projenrc.ts.
      ...(Object.hasOwn(lock, file) ? [] : byName(file)),
      ...byComment(root, file),
    ]);
}

function byName(file) {
  return FILES.filter(({ name }) => name.test(basename(file))).map(({ tool }) => ({ file, line: 1, tool, text: file }));
}

function byComment(root, file) {
  const patterns = COMMENTS.filter(({ files }) => files.test(file));
  const text = readBytes(join(root, file)).toString("utf8");
  if (text.includes("\0")) {
    return [];
  }
  return patterns
    .flatMap(({ tool, pattern }) => occurrences(text, pattern).map((found) => ({ file, tool, ...found })))
    .sort((one, other) => one.line - other.line);
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

function walk(root, directory) {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    if (entry.isDirectory()) {
      return DIRECTORIES.includes(entry.name) ? [] : walk(root, path);
    }
    return entry.isFile() ? [path] : [];
  });
}
