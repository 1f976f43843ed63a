// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { readForeignText } from "../foreign-file";
import { parseJson } from "../json-object";
import type { GateJob, ScriptStep } from "./gate-job";
import { type GatePrograms, lastLine, type Provided } from "./gate-programs";
import { runnerVariables } from "./program-variables";
import { runScript } from "./run-program";
import type { WorkingCopies } from "./working-copies";

/** What a job came to. */
export interface JobVerdict {
  /**
   * `clean`; `found`: its gate has something to say; `not-run`: it gave no verdict; `on-github`: it cannot be run
   * elsewhere.
   */
  readonly outcome: "clean" | "found" | "not-run" | "on-github";
  /** Why it gave no verdict. */
  readonly reason?: string;
  /** What differs from the run on GitHub. */
  readonly notes: readonly string[];
  /** What its steps printed. */
  readonly output: string;
}

/** What jobs share. */
export interface JobContext {
  readonly directory: string;
  readonly copies: WorkingCopies;
  readonly programs: GatePrograms;
  readonly offline: boolean;
}

/** Runs what a job judges by, in a copy of the working tree. */
export async function judgeJob(job: GateJob, context: JobContext): Promise<JobVerdict> {
  const withoutVerdict = (outcome: JobVerdict["outcome"], reason: string): JobVerdict => ({
    outcome,
    reason,
    notes: [],
    output: "",
  });
  if (job.action !== undefined) {
    return withoutVerdict("on-github", `${job.action} runs on GitHub alone`);
  }
  const programs = await context.programs.forJob(job);
  const missing = programs.flatMap((program) => ("missing" in program ? [program.missing] : []));
  if (missing.length > 0) {
    return withoutVerdict("not-run", missing.join("; "));
  }
  const provided = programs as readonly Provided[];
  const name = `${job.gate.id}.${job.id}`;
  const cwd = await context.copies.make(name, { dependencies: job.installsDependencies, synthesis: job.synthesis });
  const runner = await runnerEnvironment(provided, context);
  const run = await runSteps(job, cwd, runner.env);
  const notes = [...provided.flatMap(({ note }) => note ?? []), ...runner.notes(job)];
  if (run.code === 0) {
    return { outcome: "clean", notes, output: run.output };
  }
  if (isFinding(job, cwd, run)) {
    return { outcome: "found", notes, output: run.output };
  }
  const reason = `'${run.step}' ended with ${run.code}: ${run.lastLine}`;
  return { outcome: "not-run", reason, notes, output: run.output };
}

interface StepsRun {
  /** Exit code of the first step that failed, or 0. */
  readonly code: number;
  readonly step: string;
  /** What that step said last. */
  readonly lastLine: string;
  readonly output: string;
}

async function runSteps(job: GateJob, cwd: string, env: (step: ScriptStep) => NodeJS.ProcessEnv): Promise<StepsRun> {
  let failed = { code: 0, step: "", lastLine: "" };
  let output = "";
  for (const step of job.scripts) {
    if (failed.code !== 0 && !step.always) {
      continue;
    }
    const run = await runScript(step.run, { cwd, env: env(step), timeoutMinutes: job.timeoutMinutes });
    output += run.output;
    if (run.code !== 0 && failed.code === 0) {
      failed = { code: run.code, step: step.name, lastLine: lastLine(run.output) };
    }
  }
  return { ...failed, output };
}

/**
 * Whether a failure is that of a gate that found something. A report says so itself; without one the gate's record says
 * how to tell.
 */
function isFinding({ gate, id, report }: GateJob, cwd: string, { code, output }: StepsRun): boolean {
  if (report !== undefined && hasResults(join(cwd, report))) {
    return true;
  }
  const signs = gate.findings?.[id] ?? (report === undefined ? undefined : []);
  return signs === undefined
    ? ![124, 126, 127, 137].includes(code)
    : signs.some((sign) => sign.exitCodes.includes(code) && (sign.output?.test(output) ?? true));
}

function hasResults(file: string): boolean {
  try {
    const { runs } = parseJson(readForeignText(file)) as { runs: { results?: unknown[] }[] };
    return runs.some(({ results = [] }) => results.length > 0);
  } catch {
    return false;
  }
}

/** What a runner gives a step: its directories, the programs of earlier steps, and what expressions stand for. */
async function runnerEnvironment(provided: readonly Provided[], { directory, copies, offline }: JobContext) {
  const runner = mkdtempSync(join(directory, "runner-"));
  const [temp, bin] = ["temp", "bin"].map((name) => join(runner, name)) as [string, string];
  mkdirSync(temp);
  mkdirSync(bin);
  for (const { place, name, file, inPlaceOfImage } of provided) {
    if (inPlaceOfImage === true) {
      writeFileSync(join(bin, "docker"), imageStandIn(file));
      chmodSync(join(bin, "docker"), 0o755);
    } else if (place === "runner-temp" && !existsSync(join(temp, name))) {
      symlinkSync(file, join(temp, name));
    }
  }
  const token = offline ? undefined : (process.env.GH_TOKEN ?? process.env.GITHUB_TOKEN);
  const base = await copies.base();
  const isToken = (value: string): boolean => /\$\{\{\s*(github\.token|secrets\.GITHUB_TOKEN)\s*\}\}/.test(value);
  const filledIn = (value: string): string | undefined => {
    if (isToken(value)) {
      return token;
    }
    return value.includes("${{") ? (/\bbase[._]/.test(value) ? (base ?? "") : "") : value;
  };
  return {
    env: ({ env }: ScriptStep): NodeJS.ProcessEnv => ({
      ...runnerVariables(),
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filledIn(value)])),
      PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: join(runner, "output"),
      GITHUB_STEP_SUMMARY: join(runner, "summary"),
    }),
    notes: ({ scripts }: GateJob): string[] =>
      token === undefined && scripts.some(({ env }) => Object.values(env).some(isToken))
        ? [`without ${offline ? "network" : "GH_TOKEN"}, what asks GitHub is left out`]
        : [],
  };
}

/** The command `docker` for a program that is not run as an image: what stands after the image are its arguments. */
function imageStandIn(program: string): string {
  return `#!/usr/bin/env bash
[[ "$1" == run ]] || exit 0
program='${program}'
while [[ $# -gt 0 && "$1" != *@sha256:* ]]; do
  if [[ "$1" == --entrypoint ]]; then program="$2"; fi
  shift
done
shift
exec "$program" "$@"
`;
}
