// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { PACKAGE_ROOT } from "../package-root";
import { keepRendering, readKeptRendering } from "../sync/run/kept-rendering";
import type { Rendering } from "../sync/run/preview-report";
import { writeRendering } from "../sync/run/rendering-exchange";
import { inputsAfter, inputsBefore } from "../sync/run/rendering-inputs";

/**
 * What an earlier run rendered, if this one would render the same. Which of the two it is makes no difference but time.
 *
 * None in continuous integration: what a pull request brings along decides nothing there.
 */
export function earlierRendering(root: string): Rendering | undefined {
  return process.env.CI ? undefined : readKeptRendering(root);
}

/**
 * Does work that renders, and keeps the rendering for later runs.
 * @param work returns what it rendered, or undefined if that depends on more than the text of the projenrc
 */
export function keepingRendering(root: string, work: () => Rendering | undefined): void {
  if (process.env.CI) {
    work();
    return;
  }
  const before = inputsBefore(root);
  const rendering = work();
  const modules = Object.keys(require.cache);
  // Where another copy of the package rendered, nobody knows from what.
  if (rendering !== undefined && modules.includes(require.resolve(PACKAGE_ROOT))) {
    const inputs = inputsAfter(before, root, modules, performance.timeOrigin);
    if (inputs !== undefined) {
      keepRendering(root, inputs, writeRendering(rendering));
    }
  }
}
