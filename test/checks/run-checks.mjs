// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Runs checking scripts in this one process, in a directory that holds a repository, with programs that only answer. Reads the
// runs from the file that is named, and prints what came of each. Starting every program for real would take minutes.
import childProcess from "node:child_process";
import { EventEmitter } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";

const { runs, answers } = JSON.parse(readFileSync(process.argv[2], "utf8"));
let current;
let calls;
let printed;

/** The first answer that fits: its pattern is a beginning, where `*` stands for anything. */
function answerOf(program, args) {
  const line = args.join(" ");
  calls.push(`${program} ${line}`);
  if (current.missing.includes(program)) {
    return undefined;
  }
  if (/^(?:--version|version --client)/.test(line)) {
    return {};
  }
  const all = [...current.answers, ...answers[current.base]];
  const found = all.find((answer) => {
    const parts = answer.when.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return answer.program === program && new RegExp(`^${parts.join(".*")}`).test(line);
  });
  if (found === undefined) {
    throw new Error(`unanswered: ${program} ${line}`);
  }
  return found;
}

childProcess.spawnSync = (program, args) => {
  const answer = answerOf(program, args);
  return answer === undefined
    ? { status: null, stdout: "", stderr: "", error: Object.assign(new Error("ENOENT"), { code: "ENOENT" }) }
    : { status: answer.status ?? 0, stdout: answer.stdout ?? "", stderr: answer.stderr ?? "" };
};
childProcess.spawn = (program, args) => {
  const child = Object.assign(new EventEmitter(), {
    stdout: new EventEmitter(),
    stderr: new EventEmitter(),
    kill: () => child.emit("close", null),
  });
  const { stdout, stderr, stays } = answerOf(program, args);
  setImmediate(() => {
    child.stdout.emit("data", `${stdout ?? ""}\n`);
    child.stderr.emit("data", stderr ?? "");
    if (!stays) {
      child.emit("close", 1);
    }
  });
  return child;
};
syncBuiltinESMExports();
console.log = (text) => printed.push(text);

const outcomes = [];
for (const [index, run] of runs.entries()) {
  current = run;
  calls = [];
  printed = [];
  process.argv.splice(2, Infinity, ...run.args);
  process.exitCode = 0;
  writeFileSync("src/platform/platform.json", JSON.stringify(run.config));
  await import(`${resolve("scripts", run.script)}?run=${index}`);
  outcomes.push({ status: process.exitCode, stdout: `${printed.join("\n")}\n`, stderr: "", calls });
}
process.exitCode = 0;
process.stdout.write(JSON.stringify(outcomes));
