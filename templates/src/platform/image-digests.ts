// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { lstatSync, readFileSync } from "node:fs";
import type { ImageConfig, PlatformConfig } from "./platform-config";

/** Digests by repository and tag, such as `quay.io/kuberay/operator:v1.7.0`. */
export type ImageDigests = Readonly<Record<string, string>>;

const FIX = "write it again with `node scripts/lock-images.mjs`";

/**
 * Reads `image-digests.json`, which `scripts/lock-images.mjs` writes and a person commits. Without the file there are none.
 *
 * @throws Error if a value is not a digest
 */
export function loadImageDigests(file: string): ImageDigests {
  // A link that leads nowhere is not missing: without digests, images would be pulled by their tags.
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) {
    return {};
  }
  const digests: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof digests !== "object" || digests === null || Array.isArray(digests)) {
    throw new Error(`${file}: is not an object of digests by image; ${FIX}`);
  }
  for (const [reference, digest] of Object.entries(digests)) {
    if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
      throw new Error(
        `${file}: ${reference} is ${JSON.stringify(digest)}, not sha256: and 64 hexadecimal digits; ${FIX}`,
      );
    }
  }
  return digests as ImageDigests;
}

/**
 * The configuration with each image's digest, where one is known.
 *
 * @throws Error if the configuration knows another: a tag was moved, and only a person can say which content is the right one
 */
export function withImageDigests(config: PlatformConfig, digests: ImageDigests, file: string): PlatformConfig {
  const pinned = (image: ImageConfig): ImageConfig => {
    const reference = `${image.repository}:${image.tag}`;
    const digest = Object.hasOwn(digests, reference) ? digests[reference] : undefined;
    if (digest !== undefined && image.digest !== undefined && digest !== image.digest) {
      throw new Error(
        `${file}: ${reference} is ${digest}, and ray-platform knows ${image.digest}: find out which is right, and delete the entry if it is the latter`,
      );
    }
    return digest === undefined ? image : { ...image, digest };
  };
  return {
    ...config,
    environments: config.environments.map((environment) => ({
      ...environment,
      images: { ...environment.images, list: environment.images.list.map(pinned) },
    })),
  };
}
