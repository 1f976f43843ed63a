// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";

/** Lowest and highest value of each field of a schedule. */
const FIELDS: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];

/** Five fields, as GitHub takes them. GitHub's own limit is every five minutes; ours is once an hour. */
export function checkSchedule(schedule: string | undefined, path: string, issues: IssueList): void {
  if (schedule === undefined || schedule === "") {
    return;
  }
  const fields = schedule.split(" ");
  const isValid =
    fields.length === FIELDS.length &&
    fields.every((field, index) => isCronField(field, FIELDS[index] as readonly [number, number]));
  if (!isValid) {
    issues.add(
      path,
      schedule,
      "five cron fields: minute, hour, day of month, month, day of week (0-6), in UTC",
      'write "17 4 * * 1" for Mondays at 04:17',
    );
  } else if (fields[0]?.includes("*")) {
    issues.add(path, schedule, "at most once an hour", "name the minute");
  }
}

function isCronField(field: string, [low, high]: readonly [number, number]): boolean {
  return field.split(",").every((part) => {
    const match = /^(\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    const numbers = [match?.[2], match?.[3]].filter((text) => text !== undefined).map(Number);
    return (
      match !== null &&
      match[4] !== "0" &&
      numbers.every((number) => number >= low && number <= high) &&
      (numbers[1] ?? high) >= (numbers[0] ?? low)
    );
  });
}
