// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { ExplainedError } from "../explained-error";
import { inParallel } from "../in-parallel";
import type { GateJob } from "./gate-job";
import { GatePrograms } from "./gate-programs";
import { judgeJob, type JobVerdict } from "./judge-job";
import { endPrograms } from "./run-program";
import { WorkingCopies } from "./working-copies";

/** By which a person, a terminal that closes, or a runner ends the command. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A verdict with the job that it is of. */
export interface JudgedJob extends JobVerdict {
  readonly job: GateJob;
  readonly seconds: number;
}

export interface GateRunProps {
  readonly root: string;
  /** Whether nothing may be fetched. */
  readonly offline: boolean;
  /** Told when a job starts and when it ends. */
  readonly watch: { started(job: GateJob): void; ended(judged: JudgedJob): void };
}

/** Runs jobs, as many at once as there are processors. @returns the verdicts in the order of the jobs */
export async function runGates(jobs: readonly GateJob[], { root, offline, watch }: GateRunProps): Promise<JudgedJob[]> {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "ray-platform-gates-"));
  const clean = (): void => {
    endPrograms();
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  const stops = SIGNALS.map((signal) => [signal, () => process.exit(128 + constants.signals[signal])] as const);
  process.once("exit", clean);
  for (const [signal, stop] of stops) {
    process.once(signal, stop);
  }
  try {
    const copies = await WorkingCopies.of(root, directory);
    const context = { directory, copies, programs: new GatePrograms({ root, offline }), offline };
    return await inParallel(jobs, async (job) => {
      watch.started(job);
      const start = Date.now();
      const verdict = await judgeJob(job, context).catch(explained);
      const judged = { job, ...verdict, seconds: Math.round((Date.now() - start) / 100) / 10 };
      watch.ended(judged);
      return judged;
    });
  } finally {
    process.removeListener("exit", clean);
    for (const [signal, stop] of stops) {
      process.removeListener(signal, stop);
    }
    clean();
  }
}

/** What keeps one job from running stops no other. */
function explained(error: unknown): JobVerdict {
  if (error instanceof ExplainedError) {
    return { outcome: "not-run", reason: error.message.split("\n")[0] as string, notes: [], output: error.message };
  }
  throw error;
}
