// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import * as stackTrace from "cdktf/lib/tokens/private/stack-trace";

/** The switch that CDK Terrain has for this, and that counts here for both engines. */
const SWITCH = "CDKTN_DISABLE_CREATION_STACK";

/**
 * Saves a third of the time and of the memory of a synthesis of many environments.
 *
 * The engine records with every token where it was created, with the whole stack, only to print it should the token
 * not resolve. To see these stacks while looking for such an error: `CDKTN_DISABLE_CREATION_STACK=false npm run synth`.
 */
export function skipCreationStacks(): void {
  process.env[SWITCH] ??= "true";
  // CDK Terrain heeds the variable by itself; cdktf 0.21, its last version, has no such switch.
  if (process.env[SWITCH] === "true" && !("captureCreationStack" in stackTrace)) {
    Object.defineProperty(stackTrace, "captureStackTrace", { value: () => [] });
  }
}
