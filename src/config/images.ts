// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { WorkloadRecord } from "../workloads/workload-record";
import type { MergedSettings } from "./merged-settings";
import { packageData } from "./package-data";
import { checkPattern } from "./patterns";
import type { ImageConfig, ImagesConfig, NodePoolConfig, RayConfig } from "./platform-config";

/** Digests that the package knows, by repository and tag. */
interface DigestData {
  readonly digests: { readonly [reference: string]: string };
}

interface ImageData {
  readonly [key: string]: Omit<ImageConfig, "key">;
}

/** What the list of images depends on. */
export interface ImagesContext {
  readonly project: string;
  readonly environment: string;
  readonly workloads: readonly WorkloadRecord[];
  readonly ray: RayConfig;
  readonly pools: readonly NodePoolConfig[];
  /** Tags by image key that follow from the Kubernetes version. */
  readonly kubernetesTags: Readonly<Record<string, string>>;
}

/** Resolves where images come from and which ones there are. */
export function resolveImages(merged: MergedSettings, context: ImagesContext, issues: IssueList): ImagesConfig {
  const { project, environment, workloads, ray, pools, kubernetesTags } = context;
  const options = merged.settings.images ?? {};
  checkPattern(options.registry, "imageRegistry", merged.path("images", "registry"), issues);
  checkPattern(options.repositoryPrefix, "ecrPrefix", merged.path("images", "repositoryPrefix"), issues);
  if (options.registry !== undefined && options.repositoryPrefix !== undefined) {
    issues.add(
      merged.path("images", "repositoryPrefix"),
      options.repositoryPrefix,
      "belongs to this account's ECR, which images.registry replaces",
      "write the path after images.registry",
    );
  }
  const keys = new Set(workloads.flatMap(({ images }) => (images === "of-ray" ? [] : images)));
  const list = [...keys]
    .map((key) => pinnedImage(key, kubernetesTags[key]))
    .map((image) =>
      // In a mirror of the user's own, copies may have other digests: image-digests.json of the repository says them.
      options.registry === undefined ? withDigest(image) : image,
    );
  return {
    registry: options.registry ?? null,
    repositoryPrefix: `${options.repositoryPrefix ?? project}/${environment}`,
    createRepositories: options.registry === undefined,
    list: [...list, ...rayImages(ray, pools, options.registry)].sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

/** The image that data/images.json pins under a key; its tag may follow from the Kubernetes version instead. */
function pinnedImage(key: string, kubernetesTag: string | undefined): ImageConfig {
  const { images } = packageData<{ readonly images: ImageData }>("images");
  if (!Object.hasOwn(images, key)) {
    throw new Error(`data/images.json has no "${key}", which a record in src/workloads names; pin the image there`);
  }
  const { repository, tag, architectures } = images[key];
  return { key, repository, tag: kubernetesTag ?? tag, architectures };
}

function withDigest(image: ImageConfig): ImageConfig {
  const { digests } = packageData<DigestData>("image-digests");
  const reference = `${image.repository}:${image.tag}`;
  return Object.hasOwn(digests, reference) ? { ...image, digest: digests[reference] } : image;
}

/** Images of Ray pods that are mirrored: one entry a reference, since each tag has an architecture of its own. */
function rayImages(ray: RayConfig, pools: readonly NodePoolConfig[], registry: string | undefined): ImageConfig[] {
  const registries = [...(registry === undefined ? [] : [registry]), ...ray.registries.map((own) => own.registry)];
  const architectures = new Map<string, Set<ImageConfig["architectures"][number]>>();
  for (const { image, poolGroup } of [ray.head, ...ray.workerGroups]) {
    const pool = pools.find(({ group }) => group === poolGroup);
    const ofImage = architectures.get(image) ?? new Set();
    architectures.set(image, ofImage.add(pool?.architecture === "arm64" ? "arm64" : "amd64"));
  }
  const references = [...architectures.keys()].filter((reference) => !isReachable(reference, registries)).sort();
  return references.map((reference, index) => {
    const colon = reference.lastIndexOf(":");
    return {
      key: index === 0 ? "ray" : `ray-${index + 1}`,
      repository: reference.slice(0, colon),
      tag: reference.slice(colon + 1),
      architectures: [...(architectures.get(reference) ?? [])].sort(),
    };
  });
}

/** Whether nodes pull an image as it is named: from an ECR, from the registry that the mirror is in, or from the user's own. */
function isReachable(reference: string, registries: readonly string[]): boolean {
  return (
    /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\//.test(reference) ||
    registries.some((registry) => reference.startsWith(`${registry}/`))
  );
}
