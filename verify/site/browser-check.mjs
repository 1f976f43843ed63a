// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";

/** The site's address ends with it. */
const BASE = "/ray-platform/";
const WIDTHS = [360, 800, 1600];
/** As distributions and GitHub's runners name it. */
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** The browser on this machine; undefined where there is none. */
export function installedBrowser() {
  return BROWSERS.find((name) => spawnSync(name, ["--version"]).status === 0);
}

/**
 * Opens each page in a browser: light and dark, at each width.
 *
 * @param {{ repo: string, directory: string, browser: string, pages: string[], pictures: string[], screenshots: string, log: (line: string) => void }} props
 *   `pages` without ending, of those `pictures` are photographed into `screenshots`
 * @returns {Promise<string[]>} what is wrong, one a line
 */
export async function checkInBrowser({ repo, directory, browser, pages, pictures, screenshots, log }) {
  const fromSite = createRequire(join(repo, "site", "package.json"));
  const { chromium } = fromSite("playwright-core");
  const axe = readFileSync(fromSite.resolve("axe-core/axe.min.js"), "utf8");
  mkdirSync(screenshots, { recursive: true });
  const server = await serve(directory);
  const started = await chromium.launch({ executablePath: which(browser), args: ["--no-sandbox"] });
  const wrong = [];
  try {
    for (const scheme of ["light", "dark"]) {
      const context = await started.newContext({ colorScheme: scheme, reducedMotion: "reduce" });
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
        wrong.push(...(await violations(page, axe)).map((violation) => `/${path} (${scheme}): ${violation}`));
      }
      await context.close();
    }
  } finally {
    await started.close();
    server.close();
  }
  return [...new Set(wrong)];
}

/** What axe-core finds, with the first element of each. */
async function violations(page, axe) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} (${nodes.length}, first ${nodes[0].target.join(" ")}: ${nodes[0].failureSummary.replace(/\s+/g, " ")})`,
  );
}

/** The path of a program, which the browser's driver wants. */
function which(program) {
  return spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
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
