// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";

/** The types of all options as the compiler recorded them in the package's jsii assembly, so that no list is kept by hand. */
export class OptionTypes {
  private static loaded: OptionTypes | undefined;

  public static load(): OptionTypes {
    OptionTypes.loaded ??= new OptionTypes(JSON.parse(readFileSync(join(PACKAGE_ROOT, ".jsii"), "utf8")) as Assembly);
    return OptionTypes.loaded;
  }

  private constructor(private readonly assembly: Assembly) {}

  /** Properties of a struct by name, those of its parents included. */
  public struct(name: string): Map<string, TypeReference> {
    const type = this.assembly.types[`${this.assembly.name}.${name}`];
    const properties = new Map<string, TypeReference>();
    for (const parent of type.interfaces ?? []) {
      for (const [key, reference] of this.struct(shortName(parent))) {
        properties.set(key, reference);
      }
    }
    for (const property of type.properties ?? []) {
      properties.set(property.name, property.type);
    }
    return properties;
  }

  /** Required properties of a struct. */
  public required(name: string): string[] {
    const type = this.assembly.types[`${this.assembly.name}.${name}`];
    const own = (type.properties ?? []).filter((property) => !property.optional).map((property) => property.name);
    return [...(type.interfaces ?? []).flatMap((parent) => this.required(shortName(parent))), ...own];
  }

  /** Members of an enum; undefined if the type is no enum. Member names are the values in upper snake case. */
  public enumMembers(fqn: string): string[] | undefined {
    const type = this.assembly.types[fqn];
    return type?.kind === "enum" ? (type.members ?? []).map((member) => member.name) : undefined;
  }

  /** What is known about an option of a struct, or of one of its parents: its documentation and whether it is required. */
  public documentation(struct: string): DocumentedOption[] {
    const type = this.assembly.types[`${this.assembly.name}.${struct}`];
    const inherited = (type.interfaces ?? []).flatMap((parent) => this.documentation(shortName(parent)));
    // The assembly sorts by name; the source has them in the order in which they are best read.
    const own = [...(type.properties ?? [])].sort(
      (a, b) => (a.locationInModule?.line ?? 0) - (b.locationInModule?.line ?? 0),
    );
    return [
      ...own.map(({ name, optional, type: reference, docs }) => ({
        name,
        type: reference,
        required: optional !== true,
        summary: docs?.summary ?? "",
        remarks: docs?.remarks ?? "",
        fallback: docs?.default ?? "",
        featured: docs?.custom?.featured === "true",
      })),
      ...inherited,
    ];
  }

  /** Members of an enum with what each means. */
  public documentedMembers(fqn: string): readonly { readonly name: string; readonly summary: string }[] {
    return (this.assembly.types[fqn]?.members ?? []).map(({ name, docs }) => ({ name, summary: docs?.summary ?? "" }));
  }

  /** Whether a name is a struct of this package. */
  public isStruct(fqn: string): boolean {
    return this.assembly.types[fqn]?.kind === "interface";
  }
}

/** Name of a type without its package. */
export function shortName(fqn: string): string {
  return fqn.slice(fqn.indexOf(".") + 1);
}

/** A type as jsii writes it; only the parts that options use. */
export interface TypeReference {
  readonly primitive?: "string" | "number" | "boolean" | "any" | "json" | "date";
  readonly fqn?: string;
  readonly collection?: { readonly kind: "array" | "map"; readonly elementtype: TypeReference };
}

/** An option with its documentation, as the compiler recorded it. */
export interface DocumentedOption {
  readonly name: string;
  readonly type: TypeReference;
  readonly required: boolean;
  readonly summary: string;
  readonly remarks: string;
  /** Text of `@default`: a TypeScript expression, or prose that begins with a hyphen. */
  readonly fallback: string;
  readonly featured: boolean;
}

interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly default?: string;
  readonly custom?: { readonly [tag: string]: string };
}

interface Assembly {
  readonly name: string;
  readonly types: {
    readonly [fqn: string]: {
      readonly kind: string;
      readonly interfaces?: readonly string[];
      readonly properties?: readonly {
        readonly name: string;
        readonly optional?: boolean;
        readonly type: TypeReference;
        readonly docs?: Docs;
        readonly locationInModule?: { readonly line: number };
      }[];
      readonly members?: readonly { readonly name: string; readonly docs?: Docs }[];
    };
  };
}
