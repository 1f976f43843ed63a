// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject, objectOf } from "../json-object";
import { listAt } from "./json";

/** A block of Terraform's JSON syntax. */
export interface TerraformBlock {
  /** Its labels, such as type and name. */
  readonly labels: readonly string[];
  /** Empty where the body is no object. */
  readonly body: JsonObject;
}

/**
 * The blocks of a kind. cdktf nests objects; Terraform reads an array at any level too.
 * Source: https://developer.hashicorp.com/terraform/language/syntax/json#nested-block-mapping
 *
 * @param labels how many labels the kind has
 */
export function terraformBlocks(from: unknown, kind: string, labels: number): TerraformBlock[] {
  return labels === 0
    ? listAt(from, kind).map((body) => ({ labels: [], body: objectOf(body) }))
    : listAt(from, kind).flatMap((names) =>
        (isObject(names) ? Object.keys(names) : []).flatMap((name) =>
          withBodies(names, name, labels - 1).map((block) => ({ ...block, labels: [name, ...block.labels] })),
        ),
      );
}

/** A body that is null is a block all the same. */
function withBodies(names: unknown, name: string, labels: number): TerraformBlock[] {
  const blocks = terraformBlocks(names, name, labels);
  return blocks.length === 0 && labels === 0 ? [{ labels: [], body: {} }] : blocks;
}
