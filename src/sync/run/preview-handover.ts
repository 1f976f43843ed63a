// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Rendering } from "./preview-report";

/** Known to every copy of this package: the command may come from another than the one that renders. */
const TAKER = Symbol.for("ray-platform.preview");

type Taking = { [TAKER]?: (rendering: Rendering) => void };

/**
 * Does work that renders for a preview in this very process, in which nothing of the repository runs.
 * @returns what it rendered, as it is in memory; undefined if it rendered nothing
 */
export function takePreview(work: () => void): Rendering | undefined {
  let taken: Rendering | undefined;
  (globalThis as Taking)[TAKER] = (rendering) => {
    taken = rendering;
  };
  try {
    work();
  } finally {
    delete (globalThis as Taking)[TAKER];
  }
  return taken;
}

/** Hands a rendering to whoever waits for it in this process. @returns whether anybody does */
export function handOverPreview(rendering: Rendering): boolean {
  const taker = (globalThis as Taking)[TAKER];
  taker?.(rendering);
  return taker !== undefined;
}
