// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../../explained-error";
import { git } from "./git";

/** How many paths a message names. */
const NAMED = 3;

/** Those of the absent files that git has, and leaves out of this checkout. Starts git only if there are any to ask for. */
export function leftOutOfCheckout(root: string, absent: readonly string[]): Set<string> {
  if (absent.length === 0) {
    return new Set();
  }
  const { stdout } = git(root, ["ls-files", "-t", "-z", "--", ...absent]);
  const entries = stdout.toString("utf8").split("\0");
  return new Set(entries.filter((entry) => entry.startsWith("S ")).map((entry) => entry.slice(2)));
}

/**
 * Refuses to compare, and to write, what is not checked out: it would count as deleted, and be written into places that the
 * checkout leaves out.
 * @param absent generated files that are not there
 * @throws ExplainedError
 */
export function refuseSparseCheckout(root: string, absent: readonly string[]): void {
  const paths = [...leftOutOfCheckout(root, absent)];
  if (paths.length > 0) {
    const rest = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : "";
    throw new ExplainedError(
      `this is a sparse checkout without ${paths.slice(0, NAMED).join(", ")}${rest}, which are generated: run ` +
        '"git sparse-checkout disable", or add their directories with "git sparse-checkout add"; nothing was changed',
    );
  }
}
