// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { DataTerraformRemoteStateS3, Fn, Token, TerraformOutput, type TerraformStack } from "cdktf";
import type { EnvironmentConfig } from "./platform-config";

/** What a stack publishes: texts, and maps of texts. Its names are fixed, and all of them are there whatever the options are. */
export type StackOutputs = Readonly<Record<string, string | Entries>>;

export type Entries = Readonly<Record<string, string>>;

type NamesOf<Outputs, Kind> = { [Name in keyof Outputs]: Outputs[Name] extends Kind ? Name : never }[keyof Outputs] &
  string;

/**
 * First part of what stands for a value that is not deployed yet, so that a plan can be made before that. It fits wherever
 * AWS takes a name; `scripts/terraform-apply.sh` applies no plan that has it.
 */
export const AWAITED = "awaits-deployment-of-";

/** Makes the outputs of a stack's contract. */
export function publishOutputs<Outputs extends StackOutputs>(stack: TerraformStack, outputs: Outputs): void {
  for (const [name, value] of Object.entries(outputs)) {
    new TerraformOutput(stack, name, { value });
  }
}

/**
 * The outputs of an earlier stack of the same environment, as they are deployed.
 *
 * A reference of one stack to another's resource would make an output for each reference, and a plan of a stack that reads a
 * new one would fail until the other is applied. A contract's names do not move. What the deployed version has not yet, be it
 * an output or an entry of a map, reads as a name that starts with `awaits-deployment-of-`.
 */
export class DeployedOutputs<Outputs extends StackOutputs> {
  private readonly state: DataTerraformRemoteStateS3;
  private readonly owner: string;

  /**
   * @param layer second part of the earlier stack's name
   * @param contract the names of its outputs, each with an empty text or an empty map
   */
  constructor(
    reader: TerraformStack,
    { name: environment, state }: EnvironmentConfig,
    layer: string,
    contract: Outputs,
  ) {
    this.owner = `${environment}-${layer}`;
    this.state = new DataTerraformRemoteStateS3(reader, layer, {
      bucket: state.bucket,
      key: `${environment}/${layer}.tfstate`,
      region: state.region,
      defaults: Object.fromEntries(
        Object.entries(contract).map(([name, empty]) => [name, typeof empty === "string" ? this.awaited(name) : {}]),
      ),
    });
  }

  /** A text. */
  public text(name: NamesOf<Outputs, string>): string {
    return this.state.getString(name);
  }

  /** One entry of a map. */
  public entry(name: NamesOf<Outputs, Entries>, key: string): string {
    return Token.asString(Fn.lookup(this.state.get(name), key, this.awaited(`${name}-${key}`)));
  }

  private awaited(what: string): string {
    return `${AWAITED}${this.owner}-${what}`;
  }
}
