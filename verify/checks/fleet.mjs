// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { pack } from "../../scripts/generate.mjs";
import { FLEET, MERGED } from "../fleet/merged-branches.mjs";
import { FIRST, SECOND, twoVersions } from "../fleet/two-versions.mjs";

/**
 * Fifty repositories of one version, edited, are updated to the next, twelve of them on two branches that are merged: reports,
 * what is kept, and that they build.
 */
export default {
  id: "fleet",
  title: `A fleet of ${FLEET} repositories moves from ${FIRST} to ${SECOND}`,
  tools: [],
  async run({ generated, log }) {
    const scratch = mkdtempSync(join(tmpdir(), "fleet-"));
    try {
      const versions = twoVersions(await pack(scratch), scratch);
      const threads = availableParallelism();
      const started = Date.now();
      let done = 0;
      const count = () => {
        done += 1;
        log(`${done} of ${FLEET} updated and built`);
      };
      const workers = Array.from({ length: threads }, (_, thread) => {
        const numbers = Array.from({ length: FLEET }, (_, number) => number).filter(
          (number) => number % threads === thread,
        );
        const workerData = { numbers, versions, modules: join(generated, "node_modules"), scratch };
        return new Worker(new URL("../fleet/update-repositories.mjs", import.meta.url), { workerData }).on(
          "message",
          count,
        );
      });
      try {
        await Promise.all(workers.map(ended));
      } finally {
        await Promise.all(workers.map((worker) => worker.terminate())); // Before their directory is removed.
      }
      if (done !== FLEET) {
        throw new Error(`${done} of ${FLEET} repositories were updated and built`);
      }
      const seconds = Math.round((Date.now() - started) / 1000);
      return `${FLEET} repositories, with different options and edits, ${MERGED} of them merged from two branches: reported as expected, nothing lost, all build (${seconds} s)`;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};

function ended(worker) {
  return new Promise((resolve, reject) => worker.once("error", reject).once("exit", resolve));
}
