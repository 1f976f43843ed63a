// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { FileCoverage } from "./judgement";
import type { SkippedFile } from "./policy-input";

/** What a run judged, and what it did not. */
export interface Coverage {
  readonly files: readonly FileCoverage[];
  readonly skipped: readonly SkippedFile[];
}

/** The coverage as lines for people: per file how many resources were judged, and the rest by reason. */
export function coverageLines({ files, skipped }: Coverage): string[] {
  return [
    ...files.flatMap(({ file, kind, resources }) => [
      `  ${file} (${kind}): ${resources.filter(({ reason }) => reason === "").length} of ${resources.length} judged`,
      ...reasonsOf(resources).map((line) => `    not: ${line}`),
    ]),
    ...skipped.map(({ file, reason }) => `  ${file}: skipped, ${reason}`),
  ];
}

function reasonsOf(resources: FileCoverage["resources"]): string[] {
  const names = new Map<string, string[]>();
  for (const { resource, type, reason } of resources) {
    if (reason !== "") {
      const what = type === undefined ? reason : `${reason} (${type})`;
      names.set(what, [...(names.get(what) ?? []), resource]);
    }
  }
  return [...names].map(
    ([what, [first, ...rest]]) => `${first}${rest.length > 0 ? ` and ${rest.length} more` : ""}: ${what}`,
  );
}
