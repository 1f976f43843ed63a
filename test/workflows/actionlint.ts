// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What actionlint says about some workflows, by file name. Labels of private runners are known to it by configuration. */
export function lintWorkflows(files: Readonly<Record<string, string>>, runnerLabels: readonly string[] = []): string[] {
  const input = join(mkdtempSync(join(tmpdir(), "actionlint-")), "workflows.json");
  writeFileSync(input, JSON.stringify(files));
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(__dirname, "run-actionlint.cjs"), input], {
    encoding: "utf8",
  });
  if (status !== 0) {
    throw new Error(`actionlint did not run: ${stderr}`);
  }
  return (JSON.parse(stdout) as { name: string; line: number; kind: string; message: string }[])
    .filter(
      ({ kind, message }) => kind !== "runner-label" || !runnerLabels.some((label) => message.includes(`"${label}"`)),
    )
    .map(({ name, line, kind, message }) => `${name}:${line}: [${kind}] ${message}`);
}
