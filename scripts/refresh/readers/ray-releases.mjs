// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { imageTags } from "../container-registry.mjs";
import { pythonFiles } from "../package-indexes.mjs";
import { compareVersions, newestRelease } from "../releases.mjs";

const FILE = "data/ray.json";

export default {
  id: "ray-releases",
  title: "Ray versions, of which every image is there",
  files: [FILE],
  source: "https://pypi.org and the tags of docker.io/rayproject/ray",
  form: "https://packaging.python.org/en/latest/specifications/simple-repository-api/",
  async read({ source, tables, day }) {
    const { versions, image, tokenAuthSince, default: standard } = tables[FILE];
    const least = Object.keys(versions).sort(compareVersions).at(-1);
    const newest = newestRelease(await pythonFiles(source, "ray"), { day, least });
    if (newest === undefined || newest === least) {
      return { changes: [], waiting: [] };
    }
    const tags = new Set(await imageTags(source, image.repository));
    const missing = imagesOf(newest, image).filter((tag) => !tags.has(tag));
    if (missing.length > 0) {
      return { changes: [], waiting: [{ what: "Ray", newest, why: `there is no image ${missing.join(", ")}` }] };
    }
    const value = { tokenAuth: compareVersions(newest, tokenAuthSince) >= 0 };
    const means = `\`ray.version\` may be "${newest}"; nothing changes for repositories that do not ask for it`;
    return {
      changes: [{ file: FILE, path: ["versions", newest], value, means }],
      waiting: [
        { what: "Ray", newest, why: `the default stays ${standard} until the checks with a real Ray pass on it` },
      ],
    };
  },
};

function imagesOf(version, { tagTemplate, python, acceleratorSuffix, architectureSuffix }) {
  return Object.values(acceleratorSuffix).flatMap((accelerator) =>
    Object.values(architectureSuffix).map((architecture) =>
      tagTemplate
        .replace("{version}", version)
        .replace("{python}", python)
        .replace("{accelerator}", accelerator)
        .replace("{architecture}", architecture),
    ),
  );
}
