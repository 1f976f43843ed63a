// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createReadStream, existsSync, mkdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { BASE } from "../../scripts/docs/broken-links.mjs";
import { axeFindings, SCHEMES, startBrowser, WIDTHS } from "../browser.mjs";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/**
 * Opens each page in a browser: light and dark, at each width.
 *
 * @param {{ directory: string, tools: Record<string, string>, pages: string[], pictures: string[], screenshots: string, log: (line: string) => void }} props
 *   `pages` without ending, of those `pictures` are photographed into `screenshots`
 * @returns {Promise<string[]>} what is wrong, one a line
 */
export async function checkInBrowser({ directory, tools, pages, pictures, screenshots, log }) {
  mkdirSync(screenshots, { recursive: true });
  const server = await serve(directory);
  const browser = await startBrowser(tools);
  const wrong = [];
  try {
    for (const scheme of SCHEMES) {
      const context = await browser.newContext({ colorScheme: scheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error.message}`));
      for (const path of pages) {
        log(`${scheme} ${path}`);
        await page.setViewportSize({ width: WIDTHS[0], height: 900 });
        await page.goto(`http://127.0.0.1:${server.address().port}${BASE}${path}`, { waitUntil: "load" });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          if (overflow > 0) {
            wrong.push(`/${path} is ${overflow} pixels wider than a window of ${width}`);
          }
          if (pictures.includes(path)) {
            const name = `${path.replaceAll("/", "-") || "home"}-${width}-${scheme}.png`;
            await page.screenshot({ path: join(screenshots, name), fullPage: path === "" });
          }
        }
        wrong.push(...(await axeFindings(page, tools["axe-core"])).map((found) => `/${path} (${scheme}): ${found}`));
      }
      await context.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
  return [...new Set(wrong)];
}

/** A server of files as GitHub Pages answers: an address without ending is a page. */
function serve(directory) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://127.0.0.1").pathname).slice(BASE.length);
    const file = [path, `${path}.html`, join(path, "index.html")]
      .map((candidate) => join(directory, candidate))
      .find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
