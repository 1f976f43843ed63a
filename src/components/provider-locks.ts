// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Project } from "projen/lib/project";
import { packageData } from "../config/package-data";
import { BlockFile } from "../sync/files/block-file";

/** Checksums of a provider's packages, as a registry has them. */
interface ProviderLock {
  /** Host, namespace and name: `registry.terraform.io/hashicorp/aws`. */
  readonly address: string;
  readonly version: string;
  /** Public lock files that each checksum stands in. */
  readonly sources?: readonly string[];
  /** Of the archives of all platforms (`zh`) and of what is in them (`h1`). */
  readonly hashes?: readonly string[];
  /** Why there are none. */
  readonly missing?: string;
}

const INITIAL = `# What is not pinned above, scripts/lock-providers.mjs adds below. Commit it.
`;

/**
 * The lock file of the providers. The block pins what the installed version of this package knows and moves with it; what the
 * repository pins beside it stays.
 */
export function addProviderLocks(project: Project): void {
  const { providers } = packageData<{ readonly providers: readonly ProviderLock[] }>("provider-locks");
  new BlockFile(project, ".terraform.lock.hcl", {
    content: providers.map(entry).join("\n"),
    component: "stacks",
    position: "start",
    initial: INITIAL,
  });
}

function entry({ address, version, hashes = [] }: ProviderLock): string {
  return hashes.length === 0
    ? `# Not pinned here: ${address} ${version}\n`
    : `provider "${address}" {
  version     = "${version}"
  constraints = "${version}"
  hashes = [
${hashes.map((hash) => `    "${hash}",\n`).join("")}  ]
}
`;
}
