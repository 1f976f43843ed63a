// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Prints what Terraform does without a value: addresses, actions, times, and of an error what kind it is. Everything that
// Terraform says goes to a file, which nobody sees until it is encrypted.
//
//   terraform plan -json ... 2>&1 | node scripts/terraform-log.mjs FILE
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { logText } from "./log-text.mjs";
import { parseJson } from "./read-json.mjs";
import { knownWords } from "./terraform-words.mjs";

/** Seconds between two lines of an action that goes on; Terraform speaks every ten. */
const PROGRESS_INTERVAL = 60;
/** Words by which AWS, Kubernetes and HTTP name a kind of error. */
const ERROR_KINDS =
  /\b(?:[A-Z][A-Za-z]*(?:Exception|Denied|Fault|Exceeded|Throttled|NotFound|AlreadyExists)|AccessDenied\w*|StatusCode: \d{3}|RequestID: [0-9a-f-]{36}|context deadline exceeded|i\/o timeout|connection refused|no such host|UPGRADE FAILED|timed out waiting for the condition)\b/g;

const file = process.argv[2];
if (file === undefined) {
  console.error("usage: terraform-log.mjs FILE < what terraform -json prints");
  process.exit(2);
}

const SAID = {
  planned_change: ({ change }) => (change.action === "read" ? undefined : `${change.action} ${address(change)}`),
  resource_drift: ({ change }) => `changed outside of Terraform: ${change.action} ${address(change)}`,
  change_summary: ({ changes }) =>
    `${changes.operation}: ${["add", "change", "remove"].map((kind) => `${Number(changes[kind] ?? 0)} to ${kind}`).join(", ")}`,
  apply_start: ({ hook }) => `${hook.action} ${address(hook)} ...`,
  apply_progress: ({ hook }) =>
    hook.elapsed_seconds % PROGRESS_INTERVAL === 0
      ? `${hook.action} ${address(hook)} ... ${Number(hook.elapsed_seconds)} s`
      : undefined,
  apply_complete: ({ hook }) => `${hook.action} ${address(hook)}: done after ${Number(hook.elapsed_seconds)} s`,
  apply_errored: ({ hook }) => `${hook.action} ${address(hook)}: failed after ${Number(hook.elapsed_seconds)} s`,
  diagnostic: ({ diagnostic }) => diagnosed(diagnostic),
};

// Whatever comes, this reads on: a program that ends here would end an apply in the middle.
let unread = 0;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  try {
    appendFileSync(file, `${line}\n`, { mode: 0o600 });
    const message = parsed(line);
    const text = message !== undefined && Object.hasOwn(SAID, message.type) ? SAID[message.type](message) : undefined;
    if (text !== undefined) {
      console.log(text);
    }
  } catch {
    unread += 1;
  }
}
if (unread > 0) {
  console.log(`::warning::${unread} of Terraform's messages could not be read.`);
}

/** @returns undefined for what is not a message: a crash, or what a library prints past Terraform */
function parsed(line) {
  try {
    const message = parseJson(line);
    return typeof message?.type === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

/** A key of `for_each` is part of the address, and the only part that is not a name from the configuration. */
function address({ resource }) {
  return logText(resource.addr);
}

/**
 * A provider's text can contain values. Only the first words of the summary that are known are printed, and the kinds of error in
 * either.
 */
function diagnosed({ severity, summary = "", detail = "", address: where, range }) {
  const kinds = [...new Set(`${summary} ${detail}`.match(ERROR_KINDS) ?? [])];
  const place = where ?? (range === undefined ? undefined : `${range.filename}:${range.start.line}`);
  const text = [knownWords(summary), ...kinds].filter((part) => part !== "").join("; ");
  return `${severity === "error" ? "::error::" : "warning: "}${logText(`${place === undefined ? "" : `${place}: `}${text || "nothing can be shown without a value"}`)}`;
}
