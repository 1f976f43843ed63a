// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";

const LENGTH = 63;

/** Name of a bucket, made of the parts that there are. One that is too long is cut, and a hash of the whole keeps it unique. */
export function bucketName(parts: readonly (string | undefined)[]): string {
  const name = parts
    .filter((part) => part !== undefined)
    .join("-")
    .toLowerCase();
  if (name.length <= LENGTH) {
    return name;
  }
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, LENGTH - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}
