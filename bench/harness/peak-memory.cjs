// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Preloaded into every Node process of a measured command (NODE_OPTIONS=--require): appends the most memory, in MB, that
// the process had to the file that BENCH_MEMORY names. A command such as `npx projen` is a tree of processes.
const { appendFileSync } = require("node:fs");

process.on("exit", () => {
  appendFileSync(process.env.BENCH_MEMORY, `${process.resourceUsage().maxRSS / 1024}\n`);
});
