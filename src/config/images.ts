// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { MergedSettings } from "./merged-settings";
import { packageData } from "./package-data";
import { checkPattern } from "./patterns";
import type { ImageConfig, ImagesConfig, RayConfig, WorkloadsConfig } from "./platform-config";

type Feature = "always" | "gpu" | "monitoring" | "backup";

interface ImageData {
  readonly [key: string]: Omit<ImageConfig, "key"> & { readonly when: Feature };
}

/** Resolves where images come from and which ones there are. */
export function resolveImages(
  merged: MergedSettings,
  project: string,
  workloads: WorkloadsConfig,
  ray: RayConfig,
  clusterAutoscalerTag: string,
  issues: IssueList,
): ImagesConfig {
  const options = merged.settings.images ?? {};
  checkPattern(options.registry, "imageRepository", merged.path("images", "registry"), issues);
  checkPattern(options.repositoryPrefix, "imageRepository", merged.path("images", "repositoryPrefix"), issues);
  const features = new Set<Feature>(["always"]);
  if ("nvidia-device-plugin" in workloads.charts) features.add("gpu");
  if (workloads.monitoring) features.add("monitoring");
  if (workloads.backup !== null) features.add("backup");

  const { images } = packageData<{ readonly images: ImageData }>("images");
  const list = Object.entries(images)
    .filter(([, { when }]) => features.has(when))
    .map(([key, { repository, tag, architectures }]) => ({
      key,
      repository,
      tag: key === "cluster-autoscaler" ? clusterAutoscalerTag : tag,
      architectures,
    }));
  return {
    registry: options.registry ?? null,
    repositoryPrefix: options.repositoryPrefix ?? project,
    createRepositories: options.registry === undefined,
    list: [...list, ...rayImages(ray)].sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

/** Images of Ray pods: one entry a reference, since each tag has an architecture of its own. */
function rayImages(ray: RayConfig): ImageConfig[] {
  const references = [...new Set([ray.head.image, ...ray.workerGroups.map(({ image }) => image)])].sort();
  return references.map((reference, index) => {
    const colon = reference.lastIndexOf(":");
    const tag = reference.slice(colon + 1);
    return {
      key: index === 0 ? "ray" : `ray-${index + 1}`,
      repository: reference.slice(0, colon),
      tag,
      architectures: [/aarch64|arm64/.test(tag) ? "arm64" : "amd64"],
    };
  });
}
