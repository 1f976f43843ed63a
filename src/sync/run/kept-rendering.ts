// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Rendering } from "./preview-report";
import { areUnchanged, type RenderingInputs } from "./rendering-inputs";

/** Where the rendering of the last preview is kept, below `node_modules`, which nobody commits. */
const PLACE = join(".cache", "ray-platform", "rendering");

interface Kept {
  readonly inputs: RenderingInputs;
  /** A serialized {@link Rendering}; read only if the inputs are the same. */
  readonly rendering: Uint8Array;
}

/** The rendering that an earlier preview kept, if rendering again would lead to the same. */
export function readKeptRendering(root: string): Rendering | undefined {
  try {
    const { inputs, rendering } = deserialize(readFileSync(fileOf(root))) as Kept;
    return areUnchanged(inputs, root) ? (deserialize(rendering) as Rendering) : undefined;
  } catch {
    return undefined; // Absent, damaged, or of another Node: render.
  }
}

/** Keeps a rendering for the next preview, if there is a place for it. */
export function keepRendering(root: string, inputs: RenderingInputs, rendering: Uint8Array): void {
  try {
    if (statSync(join(root, "node_modules"), { throwIfNoEntry: false }) === undefined) {
      return;
    }
    const file = fileOf(root);
    const kept: Kept = { inputs, rendering };
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, serialize(kept));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A preview is right without it, and must work where nothing can be written.
  }
}

/** A rendering as bytes. */
export function serializeRendering(rendering: Rendering): Uint8Array {
  return serialize(rendering);
}

function fileOf(root: string): string {
  return join(root, "node_modules", PLACE);
}
