// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { dnsSuffixOf } from "../partition";
import type { EnvironmentConfig, ImageConfig } from "../platform-config";

/** An image where nodes pull it from, in the three parts that charts ask for. */
export interface ImageReference {
  /** Host, such as `111122223333.dkr.ecr.eu-west-1.amazonaws.com`. */
  readonly registry: string;
  /** Path inside the registry. */
  readonly repository: string;
  /** Tag, with the digest behind it where one is known: `v1.7.0@sha256:0123...`. Charts put it behind the repository. */
  readonly tag: string;
}

/** Path of an image in the mirror: its upstream path without the host. `quay.io/kuberay/operator` is `kuberay/operator`. */
export function mirrorName({ repository }: Pick<ImageConfig, "repository">): string {
  const [first = "", ...rest] = repository.split("/");
  return /[.:]/.test(first) || first === "localhost" ? rest.join("/") : repository;
}

/**
 * Registry and path prefix that images are pulled from.
 *
 * @param accountId the account whose ECR it is where the options name no registry
 */
export function registryPrefix({ images, region }: EnvironmentConfig, accountId: string): string {
  return images.registry ?? `${accountId}.dkr.ecr.${region}.${dnsSuffixOf(region)}/${images.repositoryPrefix}`;
}

/** The mirrored image of a key in `images.list`. */
export function mirroredImage(environment: EnvironmentConfig, prefix: string, key: string): ImageReference {
  const image = environment.images.list.find((candidate) => candidate.key === key);
  if (image === undefined) {
    throw new Error(
      `environment "${environment.name}" images.list has no "${key}", which the platform runs; run \`npx projen\``,
    );
  }
  const slash = prefix.indexOf("/");
  const registry = slash < 0 ? prefix : prefix.slice(0, slash);
  const path = slash < 0 ? "" : `${prefix.slice(slash + 1)}/`;
  return { registry, repository: `${path}${mirrorName(image)}`, tag: pinned(image) };
}

/** The tag of a reference without its digest, for charts that take a version from it. */
export function versionOf({ tag }: ImageReference): string {
  return tag.split("@")[0] as string;
}

/** A container runtime pulls what the digest says, and the tag tells people what it is. */
function pinned({ tag, digest }: ImageConfig): string {
  return digest === undefined ? tag : `${tag}@${digest}`;
}

/** A Ray image where nodes pull it from. An image that is not in `images.list` is the user's own and is pulled as named. */
export function rayImage(environment: EnvironmentConfig, prefix: string, reference: string): string {
  const colon = reference.lastIndexOf(":");
  const repository = reference.slice(0, colon);
  const tag = reference.slice(colon + 1);
  const mirrored = environment.images.list.find((image) => image.repository === repository && image.tag === tag);
  return mirrored === undefined ? reference : `${prefix}/${mirrorName(mirrored)}:${pinned(mirrored)}`;
}
