// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { BROWSER_TOOLS, startBrowser } from "../browser.mjs";
import { problemsOf, VIEWS } from "../posture/open-page.mjs";

// What a planted fault must be found as.
const FAULTS = [
  [/wide/, "<body>", '<body><p style="width:200vw">wide</p>'],
  [/axe-core image-alt/, "<body>", '<body><img src="data:,">'],
  [/asks for http:/, "<body>", '<body><img alt="" src="http://127.0.0.1:9/x">'],
  [
    /leaves its box/,
    /(<text class="strong"[^>]*>)/,
    "$1a text that is far too long for any of the boxes that it could ever stand in, however wide it is drawn",
  ],
];

export default {
  id: "posture-page",
  title:
    "The posture page is opened in Chromium on three widths, light and dark: no error, no overflow, nothing from axe-core",
  tools: BROWSER_TOOLS,
  async run({ repo, generated, tools, exec, log }) {
    const directory = mkdtempSync(join(tmpdir(), "posture-"));
    const screenshots = join(repo, "build", "screenshots");
    mkdirSync(screenshots, { recursive: true });
    const tsx = join(repo, "node_modules", "tsx", "dist", "cli.mjs");
    const pages = join(repo, "verify", "posture", "pages.ts");
    const { stdout } = await exec(process.execPath, [tsx, pages, directory], { cwd: repo, note: log });
    const own = join(directory, "default.html");
    writeFileSync(
      own,
      (await exec("npx", ["ray-platform", "posture", "--html"], { cwd: generated, note: log })).stdout,
    );

    const browser = await startBrowser(tools);
    try {
      const problems = [];
      const look = async (file, view) => {
        const name = `${basename(file, ".html")}-${view.width}-${view.scheme}`;
        log(name);
        const screenshot = join(screenshots, `posture-${name}.png`);
        const found = await problemsOf(browser, file, { ...view, axe: tools["axe-core"], screenshot });
        problems.push(...found.map((problem) => `${name}: ${problem}`));
      };
      for (const view of VIEWS) {
        await look(own, view);
      }
      // What differs in the others is what they show, and how much.
      for (const file of stdout.trim().split("\n")) {
        await look(file, VIEWS[0]);
      }
      if (problems.length > 0) {
        throw new Error(problems.join("\n"));
      }
      await findFaults(browser, own, tools["axe-core"]);
    } finally {
      await browser.close();
    }
    return `no problem in ${VIEWS.length + 2} views; ${FAULTS.length} planted faults found; screenshots in build/screenshots`;
  },
};

async function findFaults(browser, file, axe) {
  for (const [expected, place, planted] of FAULTS) {
    const broken = file.replace(/\.html$/, "-broken.html");
    writeFileSync(
      broken,
      readFileSync(file, "utf8").replace(place, planted).replace("default-src 'none'", "default-src *"),
    );
    const view = { width: 800, scheme: "light", ...(/axe/.test(expected.source) && { axe }) };
    const problems = await problemsOf(browser, broken, view);
    if (!problems.some((problem) => expected.test(problem))) {
      throw new Error(`the check does not find ${expected} where it is planted, but ${JSON.stringify(problems)}`);
    }
  }
}
