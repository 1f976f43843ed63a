// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { WORKFLOWS } from "../config/workflow-list";
import { assert, type WorkflowDocument } from "./workflow-document";

/** How the workflow files synthesize; linters and readers see the plain command there. */
const PLAIN_SYNTHESIS = "npx --no-install projen synth";
const PLAIN_INSTALL = "npm ci --ignore-scripts";

const JOB = "synthesize";
const ARTIFACT = "synthesized-stacks";
const MINUTES = 15;

const WHY =
  " The code that synthesizes would run next to what judges it, and could change the verdict: it runs here, and the other job gets\n" +
  " what it wrote.";
const WHY_NOT_LEFT_OUT =
  " GitHub would take a job that is left out for one that succeeded. Without stacks this one fails.";

/** What follows the synthesis where the stacks are handed over. */
const HAND_OVER = [
  { name: "Pack the synthesized stacks", id: "pack", run: 'node scripts/pack-stacks.mjs "$RUNNER_TEMP/stacks.json"' },
  {
    name: "Hand the synthesized stacks over",
    uses: "actions/upload-artifact@",
    with: {
      name: ARTIFACT,
      path: "${{ runner.temp }}/stacks.json",
      "if-no-files-found": "error",
      "retention-days": 1,
    },
  },
];

/** What stands in the place of the synthesis where the stacks are judged. */
const TAKING = [
  {
    name: "Fetch the synthesized stacks",
    uses: "actions/download-artifact@",
    with: { name: ARTIFACT, path: "${{ runner.temp }}/synthesized" },
  },
  {
    name: "Take the synthesized stacks",
    env: { DIGEST: `\${{ needs.${JOB}.outputs.digest }}` },
    run: 'node scripts/take-stacks.mjs "$RUNNER_TEMP/synthesized/stacks.json" "$DIGEST"',
  },
];

/**
 * Lets no code of a change run in the job that judges what this code synthesizes: there it could replace the scanner, its settings or
 * its report. It runs in a job of its own, and the job that judges takes the stacks as data, by the digest that GitHub keeps.
 */
export function synthesizeApart(workflow: WorkflowDocument): void {
  const judge = WORKFLOWS.find(({ id }) => id === workflow.name)?.synthesizedFor;
  if (judge === undefined) {
    return;
  }
  const judging = workflow.jobIds().filter((id) => workflow.steps(id).some(isSynthesis));
  assert(judging.length === 1, `${workflow.name}: ${judging.length} jobs synthesize`);
  const job = workflow.job(judging[0] as string);
  const steps = job.get("steps") as YAMLSeq<YAMLMap>;
  const apart = jobApart(workflow, judge, job, steps.items);
  steps.items = steps.items.flatMap((step) => (isSynthesis(step) ? taking(workflow, step) : [step]));
  if (!steps.items.some((step) => String(step.get("run") ?? "").includes("node_modules/"))) {
    steps.items = steps.items.filter((step) => step.get("run") !== PLAIN_INSTALL);
  }
  workflow.insertAfter(job, "name", "needs", workflow.list([JOB]));
  workflow.insertAfter(job, "needs", "if", "${{ !cancelled() }}");
  keyOf(job, "if").commentBefore = WHY_NOT_LEFT_OUT;
  const [first] = workflow.jobs.items;
  (first?.key as Scalar).spaceBefore = true;
  workflow.jobs.items.unshift(workflow.document.createPair(JOB, apart) as Pair<Scalar, YAMLMap>);
}

/** Reads the repository and does no more, whatever the job that judges may do. */
function jobApart(workflow: WorkflowDocument, judge: string, job: YAMLMap, steps: readonly YAMLMap[]): YAMLMap {
  const { document } = workflow;
  const prepared = steps
    .filter((step) => isPreparation(step) || isSynthesis(step))
    .map((step) => step.clone() as YAMLMap);
  prepared.forEach((step) => {
    step.delete("id");
    step.commentBefore = undefined;
  });
  const apart = document.createNode({
    name: `Synthesize for ${judge}`,
    "runs-on": job.get("runs-on"),
    "timeout-minutes": MINUTES,
    permissions: { contents: "read" },
    outputs: { digest: "${{ steps.pack.outputs.digest }}" },
  }) as YAMLMap;
  apart.setIn(["permissions", "contents"], document.createNode("read"));
  (apart.getIn(["permissions", "contents"], true) as Scalar).comment = " check out the repository";
  keyOf(apart, "runs-on").commentBefore = WHY;
  const made = document.createNode([]) as YAMLSeq<YAMLMap>;
  made.items = [...prepared, ...HAND_OVER.map((step) => document.createNode(step) as YAMLMap)];
  apart.set("steps", made);
  return apart;
}

/** Later steps may ask how the synthesis ended: they ask the taking. */
function taking(workflow: WorkflowDocument, synthesis: YAMLMap): YAMLMap[] {
  const made = TAKING.map((step) => workflow.document.createNode(step) as YAMLMap);
  if (synthesis.has("id")) {
    workflow.insertAfter(made.at(-1) as YAMLMap, "name", "id", synthesis.get("id"));
  }
  return made;
}

function isSynthesis(step: YAMLMap): boolean {
  return step.get("run") === PLAIN_SYNTHESIS;
}

function isPreparation(step: YAMLMap): boolean {
  return /^actions\/(?:checkout|setup-node)@/.test(String(step.get("uses") ?? "")) || step.get("run") === PLAIN_INSTALL;
}

function keyOf(map: YAMLMap, name: string): Scalar {
  const key = map.items.map((item) => item.key as Scalar).find(({ value }) => value === name);
  assert(key !== undefined, `nothing is called '${name}'`);
  return key;
}
