// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { anyToHclTerraform, hashMapperHcl, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

/**
 * A value that is kept in the state, so that what names it can be replaced when it changes. The engine's own `DataResource`
 * starts `terraform version` at every synthesis, and lets it fail where there is no Terraform.
 */
export class KeptValue extends TerraformResource {
  public static readonly tfResourceType = "terraform_data";

  constructor(
    scope: Construct,
    id: string,
    private readonly input: Readonly<Record<string, string>>,
  ) {
    super(scope, id, {
      terraformResourceType: KeptValue.tfResourceType,
      terraformGeneratorMetadata: { providerName: "terraform" },
    });
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { input: this.input };
  }

  protected override synthesizeHclAttributes(): { [name: string]: unknown } {
    return { input: hashMapperHcl(anyToHclTerraform)(this.input) };
  }
}
