// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../../explained-error";

/** Known to every copy of this package: the command may come from another than the projenrc imports. */
const RUN = Symbol.for("ray-platform.run");

type Run = { [RUN]?: Set<object> };

/** From now on, until the process ends, a projenrc runs. */
export function beginRun(): void {
  (globalThis as Run)[RUN] = new Set();
}

/** Does what a projenrc would; afterwards any number of projects is allowed as before. */
export function duringRun(work: () => void): void {
  const before = (globalThis as Run)[RUN];
  beginRun();
  try {
    work();
  } finally {
    (globalThis as Run)[RUN] = before;
  }
}

/**
 * Notes that a projenrc makes or synthesizes a project. Outside of a run any number is allowed.
 * @throws SeveralProjectsError if it is the second one: both would claim the same lock, and no preview could tell of both
 */
export function claimRun(project: object): void {
  const projects = (globalThis as Run)[RUN];
  if (projects !== undefined && projects.add(project).size > 1) {
    throw new SeveralProjectsError();
  }
}

class SeveralProjectsError extends ExplainedError {
  public constructor() {
    super(
      ".projenrc.ts has more than one RayPlatformProject, and can have only one: give each a directory and a " +
        ".projenrc.ts of its own",
    );
  }
}
