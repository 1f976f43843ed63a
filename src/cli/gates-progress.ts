// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GateRunProps } from "../local-gates/run-gates";
import type { CommandIo } from "./command-io";
import { WORDS } from "./gates-table";

/**
 * Says how far the gates are: on a terminal one line that moves, elsewhere a line for each job that ends. Without `io`
 * nothing.
 */
export function gatesProgress(io: CommandIo | undefined, count: number): GateRunProps["watch"] {
  const running = new Set<string>();
  let done = 0;
  const show = (): void => {
    if (io?.isTerminal === true) {
      const names = [...running].join(", ");
      const text = running.size === 0 ? "" : `${done} of ${count} done, running: ${names}`.slice(0, 78);
      io.err(`\r\u001b[K${text}`);
    }
  };
  return {
    started: ({ check }) => {
      running.add(check);
      show();
    },
    ended: ({ job, outcome, seconds }) => {
      running.delete(job.check);
      done += 1;
      if (io !== undefined && io.isTerminal !== true) {
        io.err(`${job.check}: ${WORDS[outcome]} (${seconds.toFixed(1)} s)\n`);
      }
      show();
    },
  };
}
