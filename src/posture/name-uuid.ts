// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";

/** The namespace of URLs, from RFC 9562. */
const URLS = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");

/** The UUID of a URL, in version 5 of RFC 9562: the same for the same URL, everywhere and always. */
export function uuidOf(url: string): string {
  const bytes = createHash("sha1").update(URLS).update(url).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
