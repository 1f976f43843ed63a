// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject, objectOf } from "../json-object";
import { listAt } from "./json";

/** A `resource` block of Terraform's JSON syntax. */
export interface ResourceBlock {
  readonly type: string;
  readonly name: string;
  /** Empty where the body is no object. */
  readonly body: JsonObject;
}

/**
 * The resources of a synthesized stack. cdktf nests objects; Terraform reads an array at any level too.
 * Source: https://developer.hashicorp.com/terraform/language/syntax/json#nested-block-mapping
 */
export function resourceBlocks(stack: unknown): ResourceBlock[] {
  return listAt(stack, "resource").flatMap((types) =>
    keysOf(types).flatMap((type) =>
      listAt(types, type).flatMap((names) =>
        keysOf(names).flatMap((name) =>
          bodiesAt(names, name).map((body): ResourceBlock => ({ type, name, body: objectOf(body) })),
        ),
      ),
    ),
  );
}

function keysOf(value: unknown): string[] {
  return isObject(value) ? Object.keys(value) : [];
}

// A body that is null is a resource all the same.
function bodiesAt(names: unknown, name: string): readonly unknown[] {
  const bodies = listAt(names, name);
  return bodies.length > 0 ? bodies : [{}];
}
