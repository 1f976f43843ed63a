// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject, objectOf } from "../json-object";
import { listAt, objectAt } from "../policy/json";
import { keepsStateAt } from "../policy/remote-state";
import { type ResourceBlock, resourceBlocks } from "../policy/resource-blocks";

/** What stacks leave open. */
export interface Account {
  /** Twelve digits; any will do where the account is not fixed. */
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}

/** A resource of a stack with its values resolved as far as they can be before anything is made. */
export interface ResolvedResource extends ResourceBlock {
  readonly stack: string;
  /** Texts by which other resources may refer to it: ids, ARNs, names. */
  readonly ids: readonly string[];
}

type ArnOf = (account: Account, body: JsonObject, reference: string) => string;

const inRegion =
  (service: string, resource: (body: JsonObject, reference: string) => string): ArnOf =>
  ({ partition, region, accountId }, body, reference) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource(body, reference)}`;
const inIam =
  (resource: (body: JsonObject) => string): ArnOf =>
  ({ partition, accountId }, body) =>
    `arn:${partition}:iam::${accountId}:${resource(body)}`;

/** Kinds whose ARNs are known before they are made. Where AWS chooses the last part, the reference stands for it. */
const ARNS: Readonly<Record<string, ArnOf>> = {
  aws_cloudwatch_log_group: inRegion("logs", ({ name }) => `log-group:${String(name)}`),
  aws_eks_cluster: inRegion("eks", ({ name }) => `cluster/${String(name)}`),
  aws_iam_openid_connect_provider: inIam(({ url }) => `oidc-provider/${String(url).replace("https://", "")}`),
  aws_iam_policy: inIam(({ path, name }) => `policy${String(path ?? "/")}${String(name)}`),
  aws_iam_role: inIam(({ path, name }) => `role${String(path ?? "/")}${String(name)}`),
  aws_kms_key: inRegion("kms", (_, reference) => `key/${reference}`),
  aws_s3_bucket: ({ partition }, { bucket }) => `arn:${partition}:s3:::${String(bucket)}`,
  aws_sqs_queue: inRegion("sqs", ({ name }) => String(name)),
};

/** The attribute that a resource's id is, for kinds of which it is known before they are made. */
const IDS: Readonly<Record<string, string>> = {
  aws_s3_bucket: "bucket",
  aws_iam_role: "name",
  aws_eks_cluster: "name",
};

const REFERENCE = String.raw`(?:data\.)?[A-Za-z_][\w-]*(?:\.[\w-]+|\[(?:"[^"]*"|\d+)\])+`;
const WHOLE = new RegExp(`^${REFERENCE}$`);
const LOOKUP = new RegExp(String.raw`^lookup\((${REFERENCE}), "([^"]*)"(?:, .*)?\)$`, "s");
const SPLIT = new RegExp(String.raw`^element\(split\("([^"]*)", (${REFERENCE})\), (\d+)\)$`);
const DEEPEST = 16;

/**
 * The stacks of an environment as one: references within a stack, to its variables and locals, and through remote states to
 * what other stacks make become the text that they will be. What only AWS knows becomes the stack and address of what it is
 * of, which equals nothing but itself; what cannot be followed says that it is unknown.
 */
export class StackValues {
  /** Every resource of every stack. */
  public readonly resources: readonly ResolvedResource[];

  public constructor(
    private readonly stacks: Readonly<Record<string, JsonObject>>,
    private readonly account: Account,
  ) {
    this.resources = Object.entries(stacks).flatMap(([stack, document]) =>
      resourceBlocks(document).map((block) => this.resolved(stack, block)),
    );
  }

  private resolved(stack: string, { type, name, body }: ResourceBlock): ResolvedResource {
    const values = this.value(stack, body, 0) as JsonObject;
    const reference = `${stack}/${type}.${name}`;
    const arn = ARNS[type]?.(this.account, values, reference);
    const known = IDS[type] === undefined ? undefined : values[IDS[type]];
    const ids = [
      ...["id", "arn", "name", "key_id", "url", "key_arn"].map((attribute) => `${reference}.${attribute}`),
      ...(arn === undefined ? [] : [arn]),
      ...(typeof known === "string" ? [known] : []),
    ];
    return { stack, type, name, body: values, ids };
  }

  /** A value of a stack with every expression in it followed. */
  public value(stack: string, value: unknown, depth: number): unknown {
    if (typeof value === "string") {
      return this.text(stack, value, depth);
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.value(stack, item, depth));
    }
    return isObject(value)
      ? Object.fromEntries(
          Object.entries(value).map(([key, item]) => [this.key(stack, key, depth), this.value(stack, item, depth)]),
        )
      : value;
  }

  private key(stack: string, key: string, depth: number): string {
    return key.includes("${") ? String(this.text(stack, key, depth)) : key;
  }

  // A text that is one expression becomes its value, whatever that is.
  private text(stack: string, text: string, depth: number): unknown {
    if (!text.includes("${")) {
      return text;
    }
    const alone = /^\$\{([^}]*)\}$/.exec(text)?.[1];
    if (alone !== undefined) {
      return this.expression(stack, alone, depth);
    }
    return text.replace(/\$\$\{|\$\{([^}]*)\}/g, (_, expression: string | undefined) => {
      if (expression === undefined) {
        return "${";
      }
      const value = this.expression(stack, expression, depth);
      return typeof value === "object" ? JSON.stringify(value) : String(value);
    });
  }

  private expression(stack: string, expression: string, depth: number): unknown {
    const unknown = `unknown(${expression.replace(/"/g, "'")})`;
    if (depth > DEEPEST) {
      return unknown;
    }
    const [, map, key] = LOOKUP.exec(expression) ?? [];
    if (map !== undefined && key !== undefined) {
      const value = this.reference(stack, map, depth);
      return isObject(value) && key in value ? value[key] : `${String(value)}["${key}"]`.replace(/"/g, "'");
    }
    const [, separator, whole, index] = SPLIT.exec(expression) ?? [];
    if (separator !== undefined && whole !== undefined) {
      return String(this.reference(stack, whole, depth)).split(separator)[Number(index)] ?? unknown;
    }
    return WHOLE.test(expression) ? this.reference(stack, expression, depth) : unknown;
  }

  private reference(stack: string, reference: string, depth: number): unknown {
    const document = this.stacks[stack];
    const steps = [...reference.matchAll(/[\w-]+|\["([^"]*)"\]/g)].map(([step, quoted]) => quoted ?? step);
    const [first = "", second = "", third = "", fourth = ""] = steps;
    const unknown = `unknown(${reference.replace(/"/g, "'")})`;
    if (first === "local") {
      return this.within(stack, objectAt(document, "locals")[second], steps.slice(2), depth) ?? unknown;
    }
    if (first === "var") {
      return objectAt(objectAt(document, "variable"), second).default ?? unknown;
    }
    if (first === "data") {
      return (
        this.data(stack, second, third, steps.slice(3), depth) ?? (fourth === "" ? unknown : `${stack}/${reference}`)
      );
    }
    return this.attribute(stack, first, second, steps.slice(2), reference, depth);
  }

  private data(stack: string, type: string, name: string, path: readonly string[], depth: number): unknown {
    const body = objectAt(objectAt(objectAt(this.stacks[stack], "data"), type), name);
    if (type === "aws_caller_identity" && path[0] === "account_id") {
      return this.account.accountId;
    }
    if (type === "aws_partition" && path[0] === "partition") {
      return this.account.partition;
    }
    if (type === "aws_iam_role" && path[0] === "arn") {
      return this.arnOfRole(this.value(stack, body.name, depth + 1));
    }
    if (type === "aws_iam_policy_document" && path[0] === "json") {
      return JSON.stringify(policyOf(this.value(stack, body, depth + 1) as JsonObject));
    }
    if (type !== "terraform_remote_state" || path[0] !== "outputs") {
      return undefined;
    }
    const owner = this.ownerOf(name, body);
    const output =
      owner === undefined ? undefined : objectAt(objectAt(this.stacks[owner], "output"), path[1] ?? "").value;
    return owner === undefined ? undefined : this.within(owner, output, path.slice(2), depth);
  }

  private arnOfRole(name: unknown): unknown {
    for (const [stack, document] of Object.entries(this.stacks)) {
      for (const { type, name: address, body } of resourceBlocks(document)) {
        if (type === "aws_iam_role" && body.name === name) {
          return this.attribute(stack, type, address, ["arn"], "", 0);
        }
      }
    }
    return `arn:${this.account.partition}:iam::${this.account.accountId}:role/${String(name)}`;
  }

  // A remote state belongs to the stack that keeps its state at the same place.
  private ownerOf(label: string, state: JsonObject): string | undefined {
    return Object.keys(this.stacks).find(
      (name) => label === `cross-stack-reference-input-${name}` || keepsStateAt(this.stacks[name], state),
    );
  }

  private within(stack: string, from: unknown, path: readonly string[], depth: number): unknown {
    const found = path.reduce<unknown>(
      (value, step) =>
        isObject(value) ? value[step] : Array.isArray(value) ? (value as unknown[])[Number(step)] : undefined,
      from,
    );
    return found === undefined ? undefined : this.value(stack, found, depth + 1);
  }

  private attribute(
    stack: string,
    type: string,
    name: string,
    path: readonly string[],
    reference: string,
    depth: number,
  ): unknown {
    const [body] = listAt(objectAt(objectAt(this.stacks[stack], "resource"), type), name);
    const symbol = `${stack}/${reference === "" ? [type, name, ...path].join(".") : reference}`.replace(/"/g, "'");
    if (!isObject(body)) {
      return `unknown(${symbol})`;
    }
    const [attribute = ""] = path;
    if (attribute === "arn" && ARNS[type] !== undefined) {
      return ARNS[type](this.account, this.value(stack, body, depth + 1) as JsonObject, `${stack}/${type}.${name}`);
    }
    const given = this.within(
      stack,
      body,
      [attribute === "id" ? (IDS[type] ?? "id") : attribute, ...path.slice(1)],
      depth,
    );
    return typeof given === "string" || typeof given === "number" || typeof given === "boolean" ? given : symbol;
  }
}

/** The policy that a `data.aws_iam_policy_document` writes. */
function policyOf(body: JsonObject): JsonObject {
  return {
    Version: body.version ?? "2012-10-17",
    Statement: listAt(body, "statement").map((statement) => ({
      Effect: objectOf(statement).effect ?? "Allow",
      ...given("Sid", objectOf(statement).sid),
      ...given("Action", objectOf(statement).actions),
      ...given("NotAction", objectOf(statement).not_actions),
      ...given("Resource", objectOf(statement).resources),
      ...given("NotResource", objectOf(statement).not_resources),
      ...principals("Principal", listAt(statement, "principals")),
      ...principals("NotPrincipal", listAt(statement, "not_principals")),
      ...conditions(listAt(statement, "condition")),
    })),
  };
}

function given(key: string, value: unknown): JsonObject {
  return value === undefined ? {} : { [key]: value };
}

function principals(key: string, blocks: readonly unknown[]): JsonObject {
  return blocks.length === 0
    ? {}
    : { [key]: Object.fromEntries(blocks.map((block) => [String(objectOf(block).type), objectOf(block).identifiers])) };
}

function conditions(blocks: readonly unknown[]): JsonObject {
  const found: Record<string, Record<string, unknown>> = {};
  for (const block of blocks) {
    const { test, variable, values } = objectOf(block);
    found[String(test)] = { ...found[String(test)], [String(variable)]: values };
  }
  return blocks.length === 0 ? {} : { Condition: found };
}
