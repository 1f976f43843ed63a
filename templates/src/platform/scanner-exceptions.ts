// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A finding that a scanner may have on some resources, for a reason and for a time. */
export interface ScannerException {
  readonly scanner: "tfsec" | "trivy" | "checkov";
  /** Id as the scanner prints it. */
  readonly id: string;
  /** Path of a construct below its stack, such as `state/bucket`; the exception counts for all below it. */
  readonly resource: string;
  readonly reason: string;
  /** Last day in the form YYYY-MM-DD. */
  readonly expires: string;
}

/** Reads `src/platform/scanner-exceptions.json`, which holds the generator's own exceptions and those of `.projenrc.ts`. */
export function loadScannerExceptions(
  file = join(process.cwd(), "src", "platform", "scanner-exceptions.json"),
): readonly ScannerException[] {
  return (JSON.parse(readFileSync(file, "utf8")) as { exceptions: readonly ScannerException[] }).exceptions;
}

/**
 * The resource with its exceptions as comments, in each scanner's own words: tfsec and Trivy read them above the block and
 * mind the date, Checkov reads them inside and does not; `scripts/exceptions.mjs` minds it for all.
 *
 * @param path path of the resource's construct below its stack
 */
export function withExceptions(block: string, path: string, exceptions: readonly ScannerException[]): string {
  const applicable = exceptions.filter(({ resource }) => path === resource || path.startsWith(`${resource}/`));
  const above = applicable
    .filter(({ scanner }) => scanner !== "checkov")
    .map(({ scanner, id, reason, expires }) => `# ${reason}\n#${scanner}:ignore:${id}:exp:${expires}\n`);
  const inside = applicable
    .filter(({ scanner }) => scanner === "checkov")
    .map(({ id, reason }) => `  #checkov:skip=${id}:${reason}\n`);
  return `${above.join("")}${block.replace("\n", () => `\n${inside.join("")}`)}`;
}
