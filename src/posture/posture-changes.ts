// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { PostureControl } from "../reports/posture-report";

/** Pieces of evidence that a row has room for. */
const SHOWN = 3;

/**
 * What a change does to the controls, as Markdown for the summary of a pull request: a row for each control whose
 * state, statements or breaches differ. What the repository says is text in it, not Markdown.
 */
export function postureChanges(before: readonly PostureControl[], after: readonly PostureControl[]): string {
  const old = new Map(before.map((control) => [control.id, control]));
  const now = new Map(after.map((control) => [control.id, control]));
  const rows = [...new Set([...now.keys(), ...old.keys()])].flatMap((id) => row(id, old.get(id), now.get(id)) ?? []);
  const violated = (controls: readonly PostureControl[]) => controls.filter(({ state }) => state === "violated").length;
  const lines = [
    "### Controls",
    "",
    rows.length === 0
      ? `None of the ${now.size} controls changes.`
      : `${rows.length} of ${now.size} controls ${rows.length === 1 ? "changes" : "change"}; violated before: ${violated(before)}, after: ${violated(after)}.`,
  ];
  if (rows.length > 0) {
    lines.push("", "| Control | Before | After | Evidence |", "|---|---|---|---|", ...rows);
    lines.push("", "`npx ray-platform explain CONTROL` says what a control requires.");
  }
  return `${lines.join("\n")}\n`;
}

function row(id: string, before: PostureControl | undefined, after: PostureControl | undefined): string | undefined {
  if (key(before) === key(after)) {
    return undefined;
  }
  const [from, to] = [stateText(before), stateText(after)];
  const sentences = after?.statements.map(({ sentence }) => plain(sentence)).join(" ");
  // Where the state is the same, its sentence or its breaches are what changed.
  const said = from === to && after?.state !== "violated" && sentences ? `${to}: ${sentences}` : to;
  return `| ${code(id)} | ${from} | ${said} | ${evidenceText(after ?? before)} |`;
}

/** What a reader would call a change: lines move with every edit. */
function key(control: PostureControl | undefined): string {
  const { state, statements, evidence = [] } = control ?? {};
  const breaches = evidence.flatMap(({ file, resource, problem }) =>
    problem === undefined ? [] : [JSON.stringify([file, resource, problem])],
  );
  return JSON.stringify([state, statements, breaches.sort()]);
}

/** A state, and what becomes of the control in environments that differ from it. */
function stateText(control: PostureControl | undefined): string {
  if (control === undefined) {
    return "–";
  }
  const differing = control.statements
    .filter(({ state }) => state !== "held" && state !== control.state)
    .map(({ state, environments }) => `${state} in ${environments.map(code).join(", ")}`);
  return [control.state, ...differing].join("; ");
}

function evidenceText(control: PostureControl | undefined): string {
  const evidence = control?.evidence ?? [];
  const shown = evidence.slice(0, SHOWN).map(({ file, line, resource, problem }) => {
    const place = code(line === undefined ? file : `${file}:${line}`);
    const address = resource === undefined || resource === "" ? [] : [code(resource)];
    return [place, ...address, ...(problem === undefined ? [] : [code(problem)])].join(" ");
  });
  const more = evidence.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("<br>") || "none";
}

/** Text inside a code span of a table: nothing in it may end the span, the cell or the line. */
function code(text: string): string {
  return `\`${plain(text)}\``;
}

function plain(text: string): string {
  return text
    .replace(/[`\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "'")
    .replaceAll("\\", "/")
    .replaceAll("|", "\\|");
}
