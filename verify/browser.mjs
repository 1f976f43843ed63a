// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createRequire } from "node:module";

/** What opening pages takes, by its names in tools.json. */
export const BROWSER_TOOLS = ["axe-core", "chromium", "playwright-core"];
/** How pages are looked at: on a telephone, a tablet and a screen, light and dark. */
export const WIDTHS = [360, 800, 1600];
export const SCHEMES = ["light", "dark"];

/** @param {Record<string, string>} tools paths of {@link BROWSER_TOOLS} */
export function startBrowser(tools) {
  const { chromium } = createRequire(import.meta.url)(tools["playwright-core"]);
  // Chromium refuses to run as root with a sandbox.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: tools.chromium, args });
}

/** What axe-core finds in a page, with the first element of each. @param {string} axe path of its script */
export async function axeFindings(page, axe) {
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(
    ({ id, help, nodes }) =>
      `axe-core ${id}: ${help}, ${nodes.length} times, first ${nodes[0].target.join(" ")}: ${nodes[0].failureSummary.replace(/\s+/g, " ")}`,
  );
}
