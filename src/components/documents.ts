// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Mustache from "mustache";
import type { Project } from "projen/lib/project";
import { PACKAGE_ROOT } from "../config/package-data";
import { ManagedFile } from "../sync/managed-file";
import { SeededFile } from "../sync/seeded-file";
import type { DocumentFacts } from "./document-facts";
import { listFiles } from "./template-directory";

/** Documents that tell a fact of this repository are templates; the others are copied. */
const TEMPLATE = ".mustache";

/** Documents whose text is the user's once written. */
const SEEDED = ["README.md", "SECURITY.md", "CONTRIBUTING.md"];

/** Security document, deviations, costs, guides, and the GitHub App's papers. */
export function addDocuments(project: Project, facts: DocumentFacts): void {
  for (const directory of ["docs", ".github", "root"]) {
    for (const path of listFiles(join(PACKAGE_ROOT, "templates", directory))) {
      const text = readFileSync(join(PACKAGE_ROOT, "templates", directory, path), "utf8");
      const target = `${directory === "root" ? "" : `${directory}/`}${path}`.replace(new RegExp(`\\${TEMPLATE}$`), "");
      const content = path.endsWith(TEMPLATE) ? Mustache.render(text, facts, undefined, { escape: String }) : text;
      const options = { content, component: "documents", executable: content.startsWith("#!") };
      if (SEEDED.includes(target)) {
        new SeededFile(project, target, options);
      } else {
        new ManagedFile(project, target, options);
      }
    }
  }
}
