// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { editDistance } from "./edit-distance";

/** The known key that `key` is most likely a misspelling of; undefined if none is near. */
export function nearestKey(key: string, known: readonly string[]): string | undefined {
  const normal = (text: string) => text.toLowerCase().replace(/[-_]/g, "");
  const limit = Math.max(2, Math.floor(key.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of known) {
    // A key cut short is likelier than one with another letter: of equally near ones, the one that goes on wins.
    const bonus = normal(candidate).startsWith(normal(key)) ? 0.5 : 0;
    const distance = editDistance(normal(key), normal(candidate)) - bonus;
    if (distance <= limit && (best === undefined || distance < best.distance)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate;
}
