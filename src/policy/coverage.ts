// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { FileCoverage } from "./judgement";
import type { SkippedFile } from "./policy-input";

/** What a run judged, and what it did not. */
export interface Coverage {
  readonly files: readonly FileCoverage[];
  readonly skipped: readonly SkippedFile[];
  /** The environments that were judged as a whole. */
  readonly environments?: readonly EnvironmentCoverage[];
}

/** What the verdict on an environment's controls comes from. */
export interface EnvironmentCoverage {
  readonly environment: string;
  /** Stacks of which a plan was judged. */
  readonly planned: readonly string[];
  /** Stacks that were judged as they were synthesized. */
  readonly synthesized: readonly string[];
  /** Controls that its options leave out. */
  readonly absent: readonly string[];
}

/** The coverage as lines for people: per file how many resources were judged, and the rest by reason. */
export function coverageLines({ files, skipped, environments = [] }: Coverage): string[] {
  return [
    ...files.flatMap(({ file, kind, resources }) => [
      `  ${file} (${kind}): ${resources.filter(({ reason }) => reason === "").length} of ${resources.length} judged`,
      ...reasonsOf(resources).map((line) => `    not: ${line}`),
    ]),
    ...skipped.map(({ file, reason }) => `  ${file}: skipped, ${reason}`),
    ...environments.map((judged) => {
      const absent = judged.absent.length > 0 ? `; its options leave out ${judged.absent.join(", ")}` : "";
      return `  controls of ${judged.environment}: ${sourcesOf(judged)}${absent}`;
    }),
  ];
}

function sourcesOf({ planned, synthesized }: EnvironmentCoverage): string {
  return [
    ...(planned.length > 0 ? [`the plan of ${planned.join(", ")}`] : []),
    ...(synthesized.length > 0 ? [`${synthesized.join(", ")} as synthesized`] : []),
  ].join("; ");
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
