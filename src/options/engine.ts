// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Library that runs the generated stacks. Both read the same stack sources and write Terraform JSON. */
export enum Engine {
  /** `cdktf` 0.21, archived by HashiCorp in December 2025; the default because every provider package it needs is published. */
  CDKTF = "cdktf",
  /** `cdktn` 0.24, the maintained fork (CDK Terrain), installed under the name `cdktf` by an override. */
  CDKTN = "cdktn",
}
