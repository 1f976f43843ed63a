// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { BindingsSchema } from "./bindings-schema";
import { startGrpcServer } from "./grpc-server";
import { withMadeUpValues } from "./made-up-values";
import { decodeMessage, encodeMessage } from "./message";
import { decodeValue, encodeValue } from "./message-pack";
import { type Block, encodeSchema } from "./schema";
import { equalValues, isObjectValue, type ObjectValue, UNKNOWN, type Value } from "./value";

/** A provider that a rehearsal plays. */
export interface SchemaProviderSettings {
  readonly schema: BindingsSchema;
  /** Types of resources and data sources that the stacks have. */
  readonly resources: readonly string[];
  readonly dataSources: readonly string[];
  /** Arguments by resource type whose change replaces the resource. */
  readonly replacing: Readonly<Record<string, readonly string[]>>;
}

export interface RunningProvider {
  /** What `TF_REATTACH_PROVIDERS` says of it. */
  readonly reattach: object;
  close(): void;
}

/**
 * Starts a provider that has the schema of the real one and knows no cloud. Terraform's core does with it all that it does
 * with the real one: references, cycles, functions, order, replacement, state. What the cloud computes is unknown at plan, and
 * made up at apply.
 *
 * Terraform reaches a provider that already runs through `TF_REATTACH_PROVIDERS`, so nothing is installed or downloaded.
 */
export async function startSchemaProvider(settings: SchemaProviderSettings): Promise<RunningProvider> {
  const provider = new SchemaProvider(settings);
  const server = await startGrpcServer((method, request, connection) => provider.call(method, request, connection));
  return {
    reattach: {
      Protocol: "grpc",
      ProtocolVersion: 6,
      Pid: process.pid,
      Test: true, // Terraform does not end it
      Addr: { Network: "tcp", String: `127.0.0.1:${server.port}` },
    },
    close: server.close,
  };
}

const ACCOUNT_ID = "123456789012";

interface Configuration {
  readonly region: string;
  readonly accountId: string;
  readonly defaultTags: ObjectValue;
}

const UNCONFIGURED: Configuration = { region: "us-east-1", accountId: ACCOUNT_ID, defaultTags: {} };

class SchemaProvider {
  private readonly provider: Block;
  private readonly resources: ReadonlyMap<string, Block>;
  private readonly dataSources: ReadonlyMap<string, Block>;
  /** Every run of Terraform asks for it, some more than once. */
  private encodedSchema: Buffer | undefined;
  /** Each provider block of each run of Terraform has a connection of its own. */
  private readonly configurations = new WeakMap<object, Configuration>();

  constructor(private readonly settings: SchemaProviderSettings) {
    this.provider = settings.schema.provider();
    this.resources = schemas(settings.resources, (type) => settings.schema.resource(type));
    this.dataSources = schemas(settings.dataSources, (type) => settings.schema.dataSource(type));
  }

  call(method: string, request: Buffer, connection: object): Buffer | undefined {
    const fields = decodeMessage(request);
    const text = (field: number): string => fields.get(field)?.toString("utf8") ?? "";
    const value = (field: number): Value => {
      const packed = fields.get(field);
      return packed === undefined ? null : decodeDynamic(packed);
    };
    switch (method) {
      case "/tfplugin6.Provider/GetProviderSchema":
        this.encodedSchema ??= this.schema();
        return this.encodedSchema;
      case "/tfplugin6.Provider/ValidateProviderConfig":
      case "/tfplugin6.Provider/ValidateResourceConfig":
      case "/tfplugin6.Provider/ValidateDataResourceConfig":
      case "/tfplugin6.Provider/StopProvider":
        return encodeMessage({});
      case "/tfplugin6.Provider/ConfigureProvider":
        this.configurations.set(connection, configuration(value(2)));
        return encodeMessage({});
      case "/tfplugin6.Provider/UpgradeResourceState": {
        const state = JSON.parse(
          decodeMessage(fields.get(3) as Buffer)
            .get(1)
            ?.toString("utf8") ?? "null",
        );
        return encodeMessage({ 1: encodeDynamic(conform(blockOf(this.resources, text(1)), state)) });
      }
      case "/tfplugin6.Provider/ReadResource":
        return encodeMessage({ 1: fields.get(2) });
      case "/tfplugin6.Provider/PlanResourceChange":
        return this.plan(text(1), value(2), value(3), this.configurationOf(connection));
      case "/tfplugin6.Provider/ApplyResourceChange":
        return encodeMessage({
          1: encodeDynamic(this.apply(text(1), value(3), value(4), this.configurationOf(connection))),
        });
      case "/tfplugin6.Provider/ReadDataSource":
        return encodeMessage({ 1: encodeDynamic(this.read(text(1), value(2), this.configurationOf(connection))) });
      default:
        return undefined;
    }
  }

  private configurationOf(connection: object): Configuration {
    return this.configurations.get(connection) ?? UNCONFIGURED;
  }

  private schema(): Buffer {
    const entries = (blocks: ReadonlyMap<string, Block>): Buffer[] =>
      [...blocks].map(([type, block]) => encodeMessage({ 1: type, 2: encodeSchema(block) }));
    return encodeMessage({
      1: encodeSchema(this.provider),
      2: entries(this.resources),
      3: entries(this.dataSources),
      6: encodeMessage({ 2: true }), // a run of Terraform need not ask again: get_provider_schema_optional
    });
  }

  private plan(type: string, prior: Value, proposed: Value, { region, defaultTags }: Configuration): Buffer {
    if (!isObjectValue(proposed)) {
      return encodeMessage({ 1: encodeDynamic(proposed) });
    }
    const block = blockOf(this.resources, type);
    const isNew = !isObjectValue(prior);
    const replacing = isNew
      ? []
      : (this.settings.replacing[type] ?? []).filter(
          (name) => name in proposed && !equalValues(proposed[name] as Value, prior[name] as Value),
        );
    const planned: Record<string, Value> = {
      ...(isNew || replacing.length > 0 ? withUnknowns(block, proposed) : proposed),
    };
    if (planned.region === UNKNOWN) {
      planned.region = region;
    }
    if (block.attributes.has("tags_all") && block.attributes.has("tags")) {
      const tags = planned.tags as Value;
      planned.tags_all = tags === UNKNOWN ? UNKNOWN : { ...defaultTags, ...(isObjectValue(tags) ? tags : {}) };
    }
    if (!isNew && block.attributes.has("latest_version") && !equalValues(withoutTags(planned), withoutTags(prior))) {
      planned.latest_version = UNKNOWN; // a launch template gets a version with every change but one of its own tags
    }
    return encodeMessage({
      1: encodeDynamic(planned),
      2: replacing.map((name) => encodeMessage({ 1: encodeMessage({ 1: name }) })),
    });
  }

  private apply(type: string, planned: Value, config: Value, { region, accountId }: Configuration): Value {
    return isObjectValue(planned)
      ? withMadeUpValues(blockOf(this.resources, type), planned, {
          type,
          seed: seedOf(type, config),
          region,
          accountId,
        })
      : planned;
  }

  private read(type: string, config: Value, { region, accountId }: Configuration): Value {
    const block = blockOf(this.dataSources, type);
    return withMadeUpValues(block, withUnknowns(block, config as ObjectValue), {
      type,
      seed: seedOf(type, config),
      region,
      accountId,
    });
  }
}

function schemas(types: readonly string[], find: (type: string) => Block | undefined): ReadonlyMap<string, Block> {
  return new Map(
    types.flatMap((type) => {
      const block = find(type);
      return block === undefined ? [] : [[type, block] as const]; // Terraform itself says that there is no such type
    }),
  );
}

function blockOf(blocks: ReadonlyMap<string, Block>, type: string): Block {
  const block = blocks.get(type);
  if (block === undefined) {
    throw new Error(`the rehearsal does not know ${type}`);
  }
  return block;
}

function configuration(config: Value): Configuration {
  const { region, default_tags: defaultTags, allowed_account_ids: accounts } = isObjectValue(config) ? config : {};
  const [tags] = Array.isArray(defaultTags) ? defaultTags : [];
  const [account] = Array.isArray(accounts) ? accounts : [];
  return {
    region: typeof region === "string" ? region : UNCONFIGURED.region,
    accountId: typeof account === "string" ? account : ACCOUNT_ID,
    defaultTags:
      isObjectValue(tags as Value) && isObjectValue((tags as ObjectValue).tags as Value)
        ? ((tags as ObjectValue).tags as ObjectValue)
        : {},
  };
}

/** Marks what the provider sets, and the configuration does not, as unknown. */
function withUnknowns(block: Block, value: ObjectValue): ObjectValue {
  const marked: Record<string, Value> = { ...value };
  for (const [name, { isComputed, isOptional }] of block.attributes) {
    if (isComputed && (marked[name] === null || !isOptional)) {
      marked[name] = UNKNOWN;
    }
  }
  for (const [name, { block: inner }] of block.blocks) {
    const nested = marked[name] as Value;
    const mark = (item: Value): Value => (isObjectValue(item) ? withUnknowns(inner, item) : item);
    marked[name] = Array.isArray(nested) ? nested.map(mark) : mark(nested);
  }
  return marked;
}

/** State that another version of the schema may have written: what is missing is null, what is unknown to the schema goes. */
function conform(block: Block, state: Value): Value {
  if (!isObjectValue(state)) {
    return state;
  }
  const conforming: Record<string, Value> = {};
  for (const name of block.attributes.keys()) {
    conforming[name] = state[name] ?? null;
  }
  for (const [name, { nesting, block: inner }] of block.blocks) {
    const nested = state[name] ?? (nesting === "single" ? null : []);
    conforming[name] = Array.isArray(nested) ? nested.map((item) => conform(inner, item)) : conform(inner, nested);
  }
  return conforming;
}

function withoutTags({ tags: _, tags_all: __, ...rest }: ObjectValue): ObjectValue {
  return rest;
}

/** Names that tell a resource from another of its type. */
function seedOf(type: string, config: Value): string {
  return `${type} ${JSON.stringify(config, (_, value) => (typeof value === "symbol" ? "?" : value))}`;
}

function decodeDynamic(message: Buffer): Value {
  const fields = decodeMessage(message);
  const packed = fields.get(1);
  return packed === undefined ? JSON.parse(fields.get(2)?.toString("utf8") ?? "null") : decodeValue(packed);
}

function encodeDynamic(value: Value): Buffer {
  return encodeMessage({ 1: encodeValue(value) });
}
