// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isThere, readObject } from "./read-json.mjs";

/** Digests that a person committed, by repository and tag. */
export const DIGEST_FILE = "image-digests.json";

/** What is asked of the platform. */
const PLATFORM = {
  environments: [{ name: "", region: "", images: { list: [{ repository: "", tag: "", "digest?": "" }] } }],
};

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The environments of this repository. */
export function environments() {
  return readObject("src/platform/platform.json", PLATFORM).environments;
}

/** What the file has; nothing if there is none. A value that is not a digest ends the script with 2. */
export function recordedDigests() {
  const digests = isThere(DIGEST_FILE) ? readObject(DIGEST_FILE) : {};
  for (const [reference, digest] of Object.entries(digests)) {
    if (!DIGEST.test(digest)) {
      console.error(`${DIGEST_FILE}: ${reference} has no digest: write it again with node scripts/lock-images.mjs`);
      process.exit(2);
    }
  }
  return digests;
}

export function referenceOf({ repository, tag }) {
  return `${repository}:${tag}`;
}

/** The digest of an image, from the file or from the configuration; undefined where it is known by its tag only. */
export function digestOf(image, recorded) {
  const reference = referenceOf(image);
  return Object.hasOwn(recorded, reference) ? recorded[reference] : image.digest;
}
