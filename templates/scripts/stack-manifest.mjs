// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// The synthesis's own list of stacks. Their names become paths that Terraform works in, with a role, so every name must belong to a
// stack that was synthesized and judged.
import { join } from "node:path";
import { cannotBeRead, readObject } from "./read-json.mjs";
import { unlike } from "./json-shape.mjs";

export const MANIFEST = "cdktf.out/manifest.json";
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const SHAPE = { stacks: { "*": { dependencies: [""], synthesizedStackPath: "", workingDirectory: "" } } };

/** The stacks by name, each with the names of those that it reads. What is no such list ends the script with 2. */
export function synthesizedStacks(root = ".") {
  const file = join(root, MANIFEST).replaceAll("\\", "/");
  const manifest = readObject(file);
  const problem = problemOfManifest(manifest);
  return problem === undefined ? manifest.stacks : cannotBeRead(file, problem);
}

/** What is wrong with a manifest; undefined if nothing is. */
export function problemOfManifest(manifest) {
  const problem = unlike(manifest, SHAPE);
  if (problem !== undefined) {
    return problem;
  }
  const names = Object.keys(manifest.stacks);
  for (const name of names) {
    const { dependencies, synthesizedStackPath, workingDirectory } = manifest.stacks[name];
    const [path, directory] = [synthesizedStackPath, workingDirectory].map(portable);
    if (!NAME.test(name) || directory !== `stacks/${name}` || path !== `${directory}/cdk.tf.json`) {
      return `${JSON.stringify(name.slice(0, 200))} is not the name of a stack, or it is not synthesized to its place`;
    }
    const stranger = dependencies.find((other) => !names.includes(other));
    if (stranger !== undefined) {
      return `${name} reads ${JSON.stringify(stranger.slice(0, 200))}, which is not a stack of this synthesis: put every stack directly below the app`;
    }
  }
  return undefined;
}

/** The engine writes paths as its system does. */
function portable(path) {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}
