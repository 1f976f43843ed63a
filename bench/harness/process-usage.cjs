// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Preloaded into every Node process of a measured command (NODE_OPTIONS=--require): appends what the process used to
// the file that BENCH_USAGE names. A command such as `npx projen` is a tree of processes, and the tree is what counts.
const { appendFileSync } = require("node:fs");

process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { argv: process.argv.slice(1), cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMb: maxRSS / 1024 };
  appendFileSync(process.env.BENCH_USAGE, `${JSON.stringify(usage)}\n`);
});
