// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "./package-data";
import type { NodePoolConfig } from "./platform-config";

interface RayData {
  readonly default: string;
  readonly versions: { readonly [version: string]: { readonly tokenAuth: boolean } };
  readonly image: {
    readonly repository: string;
    readonly python: string;
    readonly tagTemplate: string;
    readonly acceleratorSuffix: { readonly none: string; readonly nvidia: string };
    readonly architectureSuffix: { readonly x86_64: string; readonly arm64: string };
  };
}

/** Facts about Ray releases, from data/ray.json. */
export function rayData(): RayData {
  return packageData<RayData>("ray");
}

/** What of a pool decides on its Ray image. */
export interface ImagePool {
  readonly architecture: NodePoolConfig["architecture"];
  readonly gpu: boolean;
}

/** Ray's image for a pool: tags differ by GPU and, unlike most images, by architecture. */
export function rayImage(repository: string, version: string, pool: ImagePool): string {
  const { image } = rayData();
  const tag = image.tagTemplate
    .replace("{version}", version)
    .replace("{python}", image.python)
    .replace("{accelerator}", pool.gpu ? image.acceleratorSuffix.nvidia : image.acceleratorSuffix.none)
    .replace("{architecture}", image.architectureSuffix[pool.architecture]);
  return `${repository}:${tag}`;
}

/** Architecture that an image's tag names; undefined if it names none. Ray's own tags name only the ARM one. */
export function imageArchitecture(image: string): NodePoolConfig["architecture"] | undefined {
  const tag = image.slice(image.lastIndexOf(":") + 1);
  if (/(?:^|[-_.])(?:aarch64|arm64)(?:$|[-_.])/.test(tag)) {
    return "arm64";
  }
  const namesX86 = /(?:^|[-_.])(?:amd64|x86[-_]64)(?:$|[-_.])/.test(tag);
  return namesX86 || /(?:^|\/)rayproject\/ray(?:-ml)?:/.test(image) ? "x86_64" : undefined;
}
