// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { readDiskFile } from "../files/disk-file";
import { parentProblem } from "../files/project-path";
import { isSealed, makeSecret, sealOf } from "../store/outside-secret";
import type { Rendering } from "./preview-report";
import { readRendering } from "./rendering-exchange";
import { areUnchanged, type RenderingInputs } from "./rendering-inputs";

/** Where the last rendering is kept, below `node_modules`, which nobody commits. */
const FILE = "node_modules/.cache/ray-platform/rendering";

interface Kept {
  readonly inputs: RenderingInputs;
  /** A {@link Rendering} as text; read only if the inputs are the same. */
  readonly rendering: string;
}

/** Length of the seal that a kept rendering begins with. Without one, nothing of it is even parsed. */
const SEAL = 64;

/** The rendering that an earlier run kept, if rendering again would lead to the same. */
export function readKeptRendering(root: string): Rendering | undefined {
  try {
    const disk = readDiskFile(root, FILE, new Set());
    if (disk.kind !== "file") {
      return undefined;
    }
    const [seal, bytes] = [disk.content.subarray(0, SEAL).toString("latin1"), disk.content.subarray(SEAL)];
    if (!isSealed(root, "rendering", bytes, seal)) {
      return undefined; // It came with the repository, or from elsewhere.
    }
    const { inputs, rendering } = deserialize(bytes) as Kept;
    return areUnchanged(inputs, root) ? readRendering(rendering, root) : undefined;
  } catch {
    return undefined; // Absent, damaged, or of another Node: render.
  }
}

/** Keeps a rendering for the next run, if there is a place for it. */
export function keepRendering(root: string, inputs: RenderingInputs, rendering: string): void {
  try {
    if (statSync(join(root, "node_modules"), { throwIfNoEntry: false }) === undefined) {
      return;
    }
    const secret = makeSecret(root, "rendering");
    if (secret === undefined || parentProblem(root, FILE) !== undefined) {
      return;
    }
    const file = join(root, FILE);
    const bytes = serialize({ inputs, rendering } satisfies Kept);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      `${file}.${process.pid}`,
      Buffer.concat([Buffer.from(sealOf(secret, root, "rendering", bytes)), bytes]),
    );
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A run is right without it, and must work where nothing can be written.
  }
}
