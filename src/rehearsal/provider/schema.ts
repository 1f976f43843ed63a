// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { encodeMessage } from "./message";

/** A type as Terraform writes it in JSON. */
export type AttributeType =
  | "string"
  | "number"
  | "bool"
  | readonly ["list" | "set" | "map", AttributeType]
  | readonly ["object", Readonly<Record<string, AttributeType>>];

export interface Attribute {
  readonly type: AttributeType;
  /** Must be in the configuration. */
  readonly isRequired: boolean;
  /** The provider sets it where the configuration does not. */
  readonly isComputed: boolean;
  /** May be in the configuration. */
  readonly isOptional: boolean;
}

export interface NestedBlock {
  readonly nesting: "single" | "list" | "set";
  readonly block: Block;
  readonly min: number;
  /** 0 is any number. */
  readonly max: number;
}

/** What may stand in a resource, a data source or a provider's configuration. */
export interface Block {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: ReadonlyMap<string, NestedBlock>;
}

const NESTING = { single: 1, list: 2, set: 3 };

/** A schema as a message of the plugin protocol. */
export function encodeSchema(block: Block): Buffer {
  return encodeMessage({ 2: encodeBlock(block) });
}

function encodeBlock({ attributes, blocks }: Block): Buffer {
  return encodeMessage({
    2: [...attributes].map(([name, { type, isRequired, isOptional, isComputed }]) =>
      encodeMessage({ 1: name, 2: JSON.stringify(type), 4: isRequired, 5: isOptional, 6: isComputed }),
    ),
    3: [...blocks].map(([name, { nesting, block, min, max }]) =>
      encodeMessage({ 1: name, 2: encodeBlock(block), 3: NESTING[nesting], 4: min, 5: max }),
    ),
  });
}
