// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExplainedError } from "../explained-error";
import { inParallel } from "../in-parallel";
import type { GateJob } from "./gate-job";
import { GatePrograms } from "./gate-programs";
import { judgeJob, type JobVerdict } from "./judge-job";
import { WorkingCopies } from "./working-copies";

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
  const clean = (): void => rmSync(directory, { recursive: true, force: true });
  const stop = (): void => process.exit(130);
  process.once("exit", clean);
  process.once("SIGINT", stop);
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
    process.removeListener("SIGINT", stop);
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
