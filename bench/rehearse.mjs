#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Rehearsing the default repository: create, plan again and destroy its stacks, with terraform or tofu from the PATH.
import { measureInTurns, runOnce } from "./harness/measure.mjs";
import { benchmarkOptions, heading, measured, target } from "./harness/report.mjs";
import { copyOf, defaultRepository } from "./harness/repository.mjs";

const { runs } = benchmarkOptions("Time and memory of rehearsing the default repository.", 3);
const cwd = copyOf(await defaultRepository(), "rehearsed");
runOnce("synthesis", { command: ["node", "build/src/main.js"], cwd });
const { rehearsal } = measureInTurns(
  {
    rehearsal: {
      command: ["node", "node_modules/ray-platform/bin/ray-platform", "rehearse", "--offline", "--from", "none"],
      cwd,
    },
  },
  { runs, warmups: 0 },
);

heading(`Rehearsal of the default repository, median of ${runs} runs`);
measured("ray-platform rehearse", rehearsal);
// The fastest run is the one that other programs disturbed least.
target("time of the fastest run", rehearsal.minWallMs, 30_000, "ms");
