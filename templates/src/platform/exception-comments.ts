// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { ScannerException } from "./load-scanner-exceptions";

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
