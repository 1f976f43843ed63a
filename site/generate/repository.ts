// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { renderProject } from "../../src/sync/run/render-project";

/** Options of the repository whose documents the site shows. */
const OPTIONS = {
  name: "ml-platform",
  githubOwner: "acme",
  awsRegion: "eu-west-1",
  environments: [
    { name: "dev", awsAccountId: "111122223333" },
    { name: "prod", awsAccountId: "444455556666" },
  ],
} as const;

/** Files of a generated repository by path, as a user has them; nothing of it stays on disk. */
export function exampleRepository(): ReadonlyMap<string, string> {
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-site-"));
  try {
    const project = new RayPlatformProject({ ...OPTIONS, environments: [...OPTIONS.environments], outdir: directory });
    return new Map([...renderProject(project).files].map(([path, { content }]) => [path, String(content)]));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
