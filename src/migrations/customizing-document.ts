// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Migration } from "./migration";

export const customizingDocument: Migration = {
  id: "customizing-document",
  version: "0.1.0",
  description: "docs/customising.md is docs/customizing.md",
  apply(context) {
    context.moveFile("docs/customising.md", "docs/customizing.md");
  },
};
