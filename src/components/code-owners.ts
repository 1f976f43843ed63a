// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Project } from "projen/lib/project";
import { ManagedFile } from "../sync/managed-file";

/** What decides on security: whoever changes one of these changes what is deployed, by whom, and what is refused. */
const GUARDED = ["/.github/", "/.projenrc.ts", "/.ray-platform/", "/package.json", "/package-lock.json", "/policies/", "/scripts/", "/src/"];

/** `.github/CODEOWNERS`, where the options name owners. GitHub asks them for a review. */
export function addCodeOwners(project: Project, owners: readonly string[]): void {
  if (owners.length === 0) {
    return;
  }
  const lines = [
    "# Copyright the ray-platform authors",
    "# SPDX-License-Identifier: Apache-2.0",
    "# From documents.codeOwners in .projenrc.ts.",
    ...GUARDED.map((path) => `${path} ${owners.join(" ")}`),
  ];
  new ManagedFile(project, ".github/CODEOWNERS", { content: `${lines.join("\n")}\n`, component: "workflows", option: "documents.codeOwners" });
}
