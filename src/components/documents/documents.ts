// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Project } from "projen/lib/project";
import { PACKAGE_ROOT } from "../../package-root";
import { ManagedFile } from "../../sync/files/managed-file";
import { SeededFile } from "../../sync/files/seeded-file";
import { addBlocks } from "./blocks";
import { renderTemplate } from "./document-template";
import type { DocumentView } from "./document-view";
import { listFiles } from "../template-directory";

/** Documents that tell a fact of this repository are templates; the others are copied. */
const TEMPLATE = ".mustache";

/** Documents whose text is the user's once written. */
const SEEDED = ["SECURITY.md", "CONTRIBUTING.md"];

/** A document at the path that a generated repository receives it at. */
export interface RenderedDocument {
  readonly path: string;
  readonly content: string;
}

/** Security document, deviations, costs, guides, and the GitHub App's papers. */
export function addDocuments(project: Project, view: DocumentView, codeOwners: readonly string[]): void {
  for (const { path, content } of renderDocuments(view)) {
    const options = { content, component: "documents", executable: content.startsWith("#!") };
    if (path === "README.md") {
      addBlocks(project, view, { readme: content, codeOwners });
    } else if (SEEDED.includes(path)) {
      new SeededFile(project, path, options);
    } else {
      new ManagedFile(project, path, options);
    }
  }
}

/** All documents with the view of a repository filled in. */
export function renderDocuments(view: DocumentView): RenderedDocument[] {
  return ["docs", ".github", "root"].flatMap((directory) => {
    const root = join(PACKAGE_ROOT, "templates", directory);
    return listFiles(root).map((file) => {
      const text = readFileSync(join(root, file), "utf8");
      const target = directory === "root" ? file : `${directory}/${file}`;
      return target.endsWith(TEMPLATE)
        ? {
            path: target.slice(0, -TEMPLATE.length),
            content: renderTemplate(text, view),
          }
        : { path: target, content: text };
    });
  });
}
