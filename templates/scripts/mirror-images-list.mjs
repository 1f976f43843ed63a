// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: mirror-images-list.mjs images|registry ENVIRONMENT
//
// images: one line for each image that the environment runs: its source, its path in the mirror, and its digest or "-".
// registry: one line with region, registry ("-" for the account's own ECR) and path prefix in that ECR.

import { digestOf, environments as all, recordedDigests, referenceOf } from "./image-digests.mjs";

const [query, name] = process.argv.slice(2);
const environments = all();
const environment = environments.find((candidate) => candidate.name === name);
if (environment === undefined || !["images", "registry"].includes(query)) {
  const names = environments.map((candidate) => candidate.name).join(", ");
  console.error(`usage: mirror-images-list.mjs images|registry ENVIRONMENT; environments are ${names}`);
  process.exit(1);
}

const { registry, repositoryPrefix, list } = environment.images;
if (query === "registry") {
  console.log(`${environment.region} ${registry ?? "-"} ${repositoryPrefix}`);
} else {
  const recorded = recordedDigests();
  for (const image of list) {
    const digest = digestOf(image, recorded);
    // A source has a tag or a digest, never both.
    const source = digest === undefined ? referenceOf(image) : `${image.repository}@${digest}`;
    console.log(`${source} ${withoutHost(image.repository)}:${image.tag} ${digest ?? "-"}`);
  }
}

/** The path that the stacks give the image in the mirror. */
function withoutHost(repository) {
  const [first, ...rest] = repository.split("/");
  return /[.:]/.test(first) || first === "localhost" ? rest.join("/") : repository;
}
