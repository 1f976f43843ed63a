// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar, visit } from "yaml";
import { workflowFile, type WorkflowRecord } from "../gates/workflow-record";
import { githubLimit } from "../workflow-rules/github-limits";
import type { MadeWorkflow } from "./made-workflow";
import type { WorkflowDocument } from "./workflow-document";

/** What GitHub's parser counts of each part of a workflow, and of each text in it. */
const PART = 24;
const TEXT = 26;

/** Memory that a workflow takes when GitHub parses it; comments take none. */
export function parsedBytes({ document }: Pick<WorkflowDocument, "document">): number {
  let bytes = 0;
  visit(document, {
    Node: (_key, node) => {
      bytes += PART + (isScalar(node) ? TEXT + 2 * String(node.value ?? "").length : 0);
    },
  });
  return bytes;
}

/** The same with what the workflow calls, which is parsed for each call. */
export function parsedWithCalls(workflow: WorkflowDocument, called: WorkflowDocument): number {
  const calls = workflow.jobIds().filter((id) => workflow.job(id).has("uses")).length;
  return parsedBytes(workflow) + calls * parsedBytes(called);
}

/** What is to be said of a workflow with more calls than the parser has memory for; undefined if there is nothing. */
export function parserWarning(
  { id, called }: WorkflowRecord,
  workflowOf: (name: string) => MadeWorkflow | undefined,
): string | undefined {
  const [workflow, other] = called === undefined ? [] : [workflowOf(id), workflowOf(called)];
  const most = githubLimit("parsedBytes");
  if (workflow === undefined || other === undefined || mostBytes(workflow.toString(), other.toString()) <= most) {
    return undefined;
  }
  const bytes = parsedWithCalls(workflow.document(), other.document());
  return bytes <= most
    ? undefined
    : `${workflowFile({ id })} comes to ${mebibytes(bytes)} MiB in GitHub's parser, with what it calls for each of \`environments\`, ` +
        `and the parser's published sources admit ${mebibytes(most)}. If GitHub starts no run of it, keep some environments in another repository.`;
}

/** More than the texts of a workflow and of what it calls can come to: no part and no text is shorter than a character. */
function mostBytes(workflow: string, called: string): number {
  const calls = workflow.split("uses: ./").length - 1;
  return (workflow.length + calls * called.length) * (PART + TEXT + 2);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
