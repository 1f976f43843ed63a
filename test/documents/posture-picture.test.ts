// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { posturePicture } from "../../projenrc/posture-picture";
import { terminalPicture } from "../../projenrc/terminal-picture";
import { PACKAGE_ROOT } from "../../src/package-root";

test("the picture of the README is what the commands print now: run npx projen post-compile", async () => {
  expect(await posturePicture()).toBe(readFileSync(join(PACKAGE_ROOT, "docs/images/posture.svg"), "utf8"));
});

test("what a program prints is text in a picture, not markup", () => {
  const picture = terminalPicture([{ kind: "printed", text: "NET-06 proven <script>&" }], "title", "marker");
  expect(picture).toContain('<tspan class="good">proven</tspan> &lt;script&gt;&amp;');
  expect(picture).not.toContain("<script");
});
