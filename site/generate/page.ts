// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Groups of the navigation, in its order. */
export const GROUPS = ["Start", "Guides", "Reference", "An example repository", "Project"] as const;

/** A page of the site. */
export interface Page {
  /** Address below the site's root, without ending: `guides/policies`. */
  readonly path: string;
  /** Title in the navigation. */
  readonly title: string;
  readonly group: (typeof GROUPS)[number];
  /** Title of the entry in the navigation that folds this page away with others. */
  readonly within?: string;
  /** Markdown, from its `# ` heading. */
  readonly content: string;
  /** The file of this project that one changes to change the page. */
  readonly source: string;
  /** Documents, or sections of them, that the page shows: links to them lead here. */
  readonly shows?: readonly Shown[];
}

/** A document, or some of its headings. */
export interface Shown {
  /** Path in this project, or after `repository:` in a generated repository. */
  readonly document: string;
  /** Anchors of the headings that the page has; absent for all of them. */
  readonly anchors?: readonly string[];
}
