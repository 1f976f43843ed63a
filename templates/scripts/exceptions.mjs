// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Fails on exceptions that have expired. The generator has no clock, so that the same options give the same bytes on any
// day; this script has one, and runs in the lint task and in CI.
//
//   node scripts/exceptions.mjs [--today YYYY-MM-DD]
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const LIST = ".ray-platform/exceptions.json";

const { values } = parseArgs({
  options: { today: { type: "string", default: new Date().toISOString().slice(0, 10) } },
});
const { exceptions } = JSON.parse(readFileSync(LIST, "utf8"));
const expired = exceptions.filter(({ expires }) => expires !== null && expires < values.today);
for (const { option, id, reason, expires } of expired) {
  console.error(
    `${option}: the exception for '${id}' expired on ${expires} (${reason}). Fix the finding, or decide again and move the date in the options.`,
  );
}
console.log(`${exceptions.length} exceptions, ${expired.length} expired`);
process.exitCode = expired.length > 0 ? 1 : 0;
