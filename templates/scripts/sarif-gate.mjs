// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Prints the findings in SARIF files and fails on those from a severity on. For scanners whose own exit code says
// nothing about what they found, such as CodeQL.
//
//   node scripts/sarif-gate.mjs [--minimum-severity low|medium|high|critical] [--report-only] [--summary]
//     FILE_OR_DIRECTORY...
//
// --summary appends the findings to the summary of the run, GITHUB_STEP_SUMMARY.
//
// Ends with 1 on findings, with 2 if there is nothing to read or a scan says that it did not succeed: neither is a clean
// scan. --report-only forgives findings, not that.
import { appendFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { logText } from "./log-text.mjs";
import { isObject, parseJson, readBytes } from "./read-json.mjs";

const SEVERITIES = ["low", "medium", "high", "critical"];
/** Kinds of results that say that nothing is wrong. */
const NO_FINDINGS = ["pass", "notApplicable", "informational"];
/** More of a message is nobody's to read in a log. */
const LONGEST_MESSAGE = 2000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "minimum-severity": { type: "string", default: "low" },
    "report-only": { type: "boolean", default: false },
    summary: { type: "boolean", default: false },
  },
});
const minimum = SEVERITIES.indexOf(values["minimum-severity"]);
if (minimum < 0) {
  fail(`--minimum-severity is one of ${SEVERITIES.join(", ")}`);
}

const files = positionals.flatMap(sarifFiles);
const runs = files.flatMap(runsOf);
if (runs.length === 0) {
  fail(`no SARIF run in ${positionals.join(", ") || "no file"}`);
}
for (const run of runs) {
  const problem = problemOf(run);
  if (problem !== undefined) {
    fail(`${toolOf(run)} did not succeed: ${problem}`);
  }
}

const findings = runs
  .flatMap(findingsOf)
  .sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
const failing = findings.filter(({ severity }) => SEVERITIES.indexOf(severity) >= minimum);
for (const { severity, rule, place, message } of findings) {
  console.log(`${severity.padEnd(8)} ${logText(rule)} ${logText(place)}\n         ${logText(message)}`);
}
console.log(`${findings.length} findings, ${failing.length} of them ${values["minimum-severity"]} or worse`);
if (values.summary && process.env.GITHUB_STEP_SUMMARY) {
  appendFileSync(process.env.GITHUB_STEP_SUMMARY, summary());
}
process.exitCode = failing.length > 0 && !values["report-only"] ? 1 : 0;

/** The findings as a table in Markdown. GitHub takes a megabyte of summary. */
function summary() {
  const cell = (text) =>
    String(text)
      .replace(/[\r\n]+/g, " ")
      .replace(/[\\`|<>[\]*_@!#]/g, "\\$&")
      .slice(0, 300);
  const shown = findings.slice(0, 200);
  const rows = shown.map(
    ({ severity, rule, place, message }) => `| ${severity} | ${cell(rule)} | ${cell(place)} | ${cell(message)} |`,
  );
  return [
    `### ${cell([...new Set(runs.map(toolOf))].join(", "))}`,
    "",
    findings.length === 0 ? "No findings." : "| Severity | Rule | Place | Message |\n|---|---|---|---|",
    ...rows,
    ...(shown.length < findings.length ? ["", `and ${findings.length - shown.length} more, in the artifact`] : []),
    "",
    "",
  ].join("\n");
}

function toolOf(run) {
  return textOf(run.tool?.driver?.name) ?? "the scan";
}

/** Why the silence of a run means nothing; undefined if it means that nothing was found. */
function problemOf(run) {
  for (const invocation of run.invocations ?? []) {
    const { executionSuccessful, exitCodeDescription, processStartFailureMessage, exitSignalName } = invocation;
    const serious = ["toolExecutionNotifications", "toolConfigurationNotifications"]
      .flatMap((kind) => listOf(invocation[kind]))
      .find((notification) => notification?.level === "error");
    const said =
      textOf(exitCodeDescription) ??
      textOf(processStartFailureMessage) ??
      textOf(exitSignalName) ??
      (serious === undefined ? undefined : (messageOf(serious) ?? "its report does not say why"));
    // An error is a part of the scan that was not made, even where the tool went on.
    if (executionSuccessful !== true || serious !== undefined || (processStartFailureMessage ?? exitSignalName)) {
      return said ?? "its report does not say why";
    }
  }
  if (listOf(run.externalPropertyFileReferences?.results).length > 0) {
    return "its results are in files of their own";
  }
  // What scanned and found nothing says so with an empty list.
  return run.results === undefined ? "its report has no list of results" : undefined;
}

function messageOf({ message, descriptor }) {
  return textOf(message?.text) ?? textOf(message?.markdown) ?? textOf(descriptor?.id);
}

/** @throws nothing: what cannot be read ends the script */
function runsOf(file) {
  try {
    const { runs } = parseJson(readBytes(file).toString("utf8"));
    const isList = (value) => value === undefined || (Array.isArray(value) && value.every(isObject));
    const isRun = (run) => isObject(run) && isList(run.results) && isList(run.invocations);
    if (!Array.isArray(runs) || !runs.every(isRun)) {
      throw new Error("its runs are none");
    }
    if (runs.length === 0) {
      throw new Error("it has no run");
    }
    return runs;
  } catch (error) {
    return fail(`${file} is not SARIF: ${error.message}`);
  }
}

function sarifFiles(path) {
  let directory;
  try {
    directory = statSync(path).isDirectory();
  } catch (error) {
    fail(error.code === "ENOENT" ? `${path} does not exist` : `${path} cannot be read: ${error.message}`);
  }
  return directory
    ? readdirSync(path)
        .filter((name) => name.endsWith(".sarif"))
        .sort()
        .map((name) => join(path, name))
    : [path];
}

function findingsOf(run) {
  const { driver, extensions } = run.tool ?? {};
  const rules = new Map();
  for (const rule of [driver, ...listOf(extensions)].flatMap((component) => listOf(component?.rules))) {
    rules.set(rule?.id, rules.get(rule?.id) ?? rule);
  }
  /** By number, for a result that does not name its rule, or names a part of one. */
  const ruleAt = ({ ruleIndex, rule }) => {
    const component = rule?.toolComponent?.index === undefined ? driver : listOf(extensions)[rule.toolComponent.index];
    return listOf(component?.rules)[rule?.index ?? ruleIndex];
  };
  return (run.results ?? [])
    .filter(
      (result) => !isSuppressed(result) && !NO_FINDINGS.includes(result.kind) && result.baselineState !== "absent",
    )
    .map((result) => {
      const named = textOf(result.ruleId) ?? textOf(result.rule?.id);
      const rule = rules.get(named) ?? ruleAt(result);
      const location = listOf(result.locations)[0]?.physicalLocation;
      return {
        rule: named ?? textOf(rule?.id) ?? "unknown",
        severity: severityOf(result, rule),
        place: `${textOf(location?.artifactLocation?.uri) ?? "?"}:${textOf(location?.region?.startLine) ?? 1}`,
        message: (textOf(result.message?.text) ?? "").split("\n", 1)[0].slice(0, LONGEST_MESSAGE),
      };
    });
}

/** A suppression that was rejected, or that nobody has decided on, hides nothing. */
function isSuppressed({ suppressions }) {
  const isAccepted = (suppression) => (suppression?.status ?? "accepted") === "accepted";
  return Array.isArray(suppressions) && suppressions.length > 0 && suppressions.every(isAccepted);
}

/** GitHub's scale for `security-severity`: over 0 low, from 4 medium, from 7 high, from 9 critical. Else the level. */
function severityOf(result, rule) {
  const given = result.properties?.["security-severity"] ?? rule?.properties?.["security-severity"];
  const score = Number(textOf(given));
  if (score > 0) {
    return score >= 9 ? "critical" : score >= 7 ? "high" : score >= 4 ? "medium" : "low";
  }
  const level = result.level ?? rule?.defaultConfiguration?.level ?? "warning";
  return level === "error" ? "high" : level === "warning" ? "medium" : "low";
}

/** What a report says in words or numbers. Anything else that stands in their place says nothing. */
function textOf(value) {
  return ["string", "number"].includes(typeof value) ? String(value) : undefined;
}

function listOf(value) {
  return Array.isArray(value) ? value : [];
}

function fail(message) {
  console.error(`sarif-gate: ${logText(message)}`);
  process.exit(2);
}
