// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesizedRepository } from "../test/cli/synthesized-repository";
import { drawnPlatform } from "./drawn-platform";
import { posturePicture } from "./posture-picture";

/** Draws the pictures of the README, each from a repository that is generated and synthesized for it. */
const DIRECTORY = join(__dirname, "..", "docs", "images");
const MARKER = 'Generated from a new repository by projenrc/readme-pictures.ts: run "npx projen post-compile".';

/** Each picture, by its file in `docs/images/`, as the sources give it now. */
export async function readmePictures(): Promise<Record<string, string>> {
  const quiet = console.log;
  console.log = () => {}; // how many files a generation wrote is no part of a picture
  const root = synthesizedRepository({ name: "ml-platform", githubOwner: "acme", awsRegion: "eu-west-1" });
  console.log = quiet;
  try {
    return { "posture.svg": await posturePicture(root, MARKER), "platform.svg": drawnPlatform(root, MARKER) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (require.main === module) {
  void readmePictures().then((pictures) => {
    for (const [file, picture] of Object.entries(pictures)) {
      writeFileSync(join(DIRECTORY, file), picture);
    }
  });
}
