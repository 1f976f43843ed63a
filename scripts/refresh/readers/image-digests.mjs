// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { imageDigest } from "../container-registry.mjs";

const DIGESTS = "data/image-digests.json";
const IMAGES = "data/images.json";
const EKS = "data/eks.json";

export default {
  id: "image-digests",
  title: "Digests of the images that are mirrored",
  files: [DIGESTS],
  source: "each image's registry, named in data/images.json",
  form: "https://github.com/opencontainers/distribution-spec/blob/main/spec.md",
  async read({ source, tables, changes }) {
    const known = tables[DIGESTS].digests;
    const waiting = [];
    const digests = {};
    for (const [repository, tag] of references(tables, changes)) {
      const reference = `${repository}:${tag}`;
      const answered = await imageDigest(source, repository, tag);
      if (known[reference] !== undefined && known[reference] !== answered) {
        waiting.push({
          what: `image ${reference}`,
          newest: answered,
          why: `its tag was moved from ${known[reference]}`,
        });
      }
      digests[reference] = known[reference] ?? answered;
    }
    const means = "mirrors copy this digest, and charts pull it; pods of its workload restart once";
    return { changes: [{ file: DIGESTS, path: ["digests"], value: digests, means }], waiting };
  },
};

/** Repository and tag of each image, with the tags that other readers have just found, sorted. */
function references(tables, changes) {
  const latest = (file, path, value) =>
    changes.findLast((change) => change.file === file && change.path.join() === path.join())?.value ?? value;
  const { images } = tables[IMAGES];
  const pinned = Object.entries(images).map(([key, { repository, tag }]) => [
    repository,
    latest(IMAGES, ["images", key, "tag"], tag),
  ]);
  const byKubernetes = Object.entries(tables[EKS].kubernetesVersions).flatMap(([version, { imageTags }]) =>
    Object.entries(imageTags).map(([key, tag]) => [
      images[key].repository,
      latest(EKS, ["kubernetesVersions", version, "imageTags", key], tag),
    ]),
  );
  const all = new Map([...pinned, ...byKubernetes].map((pair) => [pair.join(":"), pair]));
  return [...all.keys()].sort().map((reference) => all.get(reference));
}
