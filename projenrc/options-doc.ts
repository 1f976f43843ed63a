// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes the reference in docs/options.md from the package's types, as the compiler recorded them in `.jsii`. What stands
 * before the marker is written by hand.
 */
const ROOT = join(__dirname, "..");
const FILE = join(ROOT, "docs", "options.md");
const MARKER = "<!-- From here on generated from the types by projenrc/options-doc.ts. -->";

interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: "array" | "map"; readonly elementtype: TypeReference };
}

interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly default?: string;
}

interface Property {
  readonly name: string;
  readonly optional?: boolean;
  readonly type: TypeReference;
  readonly docs?: Docs;
}

interface AssemblyType {
  readonly name: string;
  readonly kind: string;
  readonly docs?: Docs;
  readonly interfaces?: readonly string[];
  readonly properties?: readonly Property[];
  readonly members?: readonly { readonly name: string; readonly docs?: Docs }[];
}

/** Areas in the order of the document, each with the structs that it describes. */
const AREAS: readonly (readonly [title: string, structs: readonly string[]])[] = [
  ["The platform", ["RayPlatformProjectOptions"]],
  ["Every environment", ["EnvironmentSettings"]],
  ["One environment", ["EnvironmentOptions"]],
  ["Network", ["NetworkOptions"]],
  ["Cluster", ["ClusterOptions"]],
  ["People and rights", ["AccessOptions"]],
  ["Node pools", ["NodePoolOptions", "GpuPoolOptions", "AdditionalPoolOptions"]],
  ["Cost", ["CostOptions"]],
  ["Ray", ["RayOptions", "RayWorkerGroupOptions", "RayEgressOptions", "RayRegistryOptions"]],
  ["Data for Ray", ["RayDataOptions", "RayBucketOptions", "RaySecretOptions", "RayPolicyOptions"]],
  ["Images", ["ImageOptions"]],
  ["Terraform state", ["StateOptions"]],
  ["Policy limits", ["PolicyLimitOptions"]],
  ["Documents", ["DocumentOptions"]],
];

/** Structs of the CI workflows come last; there are many, and each is small. */
const WORKFLOWS = "WorkflowOptions";

/** The document: what is written by hand, and the reference. */
export function optionsDocument(): string {
  const { types } = JSON.parse(readFileSync(join(ROOT, ".jsii"), "utf8")) as {
    readonly types: Readonly<Record<string, AssemblyType>>;
  };
  const [introduction] = readFileSync(FILE, "utf8").split(MARKER);
  return `${introduction}${MARKER}\n\n${new Reference(types).render()}`;
}

class Reference {
  public constructor(private readonly types: Readonly<Record<string, AssemblyType>>) {}

  public render(): string {
    const described = AREAS.flatMap(([, structs]) => structs);
    const workflows = [...this.reachable(WORKFLOWS)].filter((name) => !described.includes(name));
    const areas = [...AREAS, ["CI workflows", workflows] as const];
    const enums = Object.values(this.types).filter(({ kind }) => kind === "enum");
    const left = Object.values(this.types).filter(
      ({ kind, name }) => kind === "interface" && ![...described, ...workflows].includes(name),
    );
    if (left.length > 0) {
      throw new Error(
        `no area describes ${left.map(({ name }) => name).join(", ")}; add them to AREAS in projenrc/options-doc.ts`,
      );
    }
    return [
      ...areas.flatMap(([title, structs]) => [`## ${title}`, "", ...structs.flatMap((name) => this.struct(name))]),
      "## Enums",
      "",
      "On the command line and in `.projenrc.json` a member is written in lower case with hyphens: `PER_ZONE` is `per-zone`.",
      "",
      ...enums.flatMap((type) => this.enumeration(type)),
    ]
      .join("\n")
      .replace(/\n+$/, "\n");
  }

  private struct(name: string): string[] {
    const type = this.type(name);
    const parents = (type.interfaces ?? []).map((fqn) => this.types[fqn].name);
    const title = [`### ${name}`, ""];
    const also = parents.length > 0 ? [`Also all of ${parents.map((parent) => link(parent)).join(" and ")}.`, ""] : [];
    const properties = [...(type.properties ?? [])].sort(
      (a, b) => Number(a.optional ?? false) - Number(b.optional ?? false),
    );
    if (properties.length === 0) {
      return [...title, text(type.docs), "", ...also];
    }
    return [
      ...title,
      text(type.docs),
      "",
      ...also,
      "| Option | Value | Meaning | Default |",
      "|---|---|---|---|",
      ...properties.map(
        (property) =>
          `| \`${property.name}\` | ${this.value(property.type)} | ${text(property.docs)} | ${fallback(property)} |`,
      ),
      "",
    ];
  }

  private enumeration({ name, docs, members }: AssemblyType): string[] {
    return [
      `### ${name}`,
      "",
      text(docs),
      "",
      "| Member | Meaning |",
      "|---|---|",
      ...(members ?? []).map((member) => `| \`${member.name}\` | ${text(member.docs)} |`),
      "",
    ];
  }

  private value(type: TypeReference): string {
    if (type.collection !== undefined) {
      const element = this.value(type.collection.elementtype);
      return type.collection.kind === "array" ? `list of ${element}` : `${element} by name`;
    }
    if (type.fqn !== undefined) {
      return link(this.types[type.fqn].name);
    }
    return { string: "string", number: "number", boolean: "true or false" }[type.primitive ?? ""] ?? "any JSON";
  }

  private reachable(name: string, seen = new Set<string>()): Set<string> {
    if (!seen.has(name)) {
      seen.add(name);
      for (const parent of this.type(name).interfaces ?? []) {
        this.reachable(this.types[parent].name, seen);
      }
      for (const property of this.type(name).properties ?? []) {
        const element = elementOf(property.type).fqn;
        if (element !== undefined && this.types[element].kind === "interface") {
          this.reachable(this.types[element].name, seen);
        }
      }
    }
    return seen;
  }

  private type(name: string): AssemblyType {
    return Object.values(this.types).find((type) => type.name === name) as AssemblyType;
  }
}

function elementOf(type: TypeReference): TypeReference {
  return type.collection === undefined ? type : elementOf(type.collection.elementtype);
}

function link(name: string): string {
  return `[${name}](#${name.toLowerCase()})`;
}

/** Text of a cell: one line, and no bar that would end it. */
function text(docs: Docs | undefined): string {
  return cell([docs?.summary, docs?.remarks].filter((part) => part !== undefined).join(" "));
}

function fallback({ optional, docs }: Property): string {
  if (!optional) {
    return "required";
  }
  const value = docs?.default ?? "";
  return value.startsWith("- ") ? cell(value.slice(2)) : `\`${cell(value)}\``;
}

function cell(content: string): string {
  return content.replace(/\s+/g, " ").replace(/\|/g, "\\|").trim();
}

if (require.main === module) {
  writeFileSync(FILE, optionsDocument());
}
