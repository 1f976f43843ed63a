// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "../json-object";
import { terraformBlocks } from "./terraform-blocks";

/** A `resource` block of Terraform's JSON syntax. */
export interface ResourceBlock {
  readonly type: string;
  readonly name: string;
  /** Empty where the body is no object. */
  readonly body: JsonObject;
}

/** The resources of a synthesized stack. */
export function resourceBlocks(stack: unknown): ResourceBlock[] {
  return terraformBlocks(stack, "resource", 2).map(
    ({ labels: [type = "", name = ""], body }): ResourceBlock => ({ type, name, body }),
  );
}
