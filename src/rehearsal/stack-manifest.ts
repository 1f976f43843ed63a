// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../file-presence";
import { ExplainedError } from "../explained-error";
import { readForeignText } from "../foreign-file";
import { isObject, type JsonObject, parseJson } from "../json-object";
import { objectAt } from "../policy/json";

/** A stack as `npx projen synth` wrote it. */
export interface SynthesizedStack {
  readonly name: string;
  readonly directory: string;
  readonly dependencies: readonly string[];
  /** The parsed `cdk.tf.json`. */
  readonly document: JsonObject;
  /** Its text, to tell whether it changed. */
  readonly text: string;
}

/** Reads all stacks of an output directory. @throws ExplainedError if there are none */
export function readStacks(outdir: string): SynthesizedStack[] {
  const file = join(outdir, "manifest.json");
  if (!isThere(file)) {
    throw new ExplainedError(`${file} is missing; run \`npx projen synth\` first`);
  }
  const manifest = parsed(file, readForeignText(file));
  return Object.values(objectAt(manifest, "stacks"))
    .filter(isObject)
    .map((stack) => {
      const directory = join(outdir, String(stack.workingDirectory));
      const path = join(outdir, String(stack.synthesizedStackPath));
      const text = readForeignText(path);
      return {
        name: String(stack.name),
        directory,
        dependencies: stack.dependencies as string[],
        document: parsed(path, text) as JsonObject,
        text,
      };
    });
}

function parsed(file: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new ExplainedError(`${file} is not JSON: ${(error as Error).message}`);
  }
}
