// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brokenLinks } from "../../scripts/docs/broken-links.mjs";
import { setUpSite } from "../../scripts/setup.mjs";
import { BROWSER_TOOLS } from "../browser.mjs";
import { checkInBrowser } from "../site/browser-check.mjs";

/** Pages that are opened in the browser: one of each kind. */
const PAGES = [
  "",
  "start/repository",
  "start/deployment",
  "guides/update",
  "guides/workflows",
  "guides/cost",
  "reference/options/",
  "reference/options/node-pools",
  "reference/controls/",
  "reference/controls/network",
  "reference/rules/terraform",
  "reference/commands",
  "reference/messages",
  "example/security-architecture",
  "project/comparison",
];
const PICTURES = ["", "start/repository", "reference/options/node-pools", "reference/controls/network"];
/** Aim for building the site, in seconds, without what is installed once. Told and not held: a clock depends on the machine. */
const AIM = 60;

export default {
  id: "docs",
  title: "The documentation site builds, its links lead somewhere, and its pages fit and can be read by everybody",
  tools: [],
  wants: BROWSER_TOOLS,
  async run({ repo, tools, exec, log }) {
    const directory = join(repo, "build", "site");
    rmSync(directory, { recursive: true, force: true });
    await setUpSite({ step: (_title, work) => work(log) });
    const start = Date.now();
    await exec("npm", ["run", "docs"], { cwd: repo, note: log });
    const seconds = Math.round((Date.now() - start) / 1000);
    findsWhatIsBroken(directory);
    const pages = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) =>
      path.endsWith(".html"),
    );
    const built = `${pages.length} pages in ${seconds} s (aim: ${AIM} on a quiet machine), no link leads nowhere`;
    const missing = BROWSER_TOOLS.filter((name) => tools[name] === undefined);
    if (missing.length > 0) {
      return { message: built, notRun: `the pages in a browser, which needs ${missing.join(", ")}` };
    }
    const screenshots = join(repo, "build", "site-screenshots");
    rmSync(screenshots, { recursive: true, force: true });
    const wrong = await checkInBrowser({ directory, tools, screenshots, log, pages: PAGES, pictures: PICTURES });
    if (wrong.length > 0) {
      throw new Error(wrong.join("\n"));
    }
    return `${built}; ${PAGES.length} of them in Chromium: nothing from axe-core, and nothing overflows; screenshots are in build/site-screenshots`;
  },
};

/** A check that finds nothing proves nothing: a link to no page and one to no heading are planted, and found. */
function findsWhatIsBroken(directory) {
  const planted = join(directory, "planted.html");
  writeFileSync(planted, '<a href="/ray-platform/nowhere">x</a> <a href="/ray-platform/guides/update#nothing">y</a>');
  const found = brokenLinks(directory);
  rmSync(planted);
  if (found.length !== 2) {
    throw new Error(`two planted links lead nowhere, and these were found: ${found.join(", ") || "none"}`);
  }
}
