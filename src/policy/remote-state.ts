// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject } from "../json-object";
import { objectAt } from "./json";

/** What tells one state from another, of the backends that stacks use. */
const PLACE = ["bucket", "key", "path"];

/** Whether a stack keeps its state where a `terraform_remote_state` of another stack reads it. */
export function keepsStateAt(stack: unknown, remoteState: unknown): boolean {
  if (!isObject(remoteState) || typeof remoteState.backend !== "string") {
    return false;
  }
  const backend = objectAt(objectAt(objectAt(stack, "terraform"), "backend"), remoteState.backend);
  const config = objectAt(remoteState, "config");
  return PLACE.some((name) => config[name] !== undefined) && PLACE.every((name) => backend[name] === config[name]);
}
