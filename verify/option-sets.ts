// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: tsx option-sets.ts DIRECTORY
//
// Synthesizes every option set of test/templates/configs.ts below DIRECTORY and prints their directories, one a line. Beside the
// stacks of each lies the configuration that they were synthesized for, platform.json, and where it has a job, `changed-job/` with
// the Ray chart's values for another command.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import type { PlatformConfig } from "../templates/src/platform/platform-config";
import { writeRayManifests } from "../templates/src/platform/ray/write-manifests";
import { synthesizePlatform } from "../templates/src/platform/synthesize-platform";
import { configs } from "../test/templates/configs";

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  throw new Error("usage: option-sets.ts DIRECTORY");
}
for (const [name, make] of Object.entries(configs)) {
  const outdir = join(directory, name.replace(/[^A-Za-z0-9]+/g, "-"));
  mkdirSync(outdir, { recursive: true });
  const platform = make();
  writeFileSync(join(outdir, "platform.json"), JSON.stringify(platform));
  synthesizePlatform(new App({ outdir }), platform, () => {});
  writeChangedJob(join(outdir, "changed-job"), platform);
  console.log(outdir);
}

/** What the Ray chart gets once the command of the option set's job has changed. */
function writeChangedJob(outdir: string, platform: PlatformConfig): void {
  const environments = platform.environments.flatMap((environment) =>
    environment.ray.job === null
      ? []
      : [{ ...environment, ray: { ...environment.ray, job: { entrypoint: "python evaluate.py" } } }],
  );
  writeRayManifests(outdir, { ...platform, environments });
}
