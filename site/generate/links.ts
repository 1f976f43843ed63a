// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { outsideOfCode } from "./markdown";
import type { Page } from "./page";

/** Address of this project's files for readers. */
const SOURCES = "https://github.com/ray-platform/ray-platform";

/** Paths of a generated repository begin with it. */
export const REPOSITORY = "repository:";

/** A link or image, with an optional title that is left as it is. */
const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;

/** Says which page a link of a document leads to: one of the site, or the file itself where it is published. */
export class Links {
  public constructor(private readonly pages: readonly Page[]) {}

  /** The content of a page that shows a document, with its links leading where they do on the site. */
  public rewrite(page: Page): string {
    const documents = page.shows?.map(({ document }) => document) ?? [];
    const from = documents[0];
    return from === undefined
      ? page.content
      : outsideOfCode(page.content, (prose) =>
          prose.replace(LINK, (whole, image: string, text: string, target: string) =>
            image === "!" || /^[a-z]+:/.test(target) || target.startsWith("/")
              ? whole
              : this.link(page, from, text, target),
          ),
        );
  }

  private link(page: Page, from: string, text: string, target: string): string {
    const [path, anchor] = target.split("#");
    const prefix = from.startsWith(REPOSITORY) ? REPOSITORY : "";
    const base = from.slice(prefix.length);
    const file = path === "" ? base : posix.normalize(posix.join(posix.dirname(base), path)).replace(/\/$/, "");
    const found = this.pageOf(`${prefix}${file}`, anchor, page);
    if (found !== undefined) {
      const fragment = anchor === undefined ? "" : `#${anchor}`;
      return found === page && fragment !== "" ? `[${text}](${fragment})` : `[${text}](/${found.path}${fragment})`;
    }
    if (prefix === REPOSITORY) {
      return text; // a file that readers find in their own repository
    }
    if (!existsSync(join(PACKAGE_ROOT, file))) {
      throw new Error(`${from} links ${target}, and there is no ${file}`);
    }
    const kind = statSync(join(PACKAGE_ROOT, file)).isDirectory() ? "tree" : "blob";
    return `[${text}](${SOURCES}/${kind}/main/${file}${anchor === undefined ? "" : `#${anchor}`})`;
  }

  /** The page that shows a heading of a document: rather the one that links it than another. */
  private pageOf(document: string, anchor: string | undefined, own: Page): Page | undefined {
    const shows = (page: Page) =>
      (page.shows ?? []).some(
        (shown) =>
          shown.document === document &&
          (anchor === undefined || shown.anchors === undefined || shown.anchors.includes(anchor)),
      );
    return shows(own) ? own : this.pages.find(shows);
  }
}
