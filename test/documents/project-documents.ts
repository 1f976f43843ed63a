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
