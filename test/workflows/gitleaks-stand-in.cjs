#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Stands for gitleaks, which is not on every machine; `npm run verify -- --only gitleaks` has the real one. It knows one kind
// of secret, and looks where the arguments send it: `dir` in the files, `git` in what `git log` shows with --log-opts.
const { spawnSync } = require("node:child_process");
const { existsSync, readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parseArgs } = require("node:util");

const KEY = /\bAKIA[A-Z2-7]{16}\b/;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    config: { type: "string" },
    redact: { type: "boolean" },
    "no-banner": { type: "boolean" },
    "no-color": { type: "boolean" },
    verbose: { type: "boolean" },
    "exit-code": { type: "string" },
    "log-opts": { type: "string", default: "" },
  },
});
const [command, directory] = positionals;
if (!existsSync(values.config) || !["dir", "git"].includes(command)) {
  process.exit(126);
}

function files(path) {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inside = join(path, entry.name);
    return entry.isDirectory() ? files(inside) : entry.isFile() ? [readFileSync(inside, "utf8")] : [];
  });
}

function history() {
  const { status, stdout, stderr } = spawnSync("git", ["log", "-p", ...values["log-opts"].split(" ").filter(Boolean)], {
    cwd: directory,
    encoding: "utf8",
  });
  if (status !== 0) {
    process.stderr.write(stderr);
    process.exit(126);
  }
  return stdout.split("\n").filter((line) => line.startsWith("+"));
}

const found = (command === "dir" ? files(directory) : history()).some((text) => KEY.test(text));
process.exit(found ? Number(values["exit-code"]) : 0);
