// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PREVIEW_VARIABLE } from "../sync/run-variables";
import type { Report } from "../sync/report";
import { CommandError } from "./command-error";
import { runProjenrc } from "./projenrc-command";

/**
 * Renders the project and compares, without writing to it. The same code as a regeneration, stopped before it writes.
 * What the projenrc prints goes to standard error, so that our own output stays readable by machines.
 */
export function preview(cwd: string): Report {
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-preview-"));
  const file = join(directory, "report.json");
  const previous = { ...process.env };
  const { write } = process.stdout;
  const origin = process.cwd();
  process.env[PREVIEW_VARIABLE] = file;
  process.env.PROJEN_DISABLE_POST = "true";
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  try {
    process.chdir(cwd);
    runProjenrc(cwd);
    if (!existsSync(file)) {
      throw new CommandError("the projenrc ended without synthesizing a RayPlatformProject; does it call project.synth()?");
    }
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } finally {
    process.chdir(origin);
    process.stdout.write = write;
    process.env = previous;
    rmSync(directory, { recursive: true, force: true });
  }
}
