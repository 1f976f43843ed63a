// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { DataAccess } from "../options/data-access";
import type { IssueList } from "../options/option-issues";
import type { RayDataOptions } from "../options/ray-data-options";
import type { RayPolicyOptions } from "../options/ray-policy-options";
import type { MergedSettings } from "./merged-settings";
import { checkPattern, isPattern } from "./patterns";
import type { RayBucketConfig, RayIdentityConfig, WorkloadStatementConfig } from "./platform-config";

/** IAM's bounds, without white space: of a managed policy, which a boundary is, and of all inline policies of a role. */
const BOUNDARY_LENGTH = 6144;
const ROLE_LENGTH = 10240;

/** `<cluster>-<name>-irsa` has at most 64 characters, and a cluster's name may have 40. */
const ROLE_NAME_LENGTH = 18;

/** Names that the head's and the workers' own role have. */
const TAKEN = ["ray-head", "ray-workers"];

/** Services whose actions would let a pod give itself rights, or leave the account. */
const NEVER = ["iam", "sts", "organizations", "account", "sso", "identitystore"];

/** Who reaches what: service accounts, and which of them the head and each worker group run as. */
export interface ResolvedRayData {
  readonly identities: readonly RayIdentityConfig[];
  readonly head: string | null;
  /** By position of the worker group. */
  readonly groups: readonly (string | null)[];
}

/**
 * Resolves what Ray's pods reach in AWS. A role trusts one service account, so the head, which talks to the Kubernetes
 * API, has its own beside the workers', and a worker group with data of its own has one too.
 */
export function resolveRayData(
  merged: MergedSettings,
  region: string,
  groupNames: readonly string[],
  issues: IssueList,
): ResolvedRayData {
  const { ray = {}, cluster = {} } = merged.settings;
  const at = (field: string) => merged.path("ray", field);
  const identities: RayIdentityConfig[] = [];
  const identity = (
    data: RayDataOptions | undefined,
    path: string,
    serviceAccount: string,
    roleName: string,
  ): string | null => {
    const statements = dataStatements(data ?? {}, region);
    if (statements.length === 0) {
      return null;
    }
    if (policyLength(statements) > ROLE_LENGTH) {
      issues.add(
        path,
        statements.length,
        `its role would have more than the ${ROLE_LENGTH} characters that IAM admits`,
        "name fewer buckets, or fewer prefixes of them",
      );
    }
    identities.push({
      serviceAccount,
      roleName,
      buckets: (data?.buckets ?? []).map(resolveBucket),
      secrets: (data?.secrets ?? []).map(({ name }) => name),
      permits: inWords(data ?? {}),
      statements,
    });
    return serviceAccount;
  };

  checkData(ray.data ?? {}, at("data"), issues);
  checkData(ray.headData ?? {}, at("headData"), issues);
  const head = identity(
    ray.headData ?? ray.data,
    at(ray.headData === undefined ? "data" : "headData"),
    "ray-head",
    "ray-head",
  );
  const own = groupNames.map((_, index) => ray.workerGroups?.[index]?.data);
  own.forEach((data, index) => checkData(data ?? {}, at(`workerGroups[${index}].data`), issues));
  const workers = own.every((data) => data !== undefined)
    ? null
    : identity(ray.data, at("data"), "ray-workers", "ray-workers");
  const groups = groupNames.map((name, index) =>
    own[index] === undefined
      ? workers
      : identity(own[index], at(`workerGroups[${index}].data`), `ray-group-${name}`, groupRoleName(name)),
  );
  const boundary = rayBoundary(identities);
  if (cluster.permissionsBoundaryArn === undefined && policyLength(boundary) > BOUNDARY_LENGTH) {
    issues.add(
      at("data"),
      boundary.length,
      `what all of Ray's pods may do together has more than the ${BOUNDARY_LENGTH} characters that IAM admits in a permissions boundary`,
      "name fewer prefixes, or set your own boundary in cluster.permissionsBoundaryArn",
    );
  }
  return { identities, head, groups };
}

/** What Ray's pods may do at most: what the identities permit, each statement once. */
export function rayBoundary(identities: readonly RayIdentityConfig[]): readonly WorkloadStatementConfig[] {
  const statements = new Map(
    identities.flatMap((one) =>
      one.statements.map(({ sid: _, ...rest }): [string, Omit<WorkloadStatementConfig, "sid">] => [
        JSON.stringify(rest),
        rest,
      ]),
    ),
  );
  return [...statements.values()].map((statement, index) => ({ sid: `Ray${index + 1}`, ...statement }));
}

/** Services whose interface endpoints the data needs beside S3's. */
export function dataEndpoints(identities: readonly RayIdentityConfig[]): string[] {
  return identities.some(({ secrets }) => secrets.length > 0) ? ["secretsmanager"] : [];
}

/** A place that the head and the first workers without GPUs both read and write, such as `s3://acme-models/tests/`; null for none. */
export function exampleData(
  { identities, head, groups }: ResolvedRayData,
  workerGroups: readonly { readonly gpus: number }[],
): string | null {
  const position = Math.max(
    0,
    workerGroups.findIndex(({ gpus }) => gpus === 0),
  );
  const placesOf = (account: string | null | undefined) =>
    (identities.find(({ serviceAccount }) => serviceAccount === account)?.buckets ?? [])
      .filter(({ access }) => access === DataAccess.READ_WRITE)
      .map(({ name, prefixes }) => `s3://${name}/${prefixes[0] ?? ""}`);
  const ofWorkers = placesOf(groups[position]);
  return placesOf(head).find((place) => ofWorkers.includes(place)) ?? null;
}

function resolveBucket({ name, prefixes, access }: NonNullable<RayDataOptions["buckets"]>[number]): RayBucketConfig {
  return { name, prefixes: prefixes ?? [], access: access ?? DataAccess.READ };
}

/** Part of a group's role name that fits, and that no other group's has. */
function groupRoleName(group: string): string {
  const name = `ray-${group}`;
  if (name.length <= ROLE_NAME_LENGTH && !TAKEN.includes(name)) {
    return name;
  }
  const hash = createHash("sha256").update(group).digest("hex").slice(0, 6);
  return `ray-${group.slice(0, ROLE_NAME_LENGTH - "ray--".length - hash.length).replace(/-+$/, "")}-${hash}`;
}

/** Length of a policy in characters as IAM counts them, with an account's number and the longest partition. */
function policyLength(statements: readonly WorkloadStatementConfig[]): number {
  const text = statements.map(({ sid, actions, resources, condition }) => ({
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(condition === null ? {} : { Condition: condition }),
  }));
  return JSON.stringify({ Version: "2012-10-17", Statement: text })
    .replaceAll("{account}", "1".repeat(12))
    .replaceAll("{partition}", "aws-us-gov").length;
}

function dataStatements(
  { buckets = [], secrets = [], policies = [] }: RayDataOptions,
  region: string,
): WorkloadStatementConfig[] {
  const dnsSuffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const statements: WorkloadStatementConfig[] = [];
  const allow = (
    sid: string,
    actions: readonly string[],
    resources: readonly string[],
    condition: WorkloadStatementConfig["condition"] = null,
  ) => statements.push({ sid, actions, resources, condition });

  buckets.forEach(({ name, prefixes = [], access = DataAccess.READ, kmsKeyArn }, index) => {
    const arn = `arn:{partition}:s3:::${name}`;
    const objects = prefixes.length === 0 ? [`${arn}/*`] : prefixes.map((prefix) => `${arn}/${prefix}*`);
    const number = index + 1;
    allow(`LocateBucket${number}`, ["s3:GetBucketLocation"], [arn]);
    allow(
      `ListBucket${number}`,
      ["s3:ListBucket"],
      [arn],
      prefixes.length === 0 ? null : { StringLike: { "s3:prefix": prefixes.map((prefix) => `${prefix}*`) } },
    );
    if (access !== DataAccess.WRITE) {
      allow(`ReadBucket${number}`, ["s3:GetObject"], objects);
    }
    if (access !== DataAccess.READ) {
      allow(
        `WriteBucket${number}`,
        ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
        objects,
      );
    }
    if (kmsKeyArn !== undefined) {
      allow(
        `KeyOfBucket${number}`,
        // Who writes an object in parts reads what it wrote of it.
        access === DataAccess.READ ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:GenerateDataKey"],
        [kmsKeyArn],
        {
          StringEquals: { "kms:ViaService": `s3.${region}.${dnsSuffix}` },
          // S3 names the object, or with a bucket key the bucket.
          StringLike: { "kms:EncryptionContext:aws:s3:arn": [arn, ...objects] },
        },
      );
    }
  });
  secrets.forEach(({ name, kmsKeyArn }, index) => {
    // Secrets Manager ends an ARN in six characters of its own.
    const arn = `arn:{partition}:secretsmanager:${region}:{account}:secret:${name}-??????`;
    allow(`ReadSecret${index + 1}`, ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], [arn]);
    if (kmsKeyArn !== undefined) {
      allow(`KeyOfSecret${index + 1}`, ["kms:Decrypt"], [kmsKeyArn], {
        StringEquals: { "kms:ViaService": `secretsmanager.${region}.${dnsSuffix}` },
        StringLike: { "kms:EncryptionContext:SecretARN": arn },
      });
    }
  });
  policies.forEach(({ actions, resources }, index) => allow(`Policy${index + 1}`, actions, resources));
  return statements;
}

/** What a role permits, as a table of the documents says it. */
function inWords({ buckets = [], secrets = [], policies = [] }: RayDataOptions): string {
  const verbs: Readonly<Record<DataAccess, string>> = {
    [DataAccess.READ]: "read",
    [DataAccess.WRITE]: "write",
    [DataAccess.READ_WRITE]: "read and write",
  };
  return [
    ...buckets.map(({ name, prefixes, access = DataAccess.READ }) => {
      const places = prefixes === undefined ? [name] : prefixes.map((prefix) => `${name}/${prefix}`);
      return `${verbs[access]} ${places.map((place) => `\`${place}\``).join(", ")}`;
    }),
    ...secrets.map(({ name }) => `read the secret \`${name}\``),
    ...policies.flatMap(({ actions }) => actions.map((action) => `\`${action}\``)),
  ].join("; ");
}

function checkData(
  { buckets = [], secrets = [], policies = [] }: RayDataOptions,
  path: string,
  issues: IssueList,
): void {
  buckets.forEach(({ name, prefixes, kmsKeyArn }, index) => {
    const at = `${path}.buckets[${index}]`;
    checkPattern(name, "bucket", `${at}.name`, issues);
    checkPattern(kmsKeyArn, "kmsKeyArn", `${at}.kmsKeyArn`, issues);
    (prefixes ?? []).forEach((prefix, position) =>
      checkPattern(prefix, "bucketPrefix", `${at}.prefixes[${position}]`, issues),
    );
    if (prefixes?.length === 0) {
      issues.add(`${at}.prefixes`, [], "an empty list would reach nothing", "remove it for the whole bucket");
    }
    if (buckets.findIndex((other) => other.name === name) !== index) {
      issues.add(`${at}.name`, name, "a bucket is named once", "put its prefixes into one entry");
    }
  });
  secrets.forEach(({ name, kmsKeyArn }, index) => {
    checkPattern(name, "secretName", `${path}.secrets[${index}].name`, issues);
    checkPattern(kmsKeyArn, "kmsKeyArn", `${path}.secrets[${index}].kmsKeyArn`, issues);
  });
  policies.forEach((policy, index) => checkPolicy(policy, `${path}.policies[${index}]`, issues));
}

function checkPolicy({ actions, resources }: RayPolicyOptions, at: string, issues: IssueList): void {
  for (const [field, values] of Object.entries({ actions, resources })) {
    if (values.length === 0) {
      issues.add(
        `${at}.${field}`,
        [],
        "a policy names actions and resources",
        `name some ${field}, or remove the policy`,
      );
    }
  }
  actions.forEach((action, index) => {
    if (checkPattern(action, "iamAction", `${at}.actions[${index}]`, issues) && NEVER.includes(action.split(":")[0])) {
      issues.add(
        `${at}.actions[${index}]`,
        action,
        "a pod must not give itself rights or leave its account",
        "remove it, and list what it would grant as separate actions",
      );
    }
  });
  const isLook = (action: string) => /^[a-z0-9-]+:(?:Describe|List)/.test(action);
  resources.forEach((resource, index) => {
    if (resource !== "*") {
      checkPattern(resource, "resourceArn", `${at}.resources[${index}]`, issues);
    } else if (!actions.filter((action) => isPattern(action, "iamAction")).every(isLook)) {
      issues.add(
        `${at}.resources[${index}]`,
        resource,
        "`*` is for actions that only describe or list",
        "name ARNs, or put such actions into a policy of their own",
      );
    }
  });
}
