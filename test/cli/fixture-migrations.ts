// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Migration } from "../../src/migrations/migration";

/** What version 0.2 of the fixture needs. */
export const MIGRATIONS: readonly Migration[] = [
  {
    id: "title-is-heading",
    version: "0.2.0",
    description: "the option title is called heading",
    apply: (context) => context.renameOption("title", "heading"),
  },
  {
    id: "guides-are-renamed",
    version: "0.2.0",
    description: "docs/old-name.md is docs/new-name.md, policies/README.md is policies/HOWTO.md",
    apply: (context) => {
      context.moveFile("docs/old-name.md", "docs/new-name.md");
      context.moveFile("policies/README.md", "policies/HOWTO.md");
    },
  },
];
