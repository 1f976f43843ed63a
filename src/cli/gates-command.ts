// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { stripVTControlCharacters } from "node:util";
import { GATES } from "../gates";
import { workflowFile } from "../gates/workflow-record";
import { type GateJob, gateJobs } from "../local-gates/gate-job";
import { type JudgedJob, runGates } from "../local-gates/run-gates";
import { nearestKey } from "../nearest-key";
import { repositoryRoot } from "../policy/repository-root";
import { programOnPath } from "../program-on-path";
import type { GatesReport } from "../reports/gates-report";
import { FORMAT } from "../reports/report-format";
import { CommandError } from "./command-error";
import type { CommandIo } from "./command-io";
import { parseCommandLine } from "./command-line";
import { gatesProgress } from "./gates-progress";
import { gatesTable } from "./gates-table";

/** Exit codes of `ray-platform gates`. */
export enum GatesExitCode {
  /** Every gate that can run outside GitHub ran, and found nothing. */
  CLEAN = 0,
  /** Nothing was found, but a gate that can run outside GitHub, or that was asked for, did not. */
  NOT_RUN = 1,
  /** A gate found something. */
  FOUND = 2,
}

const HELP = `Usage: ray-platform gates [--only GATE[,GATE]] [--offline] [--json]

Runs the gates of CI on this machine, before anything is pushed: the very scripts of .github/workflows, each job in a copy
of the working tree as git would commit it, several at once. A pull request's own commits are those since the branch left
the remote's default branch.

A program is taken from the PATH if it has CI's version. Otherwise CI's own is downloaded by the workflow's own step,
with its checksum, and kept in the user's cache; if that is impossible, the one on the PATH is used, and the table says so.
Programs see none of your credentials; with GH_TOKEN set, steps that ask GitHub get it.

Exit codes: 0 clean, 1 nothing found but something could not run, 2 something was found. What only GitHub can run counts
if --only names it.

  --only GATE     these gates; their ids are the names of their workflows
  --offline       download nothing
  --json          print the verdicts as JSON
`;

/** Runs `ray-platform gates`. */
export async function gatesCommand(argv: readonly string[], io: CommandIo): Promise<GatesExitCode> {
  const line = parseCommandLine(argv, {
    only: { type: "string" },
    offline: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (line.has("help")) {
    io.out(HELP);
    return GatesExitCode.CLEAN;
  }
  if (programOnPath("bash") === undefined) {
    throw new CommandError("the scripts of the workflows need bash, which is not on the PATH");
  }
  const root = repositoryRoot(io.cwd);
  const only = line.value("only")?.split(",");
  const jobs = selected(gateJobs(root), only);
  const watch = gatesProgress(line.has("json") ? undefined : io, jobs.length);
  const judged = await runGates(jobs, { root, offline: line.has("offline"), watch });
  const exitCode = exitCodeOf(judged, only !== undefined);
  if (line.has("json")) {
    io.out(`${JSON.stringify(reportOf(judged, exitCode), null, 2)}\n`);
  } else {
    io.out(gatesTable(judged, io.isTerminal === true));
  }
  return exitCode;
}

/** @throws CommandError for a gate that does not exist, or that the repository does not have */
function selected(jobs: readonly GateJob[], only: readonly string[] | undefined): readonly GateJob[] {
  const ids = GATES.map(({ id }) => id);
  for (const id of only ?? []) {
    const gate = GATES.find((candidate) => candidate.id === id);
    if (gate === undefined) {
      const near = nearestKey(id, ids);
      const hint = near === undefined ? "" : `; did you mean ${near}?`;
      throw new CommandError(
        `--only ${id}: there is no such gate${hint}${hint.endsWith("?") ? "" : "."} There are ${ids.join(", ")}.`,
      );
    }
    if (!jobs.some((job) => job.gate === gate)) {
      throw new CommandError(`--only ${id}: this repository has no ${workflowFile(gate)}`);
    }
  }
  const chosen = jobs.filter(({ gate }) => only === undefined || only.includes(gate.id));
  if (chosen.length === 0) {
    throw new CommandError("this repository has no gates: none of their workflows is in .github/workflows");
  }
  return chosen;
}

function exitCodeOf(judged: readonly JudgedJob[], isSelection: boolean): GatesExitCode {
  const has = (outcome: JudgedJob["outcome"]): boolean => judged.some((one) => one.outcome === outcome);
  if (has("found")) {
    return GatesExitCode.FOUND;
  }
  return has("not-run") || (isSelection && has("on-github")) ? GatesExitCode.NOT_RUN : GatesExitCode.CLEAN;
}

function reportOf(judged: readonly JudgedJob[], exitCode: GatesExitCode): GatesReport {
  return {
    format: FORMAT,
    exitCode,
    checks: judged.map(({ job, outcome, seconds, notes, output, reason }) => ({
      gate: job.gate.id,
      job: job.id,
      check: job.check,
      outcome,
      seconds,
      notes,
      output: stripVTControlCharacters(output),
      ...(reason === undefined ? {} : { reason }),
    })),
  };
}
