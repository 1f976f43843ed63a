// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { entriesOf } from "../file-presence";
import { readForeignText } from "../foreign-file";
import type { Judgement } from "../policy/judgement";
import { SYNTHESIZED } from "../policy/policy-input";
import { portableRelative } from "../portable-path";

const ID = "terraform/files";

/** What Terraform and OpenTofu take for a part of a stack, or for values of its variables. */
const PARTS =
  /(?:\.tf|\.tofu|\.tf\.json|\.tofu\.json|\.auto\.tfvars|\.auto\.tfvars\.json)$|^terraform\.tfvars(?:\.json)?$/;

const STACK = "cdk.tf.json";
const VERSIONS = "versions.tf";
/** All that synthesis writes there. */
const VERSIONS_TEXT = /^terraform \{\n {2}required_version = "[^"\\\n]*"\n\}\n$/;
const MOST_BYTES = 4096;

/**
 * Judges what lies beside the synthesized stacks: Terraform deploys every file of a directory, and the policies read the
 * one that synthesis writes.
 * @param cwd that findings name files from
 */
export function judgeStackFiles(root: string, cwd: string): Judgement[] {
  const stacks = join(root, SYNTHESIZED.stacks);
  return entriesOf(stacks).flatMap((stack) => {
    const directory = join(stacks, stack.name);
    return entriesOf(directory)
      .filter(({ name }) => name !== STACK && PARTS.test(name) && !isVersions(directory, name))
      .map(({ name }): Judgement => {
        const file = portableRelative(cwd, join(directory, name));
        const msg = `${file} would be deployed with the stack, and no policy reads it`;
        const fix = "Remove it, and declare what it says in src/extensions.ts.";
        const violation = { ...{ id: ID, resource: stack.name, path: name, value: null, limit: null }, msg, fix };
        return { file, deny: [violation], warn: [] };
      });
  });
}

function isVersions(directory: string, name: string): boolean {
  const file = join(directory, name);
  return name === VERSIONS && lstatSync(file).isFile() && VERSIONS_TEXT.test(readForeignText(file, MOST_BYTES));
}
