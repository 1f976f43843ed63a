// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";

/**
 * Options that every benchmark takes.
 *
 * @param {string} what what the benchmark measures, for --help
 * @param {number} runs how often, unless --runs says otherwise
 */
export function benchmarkOptions(what, runs) {
  const { values } = parseArgs({
    options: { runs: { type: "string", default: String(runs) }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(
      `${what}\n\n  --runs N   runs of each command   (default: ${runs})\n  --help     print this text\n\nExit code: 0 every target is met, 1 one is missed or something failed.`,
    );
    process.exit(0);
  }
  const given = Number(values.runs);
  if (!Number.isInteger(given) || given < 1) {
    console.error(`--runs ${values.runs}: must be a whole number from 1`);
    process.exit(2);
  }
  const [load] = loadavg();
  if (load > availableParallelism() / 2) {
    console.log(
      `note: the machine is busy (load ${load.toFixed(1)} on ${availableParallelism()} cores): trust ratios and processor time, not wall time`,
    );
  }
  return { runs: given };
}

/** One line of a result; also sent to bench/run.mjs, which started the benchmark. */
export function result(title, value, unit) {
  console.log(`${title.padEnd(60)} ${format(value).padStart(8)} ${unit}`);
  process.send?.({ title, value, unit });
}

/** A result that must stay below a limit; above it, the benchmark fails. */
export function target(title, value, limit, unit) {
  const met = value < limit;
  console.log(
    `${title.padEnd(60)} ${format(value).padStart(8)} ${unit}   ${met ? "target met" : "TARGET MISSED"}: below ${limit} ${unit}`,
  );
  process.send?.({ title, value, unit, limit, met });
  if (!met) {
    process.exitCode = 1;
  }
}

/** @param {string} name @param {import("./measure.mjs").Measurement} measurement */
export function measured(name, { wallMs, minWallMs, cpuMs, rssMb }) {
  result(name, wallMs, "ms");
  result("  fastest run", minWallMs, "ms");
  result("  processor time", cpuMs, "ms");
  result("  memory of its largest process", rssMb, "MB");
}

export function heading(text) {
  console.log(`\n${text}`);
}

function format(value) {
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}
