// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { nearestKey } from "../nearest-key";
import { packageData } from "./package-data";

/** Facts about an EC2 instance type, from data/instance-types.json. */
export interface InstanceType {
  readonly vcpu: number;
  readonly memoryMib: number;
  readonly gpus: number;
  readonly gpuModel: string | null;
  readonly gpuMemoryMib: number | null;
  readonly architecture: "x86_64" | "arm64";
  readonly maxPods: number;
  readonly efaInterfaces: number;
}

/** @returns undefined for a type that the data file does not know. */
export function instanceType(name: string): InstanceType | undefined {
  return Object.hasOwn(instanceTypes(), name) ? instanceTypes()[name] : undefined;
}

/** All known types by name. */
export function instanceTypes(): { readonly [name: string]: InstanceType } {
  return packageData<{ readonly types: { readonly [name: string]: InstanceType } }>("instance-types").types;
}

/** Rule for names that the data file does not know. */
export const UNKNOWN_INSTANCE_TYPE = "must be an instance type that ray-platform knows";

/** Fix for a name that the data file does not know. */
export function nearestInstanceType(name: string): string {
  const near = nearestKey(name, Object.keys(instanceTypes()));
  return near === undefined ? "check the spelling" : `did you mean ${near}?`;
}
