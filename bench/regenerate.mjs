#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// `npx projen` with nothing to change: the default repository beside projen's own project type for cdktn applications,
// both on Node 22, and where the time goes. Limits are on processor time, which another program on the machine adds little
// to, and on its ratio to the peer's in the same run.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exec } from "../scripts/command.mjs";
import { GIT_IDENTITY } from "../scripts/generate.mjs";
import { ROOT } from "../scripts/setup.mjs";
import { measureInTurns, median, runOnce } from "./harness/measure.mjs";
import { benchmarkOptions, heading, measured, result, target } from "./harness/report.mjs";
import { defaultRepository, pinnedTool, progress, scratchDirectory } from "./harness/repository.mjs";

const { runs } = benchmarkOptions(
  "Time of `npx projen` with nothing to change, beside projen's cdktn-app-ts, and where it goes.",
  5,
);
const node = await pinnedTool("node22");
const cwd = await defaultRepository();
const peer = await peerRepository();

const PROJEN = ["node", join("node_modules", "projen", "bin", "projen")];
/** Where this is set, nothing that was rendered before is used: as in CI, and as after an edit of the options. */
const ANEW = { CI: "true" };
const OURS = ["node", join("node_modules", "ray-platform", "bin", "ray-platform")];
const { empty, command, projenrc, anew, projen, npx, npxAnew, peerNpx } = measureInTurns(
  {
    empty: { command: ["node", "-e", "0"], cwd, node },
    command: { command: [...OURS, "--version"], cwd, node },
    projenrc: { command: [...OURS, "projenrc"], cwd, node },
    anew: { command: [...OURS, "projenrc"], cwd, node, env: ANEW },
    projen: { command: PROJEN, cwd, node },
    npx: { command: ["npx", "projen"], cwd, node },
    npxAnew: { command: ["npx", "projen"], cwd, node, env: ANEW },
    peerNpx: { command: ["npx", "projen"], cwd: peer, node },
  },
  { runs },
);
const { stdout: changes } = await exec("git", ["status", "--porcelain"], { cwd });
if (changes !== "") {
  throw new Error(`npx projen changed files, so it was not the run that this measures:\n${changes}`);
}

heading(`npx projen with nothing to change, Node 22, median of ${runs} runs`);
measured("ray-platform", npx);
measured("ray-platform, rendered anew, as in CI and after an edit of the options", npxAnew);
measured("projen's cdktn-app-ts", peerNpx);
target("processor time", npx.cpuMs, 1000, "ms");
target("part of the peer's processor time", npx.cpuMs / peerNpx.cpuMs, 0.09, "x");
target("part of the peer's processor time, rendered anew", npxAnew.cpuMs / peerNpx.cpuMs, 0.13, "x");

heading("Where it goes, from the outside (differences of medians of processor time)");
result("npx finds the command", npx.cpuMs - projen.cpuMs, "ms");
result("projen's command line and task runner", projen.cpuMs - projenrc.cpuMs, "ms");
result("ray-platform projenrc", projenrc.cpuMs, "ms");
result("  of which Node itself", empty.cpuMs, "ms");
result("  of which our command line", command.cpuMs - empty.cpuMs, "ms");
result("ray-platform projenrc, rendered anew", anew.cpuMs, "ms");

heading(
  `Where it goes inside ray-platform projenrc, rendered anew (own wall time of each part, median of ${runs} runs)`,
);
const parts = insideProjenrc();
for (const [name, ms] of Object.entries(parts).sort(([, a], [, b]) => b - a)) {
  result(name, ms, "ms");
}
const floor = parts["start of Node"] + (parts["load projen and what it needs"] ?? 0);
result("floor: Node and the modules of projen", floor, "ms");
result("above the floor: what is ours to improve", anew.wallMs - floor, "ms");

function insideProjenrc() {
  const output = join(scratchDirectory("spans"), "spans.json");
  const preload = fileURLToPath(new URL("harness/projenrc-spans.cjs", import.meta.url));
  const samples = Array.from({ length: runs }, () => {
    runOnce("ray-platform projenrc, by parts", {
      command: [OURS[0], "--require", preload, ...OURS.slice(1), "projenrc"],
      cwd,
      node,
      env: { ...ANEW, BENCH_SPANS: output },
    });
    return JSON.parse(readFileSync(output, "utf8"));
  });
  return Object.fromEntries(
    Object.keys(samples[0]).map((name) => [name, median(samples.map((sample) => sample[name]))]),
  );
}

/** What a user gets today who starts a cdktn application with projen itself. */
async function peerRepository() {
  const directory = join(scratchDirectory("peer"), "cdktn-app");
  mkdirSync(directory);
  const { projen: version } = JSON.parse(readFileSync(join(ROOT, "data", "toolchain.json"), "utf8"));
  await progress.step(`Make the peer: projen new cdktn-app-ts`, (note) =>
    exec("npx", ["--yes", `projen@${version}`, "new", "cdktn-app-ts", "--package-manager", "npm"], {
      cwd: directory,
      note,
      env: { ...GIT_IDENTITY, PATH: `${join(node, "..")}:${process.env.PATH}` },
    }),
  );
  return directory;
}
