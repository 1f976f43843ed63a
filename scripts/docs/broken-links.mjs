// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";

/** The site's address ends with it. */
export const BASE = "/ray-platform/";

/**
 * Links and images of a built site that lead to no page, file or heading of it. Other sites are not asked.
 *
 * @param {string} directory
 * @returns {string[]} page and link, one a line
 */
export function brokenLinks(directory) {
  const pages = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".html"));
  const ids = new Map(pages.map((page) => [page, idsOf(readFileSync(join(directory, page), "utf8"))]));
  return pages.flatMap((page) =>
    linksOf(readFileSync(join(directory, page), "utf8"))
      .filter((link) => !leadsSomewhere(directory, ids, page, link))
      .map((link) => `${page}: ${link}`),
  );
}

function linksOf(html) {
  const all = [...html.matchAll(/\b(?:href|src)="([^"]*)"/g)].map(([, link]) => link.replaceAll("&amp;", "&"));
  return [...new Set(all)].filter((link) => !/^(?:[a-z]+:|\/\/)/.test(link));
}

function idsOf(html) {
  return new Set([...html.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id));
}

function leadsSomewhere(directory, ids, page, link) {
  const [path, anchor] = link.split("#");
  const file = path === "" ? page : fileOf(directory, page, path);
  return (
    file !== undefined &&
    (anchor === undefined || anchor === "" || (ids.get(file)?.has(decodeURIComponent(anchor)) ?? false))
  );
}

/** The file that a server answers with. */
function fileOf(directory, page, path) {
  if (path.startsWith("/") && !path.startsWith(BASE)) {
    return undefined;
  }
  const target = path.startsWith(BASE) ? path.slice(BASE.length) : posix.join(posix.dirname(page), path);
  return [target, `${target}.html`, posix.join(target, "index.html")].find(
    (file) => existsSync(join(directory, file)) && statSync(join(directory, file)).isFile(),
  );
}
