// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type FilePair, lineCounts } from "../sync/comparison/unified-diff";

/** How many lines are added to and removed from each file, one file a line. */
export function diffStat(pairs: readonly FilePair[]): string {
  const counts = lineCounts(pairs);
  const width = Math.max(0, ...counts.map(({ path }) => path.length));
  return counts
    .map(({ path, added, removed }) => {
      const change = added === undefined || removed === undefined ? "binary" : `+${added} -${removed}`;
      return `${path.padEnd(width)}  ${change}\n`;
    })
    .join("");
}
