// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Fails on exceptions that have expired, and on comments and files that silence a scanner without being registered in the
// option workflows.inlineSuppressions. The generator has no clock, so that the same options give the same bytes on any
// day; this script has one, and runs in the lint task and in CI.
//
//   node scripts/exceptions.mjs [--today YYYY-MM-DD]
import { parseArgs } from "node:util";
import { suppressions } from "./inline-suppressions.mjs";
import { logText } from "./log-text.mjs";
import { readObject } from "./read-json.mjs";

const LIST = ".ray-platform/exceptions.json";
/** More suppressions than anybody corrects from a log. */
const MOST_SHOWN = 200;

const { values } = parseArgs({
  options: { today: { type: "string", default: new Date().toISOString().slice(0, 10) } },
});
/** Dates are compared as text, so another format would never expire. */
const isDay = (text) => {
  const day = new Date(`${text}T00:00:00Z`);
  return typeof text === "string" && !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
};
const { exceptions, inlineSuppressions = [] } = readObject(LIST, {
  exceptions: [{ option: "", id: "", reason: "", expires: (value) => value === null || isDay(value) }],
  "inlineSuppressions?": [{ path: "", reason: "", expires: isDay }],
});
const registered = inlineSuppressions.map(({ path, reason, expires }, index) => ({
  option: `workflows.inlineSuppressions[${index}]`,
  id: path,
  reason,
  expires,
}));
const all = [...exceptions, ...registered];
const expired = all.filter(({ expires }) => expires !== null && expires < values.today);
for (const { option, id, reason, expires } of expired) {
  console.error(
    logText(
      `${option}: the exception for '${id}' expired on ${expires} (${reason}). Fix the finding, or decide again and move the date in the options.`,
    ),
  );
}

const covers = (path, file) => file === path || file.startsWith(`${path.replace(/\/$/, "")}/`);
const unregistered = found().filter(({ file }) => !inlineSuppressions.some(({ path }) => covers(path, file)));
for (const { file, line, tool, text } of unregistered.slice(0, MOST_SHOWN)) {
  console.error(
    logText(
      `${file}:${line}: '${text}' silences ${tool} without a reason or a last day. Name the finding in the exceptions of the gate, or the file in workflows.inlineSuppressions, in .projenrc.ts.`,
    ),
  );
}
if (unregistered.length > MOST_SHOWN) {
  console.error(`and ${unregistered.length - MOST_SHOWN} more`);
}
console.log(`${all.length} exceptions, ${expired.length} expired, ${unregistered.length} unregistered suppressions`);
process.exitCode = expired.length > 0 || unregistered.length > 0 ? 1 : 0;

function found() {
  try {
    return suppressions(".");
  } catch (error) {
    console.error(logText(error.message));
    process.exit(2);
  }
}
