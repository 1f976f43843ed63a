// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject } from "../json-object";
import { listAt, objectAt } from "./json";
import { NESTED_BLOCKS, type NestedBlocks } from "./nested-blocks";
import { withParsedTexts } from "./parsed-texts";
import { keepsStateAt } from "./remote-state";
import { resourceBlocks } from "./resource-blocks";
import { type PlannedValue, plannedAttribute, referencesIn } from "./terraform-expressions";

// What of a resource's JSON is Terraform's own, and not an attribute.
const META_ARGUMENTS: ReadonlySet<string> = new Set([
  "//",
  "provider",
  "count",
  "for_each",
  "depends_on",
  "lifecycle",
  "provisioner",
  "connection",
  "dynamic",
]);

// Types that take tags although the configuration may not set any.
const TAGGED_TYPES: ReadonlySet<string> = new Set([
  "aws_eks_cluster",
  "aws_eks_node_group",
  "aws_launch_template",
  "aws_instance",
  "aws_spot_instance_request",
  "aws_ebs_volume",
  "aws_subnet",
  "aws_vpc",
]);

const REMOTE_STATE = /^data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/;

/**
 * Turns a synthesized stack (`cdk.tf.json`) into what `terraform show -json` would say of a plan that creates it, as far
 * as the policies read it: expressions become unknown values with references, blocks become lists, the provider's
 * default tags reach `tags_all`, a count or for_each that only a plan can expand becomes a deferred change, and a module
 * is a call without its content.
 *
 * @param stack the parsed JSON of the stack.
 * @param others the other stacks by name; references to their outputs are followed to their resources, which are not
 *   judged again. Without them such a reference leads nowhere.
 */
export function fromCdktf(stack: unknown, others: Readonly<Record<string, unknown>> = {}): JsonObject {
  const remoteStates = remoteStatesOf(stack, others);
  const own = modelOf(stack, "", remoteStates);
  const neighbours = [...new Set(remoteStates.values())].map(
    (name) => [name, modelOf(others[name], `module.${name}`, new Map())] as const,
  );
  return {
    format_version: "1.2",
    complete: true,
    errored: false,
    variables: Object.fromEntries(
      Object.entries(objectAt(stack, "variable"))
        .filter(([, variable]) => isObject(variable) && "default" in variable)
        .map(([name, variable]) => [name, { value: (variable as JsonObject).default }]),
    ),
    resource_changes: own.resources.map((resource) => resource.change),
    deferred_changes: own.deferred,
    prior_state: {
      values: {
        root_module: {
          child_modules: neighbours.map(([name, model]) => ({
            address: `module.${name}`,
            resources: model.resources.map(({ change }) => ({ ...change, values: change.change.after })),
          })),
        },
      },
    },
    configuration: {
      provider_config: providerConfiguration(stack),
      root_module: {
        resources: own.configurations,
        outputs: outputsOf(stack, remoteStates),
        module_calls: {
          ...modulesOf(stack),
          ...Object.fromEntries(
            neighbours.map(([name, model]) => [
              name,
              { module: { resources: model.configurations, outputs: outputsOf(others[name], new Map()) } },
            ]),
          ),
        },
      },
    },
  };
}

/** Name of the stack as cdktf records it. */
export function stackName(stack: unknown): string | undefined {
  const name = objectAt(objectAt(stack, "//"), "metadata").stackName;
  return typeof name === "string" ? name : undefined;
}

interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly after: JsonObject;
    readonly after_unknown: JsonObject;
  };
}

interface Model {
  readonly resources: readonly { readonly change: ResourceChange }[];
  readonly deferred: readonly JsonObject[];
  readonly configurations: readonly JsonObject[];
}

// A remote state belongs to the stack that keeps its state at the same place.
function remoteStatesOf(stack: unknown, others: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [label, state] of Object.entries(objectAt(objectAt(stack, "data"), "terraform_remote_state"))) {
    const owner = Object.keys(others).find(
      (name) => label === `cross-stack-reference-input-${name}` || keepsStateAt(others[name], state),
    );
    if (owner !== undefined) {
      found.set(label, owner);
    }
  }
  return found;
}

function modelOf(stack: unknown, module: string, remoteStates: ReadonlyMap<string, string>): Model {
  const resources: { change: ResourceChange }[] = [];
  const deferred: JsonObject[] = [];
  const configurations: JsonObject[] = [];
  for (const { type, name, body } of resourceBlocks(stack)) {
    const block = plannedBlock(withParsedTexts(type, withDefaults(body, stack)), NESTED_BLOCKS[type] ?? {});
    const tags = tagsOf(type, body, stack);
    const address = `${module === "" ? "" : `${module}.`}${type}.${name}`;
    const change = {
      address,
      ...(module === "" ? {} : { module_address: module }),
      mode: "managed",
      type,
      name,
      change: {
        actions: ["create"],
        after: { ...(block.after as JsonObject), ...(tags && { tags_all: tags.after }) },
        after_unknown: { ...(block.unknown as JsonObject), ...(tags && { tags_all: tags.unknown }) },
      },
    };
    configurations.push({
      address: `${type}.${name}`,
      mode: "managed",
      type,
      name,
      provider_config_key: providerKey(body.provider, type),
      expressions: withModules(block.expression, remoteStates),
    });
    const indexes = instancesOf(body);
    if (indexes === undefined) {
      deferred.push({ reason: "instance_count_unknown", resource_change: change });
    } else {
      resources.push(
        ...indexes.map((index) => ({
          change: index === null ? change : { ...change, address: `${address}[${JSON.stringify(index)}]`, index },
        })),
      );
    }
  }
  return { resources, deferred, configurations };
}

const VARIABLE_ALONE = /^\$\{var\.([\w-]+)\}$/;

// A variable that has a default and stands alone is known: a stack is judged before there is a plan. One whose default
// is null stays a reference, which the policies follow.
function withDefaults<T>(value: T, stack: unknown): T {
  if (typeof value === "string") {
    const variable = objectAt(objectAt(stack, "variable"), VARIABLE_ALONE.exec(value)?.[1] ?? "");
    return (variable.default ?? value) as T;
  }
  if (Array.isArray(value)) {
    return value.map((item) => withDefaults(item as unknown, stack)) as T;
  }
  return isObject(value)
    ? (Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDefaults(item, stack)])) as T)
    : value;
}

// The indexes of a resource's instances: one null for a single one, undefined where only a plan can tell.
function instancesOf({ count, for_each: forEach }: JsonObject): readonly (string | number | null)[] | undefined {
  if (count !== undefined) {
    const size = typeof count === "string" && /^\d+$/.test(count) ? Number(count) : count;
    return typeof size === "number" ? Array.from({ length: size }, (_, index) => index) : undefined;
  }
  if (forEach === undefined) {
    return [null];
  }
  if (Array.isArray(forEach)) {
    return forEach.every((key) => typeof key === "string" && !key.includes("${")) ? (forEach as string[]) : undefined;
  }
  return isObject(forEach) ? Object.keys(forEach) : undefined;
}

function plannedBlock(attributes: JsonObject, nested: NestedBlocks): PlannedValue {
  const after: Record<string, unknown> = {};
  const unknown: Record<string, unknown> = {};
  const expression: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (META_ARGUMENTS.has(name)) {
      continue;
    }
    const blocks = nested[name];
    const isBlock = blocks !== undefined && (isObject(value) || (Array.isArray(value) && value.every(isObject)));
    const planned = isBlock ? plannedBlocks(listAt(attributes, name), blocks) : plannedAttribute(value);
    after[name] = planned.after;
    unknown[name] = planned.unknown;
    expression[name] = planned.expression;
  }
  for (const [name, dynamic] of Object.entries(objectAt(attributes, "dynamic"))) {
    unknown[name] = true;
    expression[name] = { references: [...new Set(referencesIn(dynamic))] };
  }
  return { after, unknown, expression };
}

function plannedBlocks(blocks: readonly unknown[], nested: NestedBlocks): PlannedValue {
  const planned = blocks.map((block) => plannedBlock(block as JsonObject, nested));
  return {
    after: planned.map((block) => block.after),
    unknown: planned.map((block) => block.unknown),
    expression: planned.map((block) => block.expression),
  };
}

function tagsOf(type: string, attributes: JsonObject, stack: unknown): PlannedValue | undefined {
  const own = attributes.tags;
  if (own === undefined && !TAGGED_TYPES.has(type)) {
    return undefined;
  }
  const key = providerKey(attributes.provider, type);
  const provider = listAt(objectAt(stack, "provider"), "aws").find((candidate) => keyOf("aws", candidate) === key);
  const defaults = Object.assign(
    {},
    ...listAt(provider, "default_tags").map((block) => objectAt(block, "tags")),
  ) as JsonObject;
  return isObject(own) || own === undefined || own === null
    ? plannedAttribute({ ...defaults, ...(own as JsonObject | undefined) })
    : plannedAttribute(own);
}

function providerConfiguration(stack: unknown): JsonObject {
  const entries = Object.entries(objectAt(stack, "provider")).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).filter(isObject).map((provider) => [
      keyOf(name, provider),
      {
        name,
        ...(typeof provider.alias === "string" && { alias: provider.alias }),
        ...(name === "aws" && { full_name: "registry.terraform.io/hashicorp/aws" }),
        expressions: plannedBlock(provider, {}).expression,
      },
    ]),
  );
  return Object.fromEntries(entries) as JsonObject;
}

function keyOf(name: string, provider: unknown): string {
  const alias = isObject(provider) ? provider.alias : undefined;
  return typeof alias === "string" ? `${name}.${alias}` : name;
}

function providerKey(provider: unknown, type: string): string {
  return typeof provider === "string" ? provider.replace(/^\$\{(.*)\}$/, "$1") : (type.split("_")[0] ?? type);
}

function outputsOf(stack: unknown, remoteStates: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(
    Object.entries(objectAt(stack, "output")).map(([name, output]) => [
      name,
      {
        expression: withModules(plannedAttribute(isObject(output) ? output.value : undefined).expression, remoteStates),
      },
    ]),
  );
}

// The calls alone: what is in the modules is not in the stack.
function modulesOf(stack: unknown): JsonObject {
  return Object.fromEntries(
    listAt(stack, "module")
      .filter(isObject)
      .flatMap((calls) => Object.keys(calls).map((name) => [name, { source: objectAt(calls, name).source ?? null }])),
  );
}

// An output of another stack is followed as an output of a module of its name.
function withModules(expression: unknown, remoteStates: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(expression)) {
    return expression.map((item) => withModules(item, remoteStates));
  }
  if (typeof expression === "string") {
    const [, label, output] = REMOTE_STATE.exec(expression) ?? [];
    const owner = label === undefined ? undefined : remoteStates.get(label);
    return owner === undefined ? expression : `module.${owner}.${output}`;
  }
  if (!isObject(expression)) {
    return expression;
  }
  return Object.fromEntries(
    Object.entries(expression).map(([key, value]) => [
      key,
      key === "constant_value" ? value : withModules(value, remoteStates),
    ]),
  );
}
