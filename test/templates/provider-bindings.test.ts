// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configs } from "./configs";
import { type Json, synthesize } from "./synthesize";

/** Arguments of Terraform itself, which every resource takes. */
const metaArguments = new Set(["//", "depends_on", "lifecycle", "provider", "count", "for_each"]);

const library = (provider: string): string =>
  join(dirname(require.resolve(`@cdktf/provider-${provider}/package.json`)), "lib");

/** Directory of a resource's binding, by resource type as the binding itself states it. */
const directories = new Map<string, string>();

function directoryOf(provider: string, kind: "resource" | "data", type: string): string {
  const key = `${kind} ${type}`;
  if (!directories.has(key)) {
    const short = type.replace(/^[a-z]+_/, "").replace(/_/g, "-");
    const guess = kind === "data" ? `data-${provider}-${short}` : short;
    const candidates = readdirSync(library(provider)).filter((name) => name === guess);
    const found = candidates.find((name) =>
      readFileSync(join(library(provider), name, "index.js"), "utf8").includes(`tfResourceType = "${type}"`),
    );
    if (found === undefined) {
      throw new Error(`${kind} ${type} has no binding in @cdktf/provider-${provider}`);
    }
    directories.set(key, join(library(provider), found));
  }
  return directories.get(key) as string;
}

interface Argument {
  /** Interface of a nested block; undefined for plain values and maps. */
  readonly block: string | undefined;
  readonly required: boolean;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The arguments of each interface in a binding's declarations, by Terraform name. */
function interfacesOf(directory: string): Map<string, Map<string, Argument>> {
  const declarations = ["index.d.ts", "index-structs/index.d.ts", "index-structs/structs0.d.ts"]
    .map((name) => join(directory, name))
    .flatMap((path) => {
      try {
        return [readFileSync(path, "utf8")];
      } catch {
        return [];
      }
    })
    .join("\n");
  const found = new Map<string, Map<string, Argument>>();
  for (const [, name, body] of declarations.matchAll(/export interface (\w+)(?: extends [\w.]+)? \{([\s\S]*?)\n\}/g)) {
    const args = new Map<string, Argument>();
    for (const [, property, optional, type] of (body as string).matchAll(/readonly (\w+)(\??): ([^;{]*)/g)) {
      const block = /^(?:Array<)?([A-Z]\w+)(?:\[\])?(?: \||$|;|>)/.exec((type as string).trim())?.[1];
      args.set(snake(property as string), { block, required: optional === "" });
    }
    found.set(name as string, args);
  }
  return found;
}

/** Arguments that a resource has and its binding does not, and those that it must have and lacks. */
function mismatches(
  body: Json,
  args: Map<string, Argument>,
  all: Map<string, Map<string, Argument>>,
  path: string,
): string[] {
  const wrong: string[] = [];
  for (const [name, { required }] of args) {
    if (required && body[name] === undefined) {
      wrong.push(`${path}.${name} is missing`);
    }
  }
  for (const [name, value] of Object.entries<Json>(body)) {
    if (metaArguments.has(name)) {
      continue;
    }
    const argument = args.get(name);
    if (argument === undefined) {
      wrong.push(`${path}.${name} is unknown`);
      continue;
    }
    const nested = argument.block === undefined ? undefined : all.get(argument.block);
    if (nested !== undefined) {
      for (const item of [value].flat().filter((one) => typeof one === "object")) {
        wrong.push(...mismatches(item, nested, all, `${path}.${name}`));
      }
    }
  }
  return wrong;
}

interface Binding {
  readonly config: Map<string, Argument>;
  readonly all: Map<string, Map<string, Argument>>;
}

const bindings = new Map<string, Binding>();

function bindingOf(kind: "resource" | "data", type: string): Binding {
  const key = `${kind} ${type}`;
  let binding = bindings.get(key);
  if (binding === undefined) {
    const all = interfacesOf(directoryOf(type.split("_")[0] as string, kind, type));
    // The configuration is the interface that ends so and belongs to no block.
    const blocks = new Set([...all.values()].flatMap((args) => [...args.values()].map(({ block }) => block)));
    const [config] = [...all].filter(([name]) => name.endsWith("Config") && !blocks.has(name));
    if (config === undefined) {
      throw new Error(`${type} has no configuration interface`);
    }
    binding = { config: config[1], all };
    bindings.set(key, binding);
  }
  return binding;
}

function check(kind: "resource" | "data", type: string, body: Json): string[] {
  const { config, all } = bindingOf(kind, type);
  return mismatches(body, config, all, type);
}

/** Between them they make every kind of resource and block. */
const optionSets = [
  "NAT",
  "existing VPC",
  "given KMS key",
  "A100 with EFA",
  "H100 capacity block",
  "monitoring, backup, job, Redis, NodeConfig",
];

test("every resource type and argument that is synthesized is one of the provider bindings'", () => {
  const checked = new Set<string>();
  const wrong = new Set<string>();
  for (const option of optionSets) {
    for (const stack of Object.values(synthesize((configs[option] as () => Json)()).stacks)) {
      for (const kind of ["resource", "data"] as const) {
        for (const [type, instances] of Object.entries<Json>(stack[kind] ?? {})) {
          if (type === "terraform_remote_state" || type === "terraform_data") {
            continue;
          }
          checked.add(type);
          for (const body of Object.values<Json>(instances)) {
            check(kind, type, body).forEach((mismatch) => wrong.add(mismatch));
          }
        }
      }
    }
  }
  expect([...wrong]).toEqual([]);
  expect(checked.size).toBeGreaterThan(45);
});

test.each<[string, Json]>([
  ["an unknown argument", { name: "q", fifo: true }],
  ["an unknown argument of a block", { name: "q", timeouts: { creation: "1m" } }],
])("%s is seen", (_, body) => {
  expect(check("resource", "aws_sqs_queue", body).length).toBe(1);
});

test("a missing argument is seen", () => {
  expect(check("resource", "aws_eks_cluster", { name: "c", role_arn: "r" })).toEqual([
    "aws_eks_cluster.vpc_config is missing",
  ]);
});

test("an unknown resource type is seen", () => {
  expect(() => check("resource", "aws_eks_klaster", {})).toThrow("has no binding");
});
