// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Comments that silence a scanner, in the files in which it heeds them. */
const COMMENTS = [
  { tool: "zizmor", pattern: /#\s*zizmor:\s*ignore\[[^\]]*\]/, files: /\.ya?ml$/ },
  { tool: "Gitleaks", pattern: /gitleaks:allow/, files: /./ },
  { tool: "Checkov", pattern: /(?:checkov|bridgecrew):skip=\S*/, files: /(?<!\.md)$/ },
  { tool: "Checkov", pattern: /checkov\.io\/skip\d*\b/, files: /(?<!\.md)$/ },
  { tool: "tfsec", pattern: /tfsec:ignore:\S*/, files: /(?<!\.md)$/ },
  { tool: "Trivy", pattern: /trivy:ignore:\S*/, files: /(?<!\.md)$/ },
  { tool: "CodeQL", pattern: /\bcodeql\s*\[[^\]]*\]/, files: /\.(?:[cm]?[jt]sx?|ya?ml)$/ },
  { tool: "CodeQL", pattern: /(?:\/\/|#)\s*lgtm\b(?:\s*\[[^\]]*\])?/i, files: /\.(?:[cm]?[jt]sx?|ya?ml)$/ },
  { tool: "shellcheck in actionlint", pattern: /#\s*shellcheck\s+disable=\S*/, files: /^\.github\/.*\.ya?ml$/ },
];

/** Files that silence a scanner by being there: it looks for them itself, beside the configuration that it is given. */
const FILES = [
  { tool: "Gitleaks", name: /^\.gitleaksignore$/ },
  { tool: "Trivy", name: /^\.trivyignore(?:\.ya?ml)?$/ },
  { tool: "Checkov", name: /^\.checkov\.(?:baseline|ya?ml)$/ },
  { tool: "zizmor", name: /^\.?zizmor\.ya?ml$/ },
  { tool: "OSV", name: /^osv-scanner\.toml$/ },
];

/** What nobody wrote by hand, or no scanner reads. */
const DIRECTORIES = [".git", "node_modules", "build", "cdktf.out", "coverage", ".ray-platform"];

/**
 * Every suppression in files that were not generated: of those `check` says that nobody edited them. A repository that has
 * left generation keeps a list of the bytes that were.
 */
export function suppressions(root) {
  const lockFile = join(root, ".ray-platform", "lock.json");
  const lock = readJson(lockFile).files ?? {};
  // Beside a lock nobody has left generation, and the list is somebody's own.
  const generated = existsSync(lockFile) ? {} : readJson(join(root, ".ray-platform", "generated.json"));
  const isGenerated = (file) =>
    lock[file]?.class === "managed" ||
    (Object.hasOwn(generated, file) && generated[file] === hashOf(readFileSync(join(root, file))));
  return walk(root, "")
    .filter((file) => !isGenerated(file))
    .flatMap((file) => [
      // Who released a scanner's configuration said so in .projenrc.ts.
      ...(lock[file] === undefined ? byName(file) : []),
      ...byComment(root, file),
    ]);
}

function byName(file) {
  return FILES.filter(({ name }) => name.test(basename(file))).map(({ tool }) => ({ file, line: 1, tool, text: file }));
}

function byComment(root, file) {
  const patterns = COMMENTS.filter(({ files }) => files.test(file));
  const text = readFileSync(join(root, file), "utf8");
  if (text.includes("\0") || !patterns.some(({ pattern }) => pattern.test(text))) {
    return [];
  }
  return text.split("\n").flatMap((content, index) =>
    patterns.flatMap(({ tool, pattern }) => {
      const found = pattern.exec(content)?.[0];
      return found === undefined ? [] : [{ file, line: index + 1, tool, text: found }];
    }),
  );
}

function hashOf(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Of a file that need not be there. */
function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
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
