// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Accelerator } from "../options/accelerator";
import { packageData } from "./package-data";

/** Instance types of an accelerator, from data/accelerators.json. */
export function typesOfAccelerator(accelerator: Accelerator): readonly string[] {
  return packageData<{ readonly [name: string]: readonly string[] }>("accelerators")[accelerator] ?? [];
}
