// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readPinTable } from "../workflow-rules/pin-table";
import { packageData } from "./package-data";

/** How old the facts are that the installed version ships. */
export interface DataAge {
  /** Day on which the oldest of the tables was read from its source, such as `2026-08-23`. */
  readonly asOf: string;
  /** Days since then. */
  readonly days: number;
  /** That table. */
  readonly oldest: string;
}

/** Tables of what ages by the week: versions, images, pins, instance types, zones. Prices have their day beside them. */
const TABLES = ["charts", "eks", "images", "instance-types", "ray", "regions", "toolchain"];
const DAY = 24 * 60 * 60 * 1000;
/** Days after which a newer version of ray-platform surely has newer facts. */
const OLD = 90;

/** The age of the installed data: for what a command says, as nothing that is generated may depend on a clock. */
export function dataAge(now: Date): DataAge {
  const tables = TABLES.map((name) => ({ oldest: `${name}.json`, ...packageData<{ readonly asOf: string }>(name) }));
  const [{ asOf, oldest }] = [...tables, { oldest: "pins.json", asOf: readPinTable().asOf }].sort((one, other) =>
    one.asOf < other.asOf ? -1 : 1,
  ) as [{ asOf: string; oldest: string }];
  return { asOf, oldest, days: Math.max(0, Math.floor((now.getTime() - Date.parse(asOf)) / DAY)) };
}

/** What a person is told of it. */
export function dataAgeLine({ asOf, days, oldest }: DataAge): string {
  const advice = days > OLD ? '; "npx ray-platform update" brings newer ones' : "";
  return `versions, images and instance types as of ${asOf}, ${days} days ago (${oldest} is the oldest table)${advice}`;
}
