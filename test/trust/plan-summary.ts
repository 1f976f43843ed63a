// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { temporaryDirectory } from "./hostile-repository";

/** Runs the script that summarizes plans where it lies in a repository: it imports this package. */
export function parsePlanSummary(plan: string): Pick<SpawnSyncReturns<string>, "status" | "stdout" | "stderr"> {
  const cwd = temporaryDirectory();
  cpSync(join(PACKAGE_ROOT, "templates", "scripts"), join(cwd, "scripts"), { recursive: true });
  mkdirSync(join(cwd, "node_modules"));
  symlinkSync(PACKAGE_ROOT, join(cwd, "node_modules", "ray-platform"));
  writeFileSync(join(cwd, "plan.json"), plan);
  return spawnSync(process.execPath, ["scripts/plan-summary.mjs", "dev-network", "plan.json"], {
    cwd,
    encoding: "utf8",
  });
}
