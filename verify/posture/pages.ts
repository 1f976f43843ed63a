// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: tsx pages.ts DIRECTORY
//
// Writes the posture page of each option set below DIRECTORY and prints their files, one a line.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../src/cli/main";
import { NatMode } from "../../src/options/nat-mode";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { synthesizedRepository } from "../../test/cli/synthesized-repository";

const OPTION_SETS: Readonly<Record<string, RayPlatformProjectOptions>> = {
  "twenty-environments": {
    name: "ml-platform",
    githubOwner: "acme",
    environmentNames: Array.from({ length: 20 }, (_, index) => `team-${index + 1}`),
  },
  "open-network": {
    name: "a-platform-with-a-long-name",
    environmentNames: ["dev"],
    network: { nat: NatMode.PER_ZONE },
    cluster: { publicAccessCidrs: ["203.0.113.0/24", "198.51.100.0/24"] },
  },
};

async function write(directory: string): Promise<void> {
  for (const [name, options] of Object.entries(OPTION_SETS)) {
    const root = synthesizedRepository(options);
    let page = "";
    const out = (text: string) => {
      page += text;
    };
    await main(["posture", "--html"], { cwd: root, out, err: (text) => process.stderr.write(text) });
    rmSync(root, { recursive: true });
    const file = join(directory, `${name}.html`);
    writeFileSync(file, page);
    console.log(file);
  }
}

const [target] = process.argv.slice(2);
if (target === undefined) {
  throw new Error("usage: pages.ts DIRECTORY");
}
void write(target);
