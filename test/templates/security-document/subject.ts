// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import type { platform } from "../configs";
import { type Json, policy, resource, resources } from "../synthesize";

/** What a row looks at: the default platform, and platforms that options make different. */
export interface Subject {
  readonly config: ReturnType<typeof platform>;
  readonly bootstrap: Json;
  readonly network: Json;
  readonly cluster: Json;
  readonly workloads: Json;
  readonly values: Json;
  readonly publicEndpoint: Json;
  readonly givenKey: Json;
  /** The stacks of an environment whose Ray pods have data. */
  readonly withData: { readonly bootstrap: Json; readonly cluster: Json };
}

export interface Row {
  readonly id: string;
  /** Holds while the control does. */
  readonly holds: (subject: Subject) => void;
  /** Breaks the control; `holds` must then throw. Several where a control has several ways to fail. */
  readonly breaks: Readonly<Record<string, (subject: Subject) => void>>;
}

const chartSchema = JSON.parse(readFileSync(join(__dirname, "../../../templates/helm/ray/values.schema.json"), "utf8"));

export const statement = (document: Json, sid: string): Json =>
  document.Statement.find((candidate: Json) => candidate.Sid === sid);
export const rewrite = (owner: Json, key: string, change: (document: Json) => void): void => {
  const document = policy(owner[key]);
  change(document);
  owner[key] = JSON.stringify(document);
};
export const role = (stack: Json, path: string): Json => resource(stack, "aws_iam_role", path);
export const rolePolicy = (stack: Json, path: string): Json => resource(stack, "aws_iam_role_policy", path);
export const key = ({ cluster }: Subject): Json => resource(cluster, "aws_kms_key", "encryption/key");
export const eks = ({ cluster }: Subject): Json => resource(cluster, "aws_eks_cluster", "control-plane/cluster");
export const templates = ({ cluster }: Subject): Json[] => resources(cluster, "aws_launch_template");
export const nodeGroups = ({ cluster }: Subject): Json[] => resources(cluster, "aws_eks_node_group");
export const isGpu = (group: Json): boolean => group.labels["nvidia.com/gpu.present"] === "true";
export const headSpec = ({ values }: Subject): Json => values.rayCluster.spec.headGroupSpec.template.spec;
export const workers = ({ values }: Subject): Json[] => values.rayCluster.spec.workerGroupSpecs;
export const podSpecs = (subject: Subject): Json[] => [
  headSpec(subject),
  ...workers(subject).map((group) => group.template.spec),
];
export const validateValues = new Ajv({ strict: false }).compile(chartSchema);
export const open = ["0.0.0.0/0", "::/0"];
export const ingress = (stack: Json): Json[] => resources(stack, "aws_vpc_security_group_ingress_rule");
export const egress = (stack: Json): Json[] => resources(stack, "aws_vpc_security_group_egress_rule");
export const trustOfRole = (one: Json): Json => policy(one.assume_role_policy).Statement[0];
export const trustOf = (stack: Json, path: string): Json => policy(role(stack, path).assume_role_policy).Statement[0];

/** Statements that write and whose resources or conditions do not name this cluster. */
export function unboundMutations(document: Json, cluster: string): string[] {
  const reading = /^(?:ec2:(?:Describe|Get)|autoscaling:Describe|eks:Describe|s3:ListBucket|ec2:CreateTags)/;
  return document.Statement.filter((candidate: Json) => {
    const actions = [candidate.Action].flat();
    // The account id is an expression too, and binds nothing.
    const bound = JSON.stringify([candidate.Resource, candidate.Condition ?? {}]).replace(
      /\$\{data\.[^}]*\}/g,
      "account",
    );
    const names = bound.includes(cluster) || bound.includes("ec2:Vpc") || bound.includes("${aws_");
    return actions.some((action: string) => !reading.test(action)) && !names;
  }).map((candidate: Json) => candidate.Sid);
}
