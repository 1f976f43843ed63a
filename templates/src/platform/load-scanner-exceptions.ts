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

/** Reads `src/platform/scanner-exceptions.json`, which holds the generator's own exceptions and those of the options. */
export function loadScannerExceptions(
  file = join(process.cwd(), "src", "platform", "scanner-exceptions.json"),
): readonly ScannerException[] {
  return (JSON.parse(readFileSync(file, "utf8")) as { exceptions: readonly ScannerException[] }).exceptions;
}
