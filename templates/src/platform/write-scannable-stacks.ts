// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, TerraformDataSource, TerraformElement, TerraformResource, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { withExceptions } from "./exception-comments";
import { type ArgumentDescriptions, hclBlock } from "./hcl-text";
import type { ScannerException } from "./load-scanner-exceptions";

/** What every resource can have besides its provider's arguments, and what no scanner judges. */
const META_ARGUMENTS = ["//", "connection", "depends_on", "lifecycle", "provider", "provisioner"];

/**
 * Writes the resources of each stack once more as HCL, into `scannable/` next to `stacks/`, for tfsec, Trivy and
 * Checkov.
 *
 * The first two see no nested block in Terraform JSON: they take `vpc_config` for an argument that holds a map, and report
 * a private endpoint as public and encrypted secrets as unencrypted. What they look at has the same resources with the same
 * arguments; what Terraform applies stays the JSON.
 */
export function writeScannableStacks(app: App, exceptions: readonly ScannerException[]): void {
  for (const stack of app.node.findAll().filter(TerraformStack.isStack)) {
    const synthesized = JSON.parse(readFileSync(join(app.outdir, "stacks", stack.node.id, "cdk.tf.json"), "utf8"));
    // A stack may have others below it, each of which is written to its own place.
    const constructs = stack.node.findAll().filter((construct) => isOf(stack, construct));
    const blocks = constructs.flatMap((construct) => {
      if (!TerraformResource.isTerraformResource(construct) && !TerraformDataSource.isTerraformDataSource(construct)) {
        return [];
      }
      const kind = TerraformResource.isTerraformResource(construct) ? "resource" : "data";
      const { terraformResourceType: type, friendlyUniqueId: name } = construct;
      const argumentsOnly = Object.entries(synthesized[kind][type][name]).filter(
        ([key]) => !META_ARGUMENTS.includes(key),
      );
      const block = hclBlock(
        `${kind} "${type}" "${name}"`,
        Object.fromEntries(argumentsOnly),
        descriptionsOf(construct),
      );
      return [withExceptions(block, construct.node.path.slice(stack.node.path.length + 1), exceptions)];
    });
    const directory = join(app.outdir, "scannable", stack.node.id);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "main.tf"), blocks.join("\n"));
  }
}

function isOf(stack: TerraformStack, construct: IConstruct): boolean {
  return TerraformElement.isTerraformElement(construct) && TerraformStack.of(construct) === stack;
}

/** The provider's bindings tell nested blocks from arguments that hold maps; no one else here does. */
function descriptionsOf(construct: TerraformResource | TerraformDataSource): ArgumentDescriptions {
  const described = construct as unknown as { synthesizeHclAttributes?(): ArgumentDescriptions };
  if (described.synthesizeHclAttributes === undefined) {
    throw new Error(`${construct.node.path}: the provider's bindings do not tell blocks from maps`);
  }
  return described.synthesizeHclAttributes();
}
