// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Json } from "../../templates/synthesize";
import type { BrokenPlatform } from "../broken-platform";

export const ANYBODY = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
export const allow = (Action: string, Resource = "*") =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] });

/** Adds a statement to the trust policy of a role. */
export const trust =
  (layer: string, path: string, change: (statement: Json, document: Json) => void) =>
  (p: BrokenPlatform): void =>
    p.document(p.one(layer, "aws_iam_role", path), "assume_role_policy", (document) =>
      change(document.Statement[0], document),
    );

/** Changes the role's inline policy. */
export const inline =
  (path: string, change: (statements: Json[]) => void) =>
  (p: BrokenPlatform): void =>
    p.document(p.one("cluster", "aws_iam_role_policy", path), "policy", (document) => change(document.Statement));

export const attach = (layer: string, path: string, policy_arn: string) => (p: BrokenPlatform) =>
  p.add(layer, "aws_iam_role_policy_attachment", { role: p.ref(layer, "aws_iam_role", "name", path), policy_arn });

export const cluster = (p: BrokenPlatform): Json => p.one("cluster", "aws_eks_cluster");
export const template = (p: BrokenPlatform): Json => p.one("cluster", "aws_launch_template", "pool-cpu");
export const group = (p: BrokenPlatform, pool = "pool-cpu"): Json => p.one("cluster", "aws_eks_node_group", pool);
export const nodeGroupOf = (p: BrokenPlatform): string => p.ref("cluster", "aws_security_group", "id");
export const worker = (values: Json, number = 0): Json => values.rayCluster.spec.workerGroupSpecs[number].template.spec;
export const key = (p: BrokenPlatform): Json => p.one("cluster", "aws_kms_key");
export const sub = (statement: Json): string =>
  Object.keys(statement.Condition.StringEquals).find((name) => name.endsWith(":sub")) ?? "";
export const aud = (statement: Json): string =>
  Object.keys(statement.Condition.StringEquals).find((name) => name.endsWith(":aud")) ?? "";

export const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
export const BOUNDARY = "arn:aws:iam::111122223333:policy/ml-platform-prod/bootstrap/ml-platform-prod-boundary";
