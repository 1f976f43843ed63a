// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Rendering } from "./preview-report";

let last: Rendering | undefined;

/** Notes what this process rendered, for the command that started the run. */
export function noteRendering(rendering: Rendering): void {
  last = rendering;
}

/** What this process rendered last; undefined if nothing. */
export function lastRendering(): Rendering | undefined {
  return last;
}
