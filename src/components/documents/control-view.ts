// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { EnvironmentConfig } from "../../config/platform-config";
import type { PipelineFacts } from "../../controls/control-facts";
import {
  type ControlRecord,
  type ControlState,
  controlRecords,
  type Framework,
  frameworks,
  LAYERS,
} from "../../controls/control-record";
import { type StatedControl, statedControl } from "../../controls/control-state";
import { codeList } from "./markdown-text";

/** A control as a row of the register. */
export interface ControlRow {
  readonly id: string;
  readonly stateText: string;
  readonly statement: string;
  readonly implementedLinks: string;
  readonly ruleText: string;
  readonly testText: string;
  readonly notProvenText: string;
}

/** A framework with the controls that help with it here. */
export interface FrameworkView {
  readonly name: string;
  readonly source: string;
  readonly numbers: readonly { readonly number: string; readonly controlText: string }[];
}

/** A layer of the diagram. */
export interface LayerView {
  readonly layer: number;
  readonly layerName: string;
  readonly boxes: readonly { readonly box: string; readonly label: string }[];
  /** Boxes joined by arrows. */
  readonly chain: string;
}

/** What the documents say of the controls of a repository. */
export interface ControlsView {
  readonly register: readonly ControlRow[];
  readonly frameworks: readonly FrameworkView[];
  readonly layers: readonly LayerView[];
  /** Ids of controls that no rule of the repository guards. */
  readonly unguardedText: string;
}

const STATES: Readonly<Record<ControlState, string>> = {
  held: "in force",
  weakened: "weaker by option",
  delegated: "the owner's",
  absent: "not here",
};

const TESTS: Readonly<Record<string, string>> = {
  synth: "stack tests",
  policies: "policy tests",
  workflows: "workflow rules",
};

const WORKFLOW_DIRECTORY = ".github/workflows/";

/** A box of the diagram: a name that people know, for some controls of one layer. */
interface Box {
  readonly box: string;
  readonly title: string;
  readonly detail?: string;
  readonly controls: readonly string[];
}

/** The diagram's boxes, by layer. */
const BOXES: readonly (readonly Box[])[] = [
  [
    { box: "GA", title: "GitHub App", detail: "short-lived tokens", controls: ["APP-01", "APP-02"] },
    { box: "OIDC", title: "AWS OIDC federation", detail: "no static credentials", controls: ["OIDC-01", "OIDC-02"] },
    { box: "IRSA", title: "IRSA", detail: "IAM roles for pods", controls: ["IRSA-01"] },
  ],
  [
    { box: "VPC", title: "Private subnets", controls: ["NET-04"] },
    { box: "SG", title: "Security groups", detail: "RFC 1918 egress", controls: ["NET-01", "NET-03"] },
    { box: "EP", title: "Private EKS endpoint", controls: ["EKS-01", "EKS-02"] },
  ],
  [
    {
      box: "KMS",
      title: "KMS envelope encryption",
      detail: "Kubernetes secrets, logs",
      controls: ["KMS-01", "KMS-06"],
    },
    { box: "EBS", title: "EBS volume encryption", controls: ["EBS-01"] },
    { box: "TLS", title: "TLS to AWS and Kubernetes", controls: ["TLS-01"] },
  ],
  [
    { box: "OPA", title: "OPA policies", detail: "Terraform and Ray", controls: ["OPA-01", "OPA-02"] },
    { box: "SCAN", title: "Static analysis", controls: ["CI-01", "CI-02"] },
    { box: "GL", title: "Secret scanning", controls: ["CI-04"] },
  ],
  [
    { box: "IMDS", title: "IMDSv2 required", controls: ["IMDS-01"] },
    { box: "TAINT", title: "GPU node taints", controls: ["NODE-01"] },
    { box: "POD", title: "Pod security context", detail: "non-root, fsGroup", controls: ["POD-01"] },
  ],
];

/** Gathers the view. */
export function controlsView(
  environments: readonly EnvironmentConfig[],
  pipeline: PipelineFacts,
  hasWorkflows: boolean,
): ControlsView {
  const stated = controlRecords().map((record) => ({
    record,
    statements: statedControl(record, environments, pipeline),
  }));
  const byId = new Map(stated.map(({ record, statements }) => [record.id, statements]));
  return {
    register: stated.map(({ record, statements }) => controlRow(record, statements, hasWorkflows)),
    frameworks: frameworks().map((framework) => frameworkView(framework, stated, environments.length)),
    layers: LAYERS.map((layerName, index) => ({
      layer: index + 1,
      layerName,
      boxes: BOXES[index].map((box) => ({ box: box.box, label: labelOf(box, byId, environments.length) })),
      chain: BOXES[index].map(({ box }) => box).join(" --> "),
    })),
    unguardedText: stated
      .filter(({ record, statements }) => record.rules.length === 0 && statements.some(isInForce))
      .map(({ record }) => record.id)
      .join(", "),
  };
}

function isInForce({ state }: StatedControl): boolean {
  return state === "held" || state === "weakened";
}

function controlRow(record: ControlRecord, statements: readonly StatedControl[], hasWorkflows: boolean): ControlRow {
  const link = (path: string) =>
    path.startsWith(WORKFLOW_DIRECTORY) && !hasWorkflows ? "workflows (not generated)" : `[\`${path}\`](../${path})`;
  const states = new Set(statements.map(({ state }) => state));
  return {
    id: record.id,
    stateText:
      states.size === 1
        ? STATES[statements[0].state]
        : statements.map(({ state, environments }) => `${STATES[state]} (${codeList(environments)})`).join("; "),
    statement:
      statements.length === 1
        ? statements[0].sentence
        : statements.map(({ sentence, environments }) => `${codeList(environments)}: ${sentence}`).join(" "),
    implementedLinks: record.implemented.map(link).join(", "),
    ruleText: record.rules.length === 0 ? "—" : codeList(record.rules),
    testText: TESTS[record.tested] ?? record.tested,
    notProvenText: record.notProven ?? "—",
  };
}

function frameworkView(
  { id, name, source, numbers }: Framework,
  stated: readonly { readonly record: ControlRecord; readonly statements: readonly StatedControl[] }[],
  environmentCount: number,
): FrameworkView {
  const controlsOf = (number: string) =>
    stated
      .filter(({ record }) => record.mappings[id]?.includes(number))
      .flatMap(({ record, statements }) => {
        const where = statements.filter(isInForce).flatMap(({ environments }) => environments);
        return where.length === 0
          ? []
          : [where.length === environmentCount ? record.id : `${record.id} (${codeList(where)})`];
      });
  return {
    name,
    source,
    numbers: numbers.map((number) => ({ number, controlText: controlsOf(number).join(", ") || "none here" })),
  };
}

/** What a box says: its title, its detail where all is in force, and what is not as it says. */
function labelOf(
  { title, detail, controls }: Box,
  statements: ReadonlyMap<string, readonly StatedControl[]>,
  environmentCount: number,
): string {
  const all = controls.flatMap((id) => statements.get(id) ?? []);
  const inForce = new Set(all.filter(isInForce).flatMap(({ environments }) => environments));
  const remark =
    inForce.size === 0
      ? all.some(({ state }) => state === "delegated")
        ? STATES.delegated
        : STATES.absent
      : inForce.size < environmentCount
        ? `in ${[...inForce].join(", ")} only`
        : all.every(({ state }) => state === "held")
          ? undefined
          : all.some(({ state }) => state === "weakened")
            ? STATES.weakened
            : "in part";
  return [title, inForce.size === 0 ? undefined : detail, remark].filter((line) => line !== undefined).join("<br/>");
}
