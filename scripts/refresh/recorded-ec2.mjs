// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pythonFiles } from "./package-indexes.mjs";
import { newestRelease } from "./releases.mjs";

/**
 * Answers of the EC2 API as moto records them, in its newest source distribution that has cooled down.
 *
 * @returns {Promise<{ version: string, read: (path: string) => unknown, cited: (text: string) => string }>} `read` gives a
 *   file of moto/ec2/resources, `cited` a table's text of its source with this version
 */
export async function recordedEc2(source, day) {
  const archives = (await pythonFiles(source, "moto")).filter(({ filename }) => filename.endsWith(".tar.gz"));
  const version = newestRelease(archives, { day });
  const archive = archives.find((file) => file.version === version);
  if (archive === undefined) {
    throw new Error("https://pypi.org/simple/moto/ has changed its form: there is no source distribution");
  }
  const directory = join(await source.archive(archive.url, archive.sha256), `moto-${version}`, "moto/ec2/resources");
  return {
    version,
    cited: (text) => text.replace(/moto \d[\d.]*\d/, `moto ${version}`),
    read(path) {
      const file = join(directory, path);
      if (!existsSync(file)) {
        throw new Error(`moto ${version} has changed its form: there is no ${path}`);
      }
      return JSON.parse(readFileSync(file, "utf8"));
    },
  };
}
