// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What the generated documents say. */
export interface DocumentOptions {
  /**
   * Holder named in license headers and the license.
   * @default - `githubOwner`, or "the <name> authors"
   */
  readonly copyrightHolder?: string;
  /**
   * Address for security reports, shown in SECURITY.md.
   * @default - GitHub's private vulnerability reporting
   */
  readonly securityContact?: string;
  /**
   * GitHub users or teams (`@org/team`) that own workflows, policies and options in CODEOWNERS.
   * @default - no CODEOWNERS entries
   */
  readonly codeOwners?: string[];
}
