// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";

/**
 * Runs a step of a generated workflow as GitHub's runner would: its own script, in bash, at the root of the repository.
 * So what is verified is what the workflow says, arguments and all.
 *
 * @param {{ directory: string, workflow: string, job: string, step: string, unpacked?: Record<string, string>,
 *   commands?: Record<string, string>, env?: Record<string, string> }} props
 *   `unpacked` are programs that an earlier step would have put into RUNNER_TEMP; `commands` are scripts that stand for
 *   commands of the runner's PATH
 * @returns {{ code: number, output: string, runnerTemp: string }} `runnerTemp` is the directory RUNNER_TEMP, with what the
 *   step left there
 */
export function runStep({ directory, workflow, job, step, unpacked = {}, commands = {}, env = {} }) {
  const { run, env: declared = {} } = findStep(directory, workflow, job, step);
  const runnerTemp = mkdtempSync(join(tmpdir(), "runner-temp-"));
  for (const [name, program] of Object.entries(unpacked)) {
    symlinkSync(program, join(runnerTemp, name));
  }
  const bin = mkdtempSync(join(tmpdir(), "runner-bin-"));
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
  }
  const { status, stdout, stderr, error } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      ...withoutExpressions(declared),
      ...env,
      PATH: `${bin}:${process.env.PATH}`,
      RUNNER_TEMP: runnerTemp,
    },
  });
  if (error) {
    throw error;
  }
  return { code: status ?? 255, output: `${stdout}${stderr}`, runnerTemp };
}

/** The job of a workflow that has a step. */
export function findJob(directory, workflow, step) {
  const { jobs } = parse(readFileSync(join(directory, ".github", "workflows", workflow), "utf8"));
  const [job] = Object.keys(jobs).filter((id) => jobs[id].steps?.some(({ name }) => name === step));
  if (job === undefined) {
    throw new Error(`${workflow} has no job with a step '${step}'`);
  }
  return job;
}

/** A step of a workflow by name. */
export function findStep(directory, workflow, job, name) {
  const { jobs } = parse(readFileSync(join(directory, ".github", "workflows", workflow), "utf8"));
  const step = jobs[job]?.steps.find((candidate) => candidate.name === name);
  if (step?.run === undefined) {
    throw new Error(`${workflow} has no step '${name}' with a script in job '${job}'`);
  }
  return step;
}

/** The step must pass on the repository as it was generated. */
export function expectPass(title, { code, output }) {
  if (code !== 0) {
    throw new Error(`${title} fails on the generated repository (exit code ${code}):\n${output}`);
  }
}

/** The step must fail on a planted fault, and say which. */
export function expectFinding(title, { code, output }, finding) {
  if (code === 0) {
    throw new Error(`${title} passes although a fault was planted:\n${output}`);
  }
  if (!finding.test(output)) {
    throw new Error(`${title} fails, but not because of the planted fault (${finding}):\n${output}`);
  }
}

/** A copy of the repository to plant a fault in. Dependencies are shared with the original, history is not copied. */
export function copyOf(generated, { history = false } = {}) {
  const copy = join(mkdtempSync(join(tmpdir(), "planted-")), "platform");
  const left = new Set(["node_modules", ...(history ? [] : [".git"])]);
  cpSync(generated, copy, {
    recursive: true,
    filter: (source) => !(dirname(source) === generated && left.has(basename(source))),
  });
  symlinkSync(join(generated, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Write a file of a copy, over a read-only one too. */
export function plant(copy, path, text) {
  const file = join(copy, path);
  mkdirSync(dirname(file), { recursive: true });
  try {
    chmodSync(file, 0o644);
  } catch (error) {
    if (error.code !== "ENOENT") {
      throw error;
    }
  }
  writeFileSync(file, text);
}

/** What GitHub would fill in is not there. */
function withoutExpressions(env) {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => !String(value).includes("${{")));
}
