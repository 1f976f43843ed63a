// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
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
