// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type DocumentedOption, OptionTypes, shortName, type TypeReference } from "./option-types";

/** Type of an option, as far as somebody who asks for its value needs it. */
export type ValueDescription =
  | { readonly kind: "text" | "number" | "boolean" | "json" }
  | { readonly kind: "enum"; readonly name: string; readonly members: readonly MemberDescription[] }
  | { readonly kind: "struct"; readonly name: string; readonly options: readonly OptionDescription[] }
  | { readonly kind: "list" | "map"; readonly element: ValueDescription };

/** A member of an enum. */
export interface MemberDescription {
  /** As in TypeScript: `PER_ZONE`. */
  readonly name: string;
  /** As on the command line: `per-zone`. */
  readonly value: string;
  readonly summary: string;
}

/** An option with everything that a question about it needs. */
export interface OptionDescription extends Omit<DocumentedOption, "type"> {
  readonly type: ValueDescription;
}

/** The options of a struct, those of its fields included, in the order in which the source has them. */
export function describeOptions(struct: string): OptionDescription[] {
  return OptionTypes.load()
    .documentation(struct)
    .map((option) => ({ ...option, type: describeType(option.type) }));
}

function describeType(type: TypeReference): ValueDescription {
  if (type.collection !== undefined) {
    return {
      kind: type.collection.kind === "array" ? "list" : "map",
      element: describeType(type.collection.elementtype),
    };
  }
  if (type.fqn !== undefined) {
    const name = shortName(type.fqn);
    const types = OptionTypes.load();
    return types.isStruct(type.fqn)
      ? { kind: "struct", name, options: describeOptions(name) }
      : { kind: "enum", name, members: types.documentedMembers(type.fqn).map(describeMember) };
  }
  const kinds = { string: "text", number: "number", boolean: "boolean" } as const;
  return { kind: kinds[type.primitive as keyof typeof kinds] ?? "json" };
}

function describeMember({ name, summary }: { readonly name: string; readonly summary: string }): MemberDescription {
  return { name, value: name.toLowerCase().replace(/_/g, "-"), summary };
}
