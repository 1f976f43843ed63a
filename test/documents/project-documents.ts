// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RenderedDocument } from "../../src/components/documents/documents";
import { PACKAGE_ROOT } from "../../src/package-root";

/** The documents of this project itself. */
export function projectDocuments(): RenderedDocument[] {
  const guides = join(PACKAGE_ROOT, "docs");
  const paths = [
    ...readdirSync(PACKAGE_ROOT).filter((path) => path.endsWith(".md") && path !== "API.md"),
    ...(existsSync(guides)
      ? readdirSync(guides, { recursive: true, encoding: "utf8" })
          .filter((path) => path.endsWith(".md"))
          .map((path) => `docs/${path.replace(/\\/g, "/")}`)
      : []),
  ];
  return paths.sort().map((path) => ({ path, content: readFileSync(join(PACKAGE_ROOT, path), "utf8") }));
}

/** The pages that are written for the documentation site; the others are made from what else there is. */
export function sitePages(): RenderedDocument[] {
  const directory = join(PACKAGE_ROOT, "site", "pages");
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .sort()
    .map((path) => ({
      path: `site/pages/${path.replace(/\\/g, "/")}`,
      content: readFileSync(join(directory, path), "utf8"),
    }));
}
