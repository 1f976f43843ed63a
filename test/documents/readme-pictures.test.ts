// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readmePictures } from "../../projenrc/readme-pictures";
import { terminalPicture } from "../../projenrc/terminal-picture";
import { PACKAGE_ROOT } from "../../src/package-root";

const IMAGES = join(PACKAGE_ROOT, "docs/images");

let pictures: Record<string, string>;

beforeAll(async () => {
  pictures = await readmePictures();
});

test("the pictures of the README are what a new repository gives now: run npx projen post-compile", () => {
  expect(readdirSync(IMAGES).sort()).toEqual(Object.keys(pictures).sort());
  for (const [file, picture] of Object.entries(pictures)) {
    expect(picture).toBe(readFileSync(join(IMAGES, file), "utf8"));
  }
});

test("a picture takes nothing from elsewhere, and shows what a platform is made of", () => {
  const picture = pictures["platform.svg"];
  expect(picture).toContain('xmlns="http://www.w3.org/2000/svg"');
  expect(picture.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|href=|<script|@import|url\(/);
  for (const part of ["VPC 10.", "EKS ml-platform", "private subnet", "gpu", "No way to the internet"]) {
    expect(picture).toContain(part);
  }
});

test("what a program prints is text in a picture, not markup", () => {
  const picture = terminalPicture([{ kind: "printed", text: "NET-06 proven <script>&" }], "title", "marker");
  expect(picture).toContain('<tspan class="good">proven</tspan> &lt;script&gt;&amp;');
  expect(picture).not.toContain("<script");
});
