// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { pathToFileURL } from "node:url";
import { axeFindings, SCHEMES, WIDTHS } from "../browser.mjs";

/** How a page is looked at: what it is on, and how it is lit. */
export const VIEWS = WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ width, scheme })));

/**
 * Opens a file in the browser, with everything in it unfolded, and says what is wrong with it: what the console says, what
 * it asks a network for, what is wider than the screen, texts of pictures that leave their boxes, findings of axe-core.
 *
 * @param {{ width: number, scheme: string, axe?: string, screenshot?: string }} view without `axe`, all but axe-core looks
 * @returns {Promise<string[]>}
 */
export async function problemsOf(browser, file, { width, scheme, axe, screenshot }) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    reducedMotion: "reduce",
    bypassCSP: true, // for axe-core alone
  });
  try {
    const page = await context.newPage();
    const problems = [];
    page.on("console", (message) => problems.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) {
        problems.push(`asks for ${request.url()}`);
      }
    });
    await page.goto(pathToFileURL(file).href);
    if (screenshot !== undefined) {
      await page.screenshot({ path: screenshot, fullPage: true });
    }
    await page.evaluate(() => {
      for (const folded of document.querySelectorAll("details")) {
        folded.open = true;
      }
    });
    problems.push(...(await page.evaluate(layoutProblems)));
    if (axe !== undefined) {
      problems.push(...(await axeFindings(page, axe)));
    }
    return problems;
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
function layoutProblems() {
  const problems = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > window.innerWidth) {
    problems.push(`is ${scrollWidth} pixels wide`);
  }
  for (const picture of document.querySelectorAll("svg.picture")) {
    const boxes = [...picture.querySelectorAll("rect")].map((rect) => rect.getBBox());
    for (const text of picture.querySelectorAll("text")) {
      const { x, y, width, height } = text.getBBox();
      const around = boxes.filter(
        (box) => box.x <= x && x <= box.x + box.width && box.y <= y && y <= box.y + box.height,
      );
      const inner = around.sort((a, b) => a.width * a.height - b.width * b.height)[0];
      if (
        width > 0 &&
        (inner === undefined || x + width > inner.x + inner.width || y + height > inner.y + inner.height)
      ) {
        problems.push(`"${text.textContent}" leaves its box in ${picture.getAttribute("aria-labelledby")}`);
      }
    }
  }
  return problems;
}
