// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere, namesIn } from "../file-presence";
import { ExplainedError } from "../explained-error";
import { readForeignText } from "../foreign-file";
import { type JsonObject, parseObject } from "../json-object";
import { SYNTHESIZED } from "../policy/policy-input";

/** The contents of `cdk.tf.json` by stack name; empty where nothing was synthesized. @throws ExplainedError for broken files */
export function synthesizedStacks(root: string): Record<string, JsonObject> {
  const directory = join(root, SYNTHESIZED.stacks);
  const names = namesIn(directory);
  return Object.fromEntries(
    names.flatMap((name) => {
      const stack = readGenerated(join(directory, name, "cdk.tf.json"));
      return stack === undefined ? [] : [[name, stack]];
    }),
  );
}

/** A JSON object that a regeneration or a synthesis wrote; undefined where there is none. @throws ExplainedError if broken */
export function readGenerated(file: string): JsonObject | undefined {
  if (!isThere(file)) {
    return undefined;
  }
  const value = parseObject(readForeignText(file));
  if (value === undefined) {
    throw new ExplainedError(`${file} contains no JSON object: run "npx projen" and "npx projen synth" again`);
  }
  return value;
}
