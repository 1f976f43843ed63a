// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { newestRelease } from "./releases.mjs";
import { listOf, mapOf, members, SHA256, TEXT } from "./source.mjs";

/** @typedef {import("./releases.mjs").Release} Release */

/**
 * Releases of an npm package that nobody deprecated.
 * Form: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 *
 * @returns {Promise<Release[]>}
 */
export async function npmReleases(source, name) {
  const { versions, time } = await source.json(
    `https://registry.npmjs.org/${name.replace("/", "%2f")}`,
    members({ versions: mapOf({ type: "object" }), time: mapOf(TEXT) }),
  );
  return Object.entries(versions)
    .filter(([, { deprecated }]) => deprecated === undefined)
    .map(([version]) => ({ version, time: time[version] }));
}

/**
 * Files of a PyPI project that nobody withdrew.
 * Form: https://packaging.python.org/en/latest/specifications/simple-repository-api/#json-based-simple-api-for-python-package-indexes
 *
 * @returns {Promise<(Release & { filename: string, url: string, sha256: string })[]>}
 */
export async function pythonFiles(source, name) {
  const { files } = await source.json(
    `https://pypi.org/simple/${name}/`,
    members({
      files: listOf(
        members({
          filename: TEXT,
          url: TEXT,
          hashes: { type: "object", properties: { sha256: SHA256 } },
          "upload-time": TEXT,
        }),
      ),
    }),
    { headers: { accept: "application/vnd.pypi.simple.v1+json" } },
  );
  return files
    .filter(({ yanked }) => yanked === undefined || yanked === false)
    .map(({ filename, url, hashes, "upload-time": time }) => ({
      version: versionOf(filename),
      time,
      filename,
      url,
      sha256: hashes.sha256,
    }));
}

/** NAME-VERSION.tar.gz, and NAME-VERSION-TAGS.whl */
function versionOf(filename) {
  return /^[^-]+(?:-[a-z]+)*-(\d[^-]*?)(?:\.tar\.gz$|\.zip$|-)/i.exec(filename)?.[1] ?? "";
}

/**
 * Versions of a Go module, without the days of their publication.
 * Form: https://go.dev/ref/mod#goproxy-protocol
 *
 * @returns {Promise<Release[]>}
 */
async function goReleases(source, module) {
  const url = `${proxied(module)}/@v/list`;
  const versions = (await source.text(url)).split("\n").filter(Boolean);
  if (versions.length === 0 || versions.some((version) => !/^v\d/.test(version))) {
    throw new Error(`${url} has changed its form: it is not a list of versions`);
  }
  return versions.map((version) => ({ version }));
}

/** The newest version of a Go module that has cooled down: the day is asked for one version at a time, newest first. */
export async function newestGoRelease(source, module, choice) {
  let releases = await goReleases(source, module);
  for (;;) {
    const version = newestRelease(releases, choice);
    if (version === undefined) {
      return undefined;
    }
    const form = members({ Version: TEXT, Time: TEXT });
    const { Time: time } = await source.json(`${proxied(module)}/@v/${version}.info`, form);
    if (newestRelease([{ version, time }], choice) !== undefined) {
      return version;
    }
    releases = releases.filter((release) => release.version !== version);
  }
}

/** The directory of a Go module, which the checksum database vouches for. Form: `go help mod download`. */
export async function goModule(source, module, version) {
  const args = ["mod", "download", "-json", `${module}@${version}`];
  return (await source.commandJson("go", args, members({ Dir: TEXT, Sum: TEXT }))).Dir;
}

function proxied(module) {
  return `https://proxy.golang.org/${module.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`)}`;
}
