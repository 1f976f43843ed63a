// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { parseJson } from "../json-object";
import { exactly, type Of, type Shape } from "./shape";

/** Version of what the commands print with `--json`. It changes when a key changes its meaning or goes. */
export const FORMAT = 1;

/** The first key of every report. */
export const format = exactly(FORMAT);

/** Thrown for JSON that is not the report that it is read as. */
export class UnknownReport extends Error {}

/** One kind of report: what it looks like, and how to read it. */
export interface ReportFormat<S extends Shape<unknown>> {
  readonly shape: S;
  /** @throws UnknownReport for anything but this kind of report */
  read(json: string): Of<S>;
}

/** @param command that prints the report, such as `policy --json` */
export function reportFormat<S extends Shape<unknown>>(command: string, shape: S): ReportFormat<S> {
  return {
    shape,
    read(json) {
      const problem = problemOf(json, shape);
      if (problem !== undefined) {
        throw new UnknownReport(`this is not what "ray-platform ${command}" prints: ${problem}`);
      }
      return parseJson(json) as Of<S>;
    },
  };
}

function problemOf(json: string, shape: Shape<unknown>): string | undefined {
  try {
    return shape.problem(parseJson(json), "report");
  } catch (error) {
    return (error as Error).message;
  }
}
