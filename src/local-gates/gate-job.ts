// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../file-presence";
import type { YAMLMap } from "yaml";
import { ExplainedError } from "../explained-error";
import { readForeignText } from "../foreign-file";
import { GATES } from "../gates";
import type { GateRecord } from "../gates/gate-record";
import { workflowFile } from "../gates/workflow-record";
import { readPinTable, repositoryOfAction } from "../workflow-rules/pin-table";
import {
  type JobView,
  mapOf,
  NotAWorkflow,
  parseWorkflow,
  type StepView,
  textOf,
  type WorkflowView,
} from "../workflow-rules/workflow-view";

/** A step's script, with its variables as the workflow says them. */
export interface ScriptStep {
  readonly name: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it runs after a step that failed. */
  readonly always: boolean;
}

/** A step that puts a program at its pin into RUNNER_TEMP. */
export interface InstallStep extends ScriptStep {
  /** Name of the program, a key of the table of pins. */
  readonly program: string;
  readonly version: string;
  readonly sha256: string;
}

/** A job of a gate's workflow, sorted into what prepares the runner and what judges. */
export interface GateJob {
  readonly gate: GateRecord;
  readonly id: string;
  /** Name of its check, as a pull request shows it. */
  readonly check: string;
  readonly installs: readonly InstallStep[];
  /** Programs that an action sets up, each with its version. */
  readonly setUp: readonly { readonly program: string; readonly version: string }[];
  /** The program that a step runs as an image, with its version. */
  readonly image?: { readonly program: string; readonly version: string };
  /** Whether it has what npm installs. */
  readonly installsDependencies: boolean;
  /** The script that synthesizes the stacks, if it needs them. */
  readonly synthesis?: string;
  /** Whether it only makes what another job judges. */
  readonly handsOver: boolean;
  /** What judges. */
  readonly scripts: readonly ScriptStep[];
  /** The SARIF file that it keeps. */
  readonly report?: string;
  /** An action that judges and that only GitHub can run. */
  readonly action?: string;
  readonly timeoutMinutes: number;
}

/** Actions that prepare a runner, or take away what was found: a machine needs none of them. */
const AROUND = new Set([
  "actions/checkout",
  "actions/download-artifact",
  "actions/setup-node",
  "actions/upload-artifact",
  "github/codeql-action/upload-sarif",
  "step-security/harden-runner",
]);

/** Jobs of all gates that the repository has, in the order of the gates. @throws ExplainedError for a workflow that is none */
export function gateJobs(root: string): GateJob[] {
  return GATES.flatMap((gate) => {
    const path = workflowFile(gate);
    const file = join(root, path);
    if (!isThere(file)) {
      return [];
    }
    const workflow = workflowIn(path, readForeignText(file));
    return workflow.jobs.map((job) => gateJob(gate, workflow, job)).filter(({ handsOver }) => !handsOver);
  });
}

function workflowIn(path: string, text: string): WorkflowView {
  try {
    return parseWorkflow(path, text);
  } catch (error) {
    throw error instanceof NotAWorkflow ? new ExplainedError(`${path} is not a workflow: ${error.message}`) : error;
  }
}

function gateJob(gate: GateRecord, workflow: WorkflowView, job: JobView): GateJob {
  const { tools, actions } = readPinTable();
  const outer = { ...envOf(workflow.root), ...envOf(job.node) };
  const scripts = job.steps.flatMap((step) => scriptStep(step, outer));
  const installs = scripts.flatMap((step) => installStep(gate, step));
  const rest = scripts.filter((script) => !installs.some(({ name }) => name === script.name));
  const used = job.steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses.split("@")[0] as string]));
  const setUp = used.flatMap((action) => {
    const program = actions[repositoryOfAction(action)]?.installs?.tool;
    return program === undefined ? [] : [{ program, version: tools[program]?.version ?? "" }];
  });
  const isSetUp = (action: string) => AROUND.has(action) || actions[repositoryOfAction(action)]?.installs !== undefined;
  const synthesis = rest.find(isSynthesis) ?? (rest.some(isTaking) ? synthesisIn(workflow) : undefined);
  const imageOf = gate.pins.find((name) => tools[name]?.image !== undefined);
  const usesImage = imageOf !== undefined && rest.some(({ run }) => /^\s*docker\s/m.test(run));
  const report = job.steps
    .filter(({ uses }) => uses?.startsWith("actions/upload-artifact@"))
    .map((step) => step.with.get("path") ?? "")
    .find((path) => /\.sarif(\.json)?$/.test(path));
  const action = used.find((name) => !isSetUp(name));
  return {
    gate,
    id: job.id,
    check: job.name ?? job.id,
    installs,
    setUp,
    ...(usesImage ? { image: { program: imageOf, version: tools[imageOf]?.version ?? "" } } : {}),
    installsDependencies: rest.some(isDependencyInstall),
    ...(synthesis === undefined ? {} : { synthesis: synthesis.run }),
    handsOver: rest.some(isPacking),
    scripts: rest.filter(
      (step) => ![isDependencyInstall, isSynthesis, isTaking, isNetworkCheck].some((is) => is(step)),
    ),
    ...(report === undefined ? {} : { report }),
    ...(action === undefined ? {} : { action }),
    timeoutMinutes: Number(textOf(job.node, "timeout-minutes") ?? 30),
  };
}

function scriptStep({ name, run, node, index }: StepView, outer: Readonly<Record<string, string>>): ScriptStep[] {
  if (run === undefined) {
    return [];
  }
  const always = /\b(always|cancelled|failure)\(\)/.test(textOf(node, "if") ?? "");
  return [{ name: name ?? `step ${index + 1}`, run, env: { ...outer, ...envOf(node) }, always }];
}

function installStep({ pins }: GateRecord, step: ScriptStep): InstallStep[] {
  const { VERSION: version, SHA256: sha256 } = step.env;
  const program = pins.find((pin) => step.name.toLowerCase() === `install ${pin}`);
  return program !== undefined && version !== undefined && sha256 !== undefined
    ? [{ ...step, program, version, sha256 }]
    : [];
}

/** npm alone, or after a comparison with the base branch. */
function isDependencyInstall({ run }: ScriptStep): boolean {
  return /^npm ci\b/.test(run.trim()) || run.includes("install-dependencies.mjs");
}

/** An ejected repository has the tasks as scripts. */
function isSynthesis({ run }: ScriptStep): boolean {
  return /^(npx --no-install projen|npm run) synth$/.test(run.trim());
}

/**
 * On a machine the stacks are synthesized where they are judged: whoever does it trusts their own code. What taking them would
 * refuse of what is scanned, the task that synthesizes says too.
 */
function isTaking({ run }: ScriptStep): boolean {
  return run.includes("scripts/take-stacks.mjs");
}

function isPacking({ run }: ScriptStep): boolean {
  return run.includes("scripts/pack-stacks.mjs");
}

/** How the job does it that hands the stacks over. */
function synthesisIn({ jobs }: WorkflowView): ScriptStep | undefined {
  return jobs
    .flatMap(({ steps }) => steps)
    .flatMap((step) => scriptStep(step, {}))
    .find(isSynthesis);
}

/** What harden-runner's agent does is a matter of the runner. */
function isNetworkCheck({ run }: ScriptStep): boolean {
  return run.includes("/home/agent/agent.json");
}

function envOf(node: YAMLMap): Record<string, string> {
  const env = mapOf(node, "env")?.toJSON() as Record<string, unknown> | undefined;
  return Object.fromEntries(Object.entries(env ?? {}).map(([name, value]) => [name, String(value)]));
}
