// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject } from "../json-object";
import { Accelerator } from "../options/accelerator";
import { typesOfAccelerator } from "./accelerators";
import { DEFAULT_GPU_TYPES } from "./limits";

/**
 * Options as a program writes them into a new `.projenrc.ts`: the types of an accelerator that somebody chose stand among
 * those that the policies allow, to be read and to be changed there. A list that was given stays as it is. The options may
 * be wrong yet; what they hold is then left to the checks.
 */
export function withStatedGpuTypes<T extends object>(options: T): T {
  const { accelerator, environments, policyLimits = {} } = options as Record<string, unknown>;
  const chosen = [accelerator, ...(Array.isArray(environments) ? environments : []).map((one) => one?.accelerator)];
  const types = chosen.flatMap((one) => (isAccelerator(one) ? typesOfAccelerator(one) : []));
  const isAllowed = types.every((type) => DEFAULT_GPU_TYPES.includes(type));
  if (isAllowed || !isObject(policyLimits) || policyLimits.gpuInstanceTypes !== undefined) {
    return options;
  }
  const gpuInstanceTypes = [...new Set([...DEFAULT_GPU_TYPES, ...types])];
  return { ...options, policyLimits: { ...policyLimits, gpuInstanceTypes } };
}

function isAccelerator(value: unknown): value is Accelerator {
  return Object.values<unknown>(Accelerator).includes(value);
}
