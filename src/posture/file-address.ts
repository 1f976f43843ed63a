// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { PlatformConfig } from "../config/platform-config";
import { pathReference } from "../portable-path";
import type { Commit } from "./commit";

/** A repository at a commit. */
export interface CheckedOut {
  readonly platform: Pick<PlatformConfig, "repository">;
  /** Undefined where there is none. */
  readonly commit?: Commit;
}

/**
 * Where a file of the commit lies on GitHub; undefined for what is in no commit: a changed tree, and what is synthesized.
 *
 * @param line from 1
 */
export function fileAddress(
  file: string,
  line: number | undefined,
  { platform, commit }: CheckedOut,
): string | undefined {
  const { owner, name } = platform.repository;
  if (!owner || commit === undefined || commit.isChanged || file.startsWith("cdktf.out/")) {
    return undefined;
  }
  const at = line === undefined ? "" : `#L${line}`;
  return `https://github.com/${owner}/${name}/blob/${commit.id}/${pathReference(file)}${at}`;
}
