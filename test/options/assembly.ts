// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A type as jsii writes it. */
export interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: "array" | "map"; readonly elementtype: TypeReference };
}

/** A type of the package. */
export interface AssemblyType {
  readonly fqn: string;
  readonly name: string;
  readonly kind: "class" | "enum" | "interface";
  readonly base?: string;
  readonly abstract?: boolean;
  readonly interfaces?: readonly string[];
  readonly docs?: { readonly summary?: string };
  readonly members?: readonly { readonly name: string }[];
  readonly properties?: readonly Property[];
}

/** An option. */
export interface Property {
  readonly name: string;
  readonly optional?: boolean;
  readonly type: TypeReference;
  readonly docs?: { readonly summary?: string; readonly default?: string };
}

const { types } = JSON.parse(readFileSync(join(__dirname, "..", "..", ".jsii"), "utf8")) as {
  readonly types: Readonly<Record<string, AssemblyType>>;
};

/** All types of the package. */
export const TYPES: readonly AssemblyType[] = Object.values(types);

/** The type of a name without package. */
export function typeOf(name: string): AssemblyType {
  return types[`ray-platform.${name}`];
}

/** An option by the struct that declares it, such as `NetworkOptions.vpcCidr`. */
export interface DeclaredOption {
  readonly id: string;
  readonly property: Property;
}

/** An option of a struct or of its parents. */
export function declaredOption(struct: string, name: string): DeclaredOption {
  const type = typeOf(struct);
  const property = type.properties?.find((candidate) => candidate.name === name);
  if (property !== undefined) {
    return { id: `${struct}.${name}`, property };
  }
  for (const parent of type.interfaces ?? []) {
    const found = declaredOption(types[parent].name, name);
    if (found.property !== undefined) {
      return found;
    }
  }
  return { id: "", property: undefined as never };
}

/** Options that are reachable from a struct, each once. */
export function reachableOptions(struct: string, seen = new Map<string, Property>()): Map<string, Property> {
  const type = typeOf(struct);
  for (const parent of type.interfaces ?? []) {
    reachableOptions(types[parent].name, seen);
  }
  for (const property of type.properties ?? []) {
    const id = `${struct}.${property.name}`;
    if (!seen.has(id)) {
      seen.set(id, property);
      const element = elementOf(property.type);
      if (element.fqn !== undefined && types[element.fqn].kind === "interface") {
        reachableOptions(types[element.fqn].name, seen);
      }
    }
  }
  return seen;
}

/** What a list or map holds; the type itself if it is neither. */
export function elementOf(type: TypeReference): TypeReference {
  return type.collection === undefined ? type : elementOf(type.collection.elementtype);
}

/** Steps of a path: `environments[0].network.vpcCidr` is `["environments", "0", "network", "vpcCidr"]`. */
export function steps(path: string): string[] {
  return path.split(/[.[\]]+/).filter((step) => step !== "");
}

/** The option that a path of the project's options leads to, and the type of the value there. */
export function optionAt(path: string): { readonly id: string; readonly type: TypeReference } {
  let struct: string | undefined = "RayPlatformProjectOptions";
  let id = "";
  let type: TypeReference = {};
  for (const step of steps(path)) {
    if (type.collection !== undefined) {
      type = type.collection.elementtype;
    } else {
      const option: DeclaredOption = declaredOption(struct ?? "", step);
      id = option.id;
      type = option.property.type;
    }
    struct = type.fqn === undefined ? undefined : types[type.fqn].name;
  }
  return { id, type };
}

/** The value that a path leads to. */
export function valueAt(root: unknown, path: string): unknown {
  return steps(path).reduce((value, step) => (value as Record<string, unknown> | undefined)?.[step], root);
}

/** A copy of the options with another value where a path leads. */
export function withValueAt<T>(root: T, path: string, value: unknown): T {
  const [step, ...rest] = steps(path);
  const copy = (Array.isArray(root) ? [...root] : { ...root }) as Record<string, unknown>;
  const inner = copy[step] ?? (/^\d+$/.test(rest[0] ?? "") ? [] : {});
  copy[step] = rest.length === 0 ? value : withValueAt(inner, rest.join("."), value);
  return copy as T;
}
