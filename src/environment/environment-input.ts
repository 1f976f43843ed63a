// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { partitionOf } from "../config/regions";
import { isObject, type JsonObject, objectOf, parseJson } from "../json-object";
import { objectAt } from "../policy/json";
import { accessFacts, type AccessFact, address, type RoleFacts } from "./access-facts";
import {
  type HelmRelease,
  type KubernetesObject,
  objectsOf,
  type RayCluster,
  type RayPod,
  rayClustersIn,
  rayPodsIn,
  releasesOf,
} from "./kubernetes-objects";
import { type Account, type ResolvedResource, StackValues } from "./stack-values";
import { type TrafficRule, trafficRules } from "./traffic-rules";

/** What is known of a stack: what was synthesized, or a plan of it. */
export type StackSource = "synthesized" | "plan";

/** What the rules of the controls judge: everything that one environment is made of. */
export interface EnvironmentInput {
  readonly environment: string;
  /** The environment as `platform.json` resolves it. */
  readonly config: JsonObject;
  readonly repository: JsonObject;
  readonly account: { readonly id: string; readonly region: string; readonly partition: string };
  /** ARNs of the permissions boundaries that the environment's roles may have. */
  readonly boundaries: readonly string[];
  readonly stacks: Readonly<Record<string, StackSource>>;
  /** By type. */
  readonly resources: Readonly<Record<string, readonly EnvironmentResource[]>>;
  readonly backends: readonly { readonly stack: string; readonly kind: string; readonly config: JsonObject }[];
  readonly roles: readonly RoleFacts[];
  readonly answers: readonly AccessFact[];
  readonly traffic: readonly TrafficRule[];
  readonly releases: readonly HelmRelease[];
  readonly objects: readonly KubernetesObject[];
  readonly pods: readonly RayPod[];
  readonly rayClusters: readonly RayCluster[];
}

/** A resource, whichever stack it is in. */
export interface EnvironmentResource {
  /** `STACK/TYPE.NAME`. */
  readonly address: string;
  readonly stack: string;
  readonly type: string;
  readonly ids: readonly string[];
  readonly values: JsonObject;
  /** Policies and other JSON among the values, by attribute, for those that can be read. */
  readonly documents: JsonObject;
}

// Where the account is not fixed.
const ANY_ACCOUNT = "000000000000";

// Of Terraform, not of the resource.
const META_ARGUMENTS: ReadonlySet<string> = new Set(["//", "depends_on", "lifecycle", "connection", "provisioner"]);

// Attributes that hold JSON.
const JSON_ATTRIBUTES = ["policy", "assume_role_policy", "redrive_policy", "access_policy", "access_policies"];

/** Kinds that no rule reads as they are: there are many, or the input says elsewhere what they mean. */
const UNREAD_TYPES: ReadonlySet<string> = new Set([
  "aws_autoscaling_group_tag",
  "aws_ecr_lifecycle_policy",
  "aws_ecr_repository",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_iam_role_policy_attachment",
  "aws_kms_alias",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
  "helm_release",
  "terraform_data",
]);

/**
 * The input of an environment.
 *
 * @param platform the content of `src/platform/platform.json`
 * @param config the environment's part of it
 * @param stacks the contents of `cdk.tf.json` by stack name: the environment's, and those that belong to none
 * @param planned the values of a plan by stack name, in the form of a stack
 */
export function environmentInput(
  platform: JsonObject,
  config: JsonObject,
  stacks: Readonly<Record<string, JsonObject>>,
  planned: ReadonlySet<string> = new Set(),
): EnvironmentInput {
  const region = String(config.region);
  const accountId = typeof config.accountId === "string" ? config.accountId : ANY_ACCOUNT;
  const partition = partitionOf(region);
  const account = { accountId, region, partition };
  const { resources } = new StackValues(stacks, account);
  const boundaries = boundaryArns(config, account);
  const access = objectAt(config, "access");
  const cluster = objectAt(config, "cluster");
  const deployment = objectAt(config, "deployment");
  const { roles, answers } = accessFacts(resources, {
    accountId,
    partition,
    clusterName: String(cluster.name),
    boundaryArn: boundaries[0] ?? "",
    deployers: names(deployment.applyRoleName, ...peopleOf(access, "administrator")),
    readers: names(deployment.planRoleName, deployment.driftRoleName),
  });
  const releases = releasesOf(resources);
  const objects = objectsOf(resources);
  return {
    environment: String(config.name),
    config,
    repository: objectAt(platform, "repository"),
    account: { id: accountId, region, partition },
    boundaries,
    stacks: Object.fromEntries(Object.keys(stacks).map((name) => [name, planned.has(name) ? "plan" : "synthesized"])),
    resources: byType(resources),
    backends: Object.entries(stacks).flatMap(([stack, document]) =>
      Object.entries(objectAt(objectAt(document, "terraform"), "backend")).map(([kind, backend]) => ({
        stack,
        kind,
        config: objectOf(backend),
      })),
    ),
    roles,
    answers,
    traffic: trafficRules(resources),
    releases,
    objects,
    pods: rayPodsIn(releases, objects),
    rayClusters: rayClustersIn(releases, objects),
  };
}

/** The boundary of the environment's roles first: the given one, or the one that bootstrap makes; then that of Ray's pods. */
function boundaryArns(config: JsonObject, { partition, accountId }: Account): string[] {
  const { permissionsBoundaryArn } = objectAt(config, "cluster");
  const access = objectAt(config, "access");
  const made = (name: unknown): string =>
    `arn:${partition}:iam::${accountId}:policy${String(access.bootstrapPath)}${String(name)}`;
  const own = typeof permissionsBoundaryArn === "string" ? permissionsBoundaryArn : made(access.boundaryName);
  return [own, ...(isObject(access.rayBoundary) ? [made(access.rayBoundary.name)] : [])];
}

function byType(resources: readonly ResolvedResource[]): Record<string, EnvironmentResource[]> {
  const found: Record<string, EnvironmentResource[]> = {};
  for (const resource of resources) {
    const { type, stack, ids, body } = resource;
    if (!UNREAD_TYPES.has(type)) {
      const entry = {
        address: address(resource),
        stack,
        type,
        ids,
        values: withoutMeta(body),
        documents: documentsOf(body),
      };
      found[type] = [...(found[type] ?? []), entry];
    }
  }
  return found;
}

function peopleOf(access: JsonObject, kind: string): unknown[] {
  const people = Array.isArray(access.people) ? (access.people as unknown[]) : [];
  return people.filter(isObject).flatMap((person) => (person.kind === kind ? [person.roleName] : []));
}

function names(...values: unknown[]): string[] {
  return values.filter((value) => typeof value === "string");
}

function withoutMeta(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !META_ARGUMENTS.has(key)));
}

function documentsOf(body: JsonObject): JsonObject {
  return Object.fromEntries(
    JSON_ATTRIBUTES.flatMap((key) => {
      const text = body[key];
      try {
        return typeof text === "string" ? [[key, parseJson(text)]] : [];
      } catch {
        return [];
      }
    }),
  );
}
