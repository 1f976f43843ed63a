// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Copies from .terraform.lock.hcl, to each stack in cdktf.out, the entries of the providers that it requires, as Terraform has
// them. scripts/init-stack.mjs does so again, for OpenTofu too.
//
//   node scripts/copy-provider-locks.mjs
import { lockStack, registryOf, rootEntries, stackNames } from "./provider-locks.mjs";

try {
  const entries = rootEntries();
  for (const stack of stackNames()) {
    lockStack(stack, registryOf("terraform"), entries);
  }
} catch (error) {
  console.error(`copy-provider-locks.mjs: ${error.message}`);
  process.exitCode = 1;
}
