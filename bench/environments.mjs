#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// What one more environment costs: regeneration and synthesis with 1 to 200 of them, as many as a repository is made for.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { measureInTurns, runOnce } from "./harness/measure.mjs";
import { benchmarkOptions, heading, result, target } from "./harness/report.mjs";
import { copyOf, defaultRepository } from "./harness/repository.mjs";

const COUNTS = [1, 10, 50, 200];
/**
 * Milliseconds of processor time that a further environment may take. Most of a synthesis is spent in the engine, which
 * resolves every stack three times.
 */
const LIMITS = { regeneration: 8, synthesis: 62 };
const { runs } = benchmarkOptions(
  "Time and memory of regeneration and synthesis with 1, 10, 50 and 200 environments.",
  3,
);
const repository = await defaultRepository();

const regenerate = {
  command: ["node", "node_modules/ray-platform/bin/ray-platform", "projenrc"],
  // Rendered anew each time: what an earlier run rendered would be all the same for any number of environments.
  env: { CI: "true", PROJEN_DISABLE_POST: "true" },
};
const synthesize = { command: ["node", "build/src/main.js"] };
const rows = COUNTS.map((count) => {
  const cwd = copyOf(repository, `environments-${count}`);
  writeFileSync(join(cwd, ".projenrc.ts"), definition(count));
  const first = runOnce(`first regeneration with ${count} environments`, { ...regenerate, cwd });
  const { regeneration, synthesis } = measureInTurns(
    { regeneration: { ...regenerate, cwd }, synthesis: { ...synthesize, cwd } },
    { runs, warmups: 0 },
  );
  return { count, first, regeneration, synthesis };
});

heading(`Processor time and memory, median of ${runs} runs (first regeneration: one run)`);
console.log("environments   first regeneration   regeneration without change         synthesis");
for (const { count, first, regeneration, synthesis } of rows) {
  console.log(
    `${String(count).padStart(12)} ${cell(first.cpuMs)} ms          ${cell(regeneration.cpuMs)} ms ${cell(regeneration.rssMb)} MB   ${cell(synthesis.cpuMs)} ms ${cell(synthesis.rssMb)} MB`,
  );
}
for (const what of ["regeneration", "synthesis"]) {
  heading(what);
  const [early, late] = [slope(what, 0, 2), slope(what, 2, 3)];
  result(
    "memory of a further environment",
    (rows[3][what].rssMb - rows[0][what].rssMb) / (COUNTS[3] - COUNTS[0]),
    "MB",
  );
  // Linear means that the 200th costs what the 2nd does; the allowance is for garbage collection and for noise.
  target("cost from 50 to 200, compared with the cost from 1 to 50", late / early, 2, "x");
  target("processor time of a further environment", slope(what, 0, 3), LIMITS[what], "ms");
}

/** Processor time, which other programs disturb less, of each environment between two of the counts. */
function slope(what, from, to) {
  return (rows[to][what].cpuMs - rows[from][what].cpuMs) / (COUNTS[to] - COUNTS[from]);
}

function definition(count) {
  const names = Array.from({ length: count }, (_, index) => `e${index + 1}`);
  return [
    'import { RayPlatformProject } from "ray-platform";',
    "",
    `const project = new RayPlatformProject({ name: "platform", environmentNames: ${JSON.stringify(names)} });`,
    "project.synth();",
    "",
  ].join("\n");
}

function cell(value) {
  return value.toFixed(0).padStart(8);
}
