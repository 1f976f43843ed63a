// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { npmReleases } from "../package-indexes.mjs";
import { compatibleLine, minorLine, newestRelease } from "../releases.mjs";

const FILE = "data/toolchain.json";

/** What package.json of a generated repository pins, and the line that each stays in. */
const PACKAGES = [
  { package: "projen", path: ["projen"], line: compatibleLine },
  { package: "typescript", path: ["typescript"], line: minorLine },
  { package: "@biomejs/biome", path: ["biome"], line: minorLine },
  { package: "@types/node", path: ["typesNode"], line: compatibleLine },
  { package: "cdktf", path: ["engines", "cdktf", "cdktf"], line: compatibleLine },
  // Engines name the lines of constructs that they take, and npm refuses another: a person moves it with the engine.
  { package: "constructs", path: ["engines", "cdktf", "constructs"], line: minorLine },
  { package: "constructs", path: ["engines", "cdktn", "constructs"], line: minorLine },
  { package: "cdktn", path: ["engines", "cdktn", "cdktf"], line: compatibleLine, prefix: "npm:cdktn@" },
  { package: "@cdktf/provider-aws", path: ["providers", "@cdktf/provider-aws"], line: compatibleLine, compiled: true },
  {
    package: "@cdktf/provider-helm",
    path: ["providers", "@cdktf/provider-helm"],
    line: compatibleLine,
    compiled: true,
  },
];

export default {
  id: "npm-packages",
  title: "npm packages of generated repositories",
  files: [FILE],
  source: "https://registry.npmjs.org",
  form: "https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md",
  async read({ source, tables, day }) {
    const changes = [];
    const waiting = [];
    for (const { package: name, path, line, prefix = "", compiled = false } of PACKAGES) {
      const current = path.reduce((value, key) => value[key], tables[FILE]).slice(prefix.length);
      const releases = await npmReleases(source, name);
      const newest = newestRelease(releases, { day, line: line(current), least: current }) ?? current;
      const next = newestRelease(releases, { day, least: current });
      if (compiled && newest !== current) {
        waiting.push({ what: name, newest, why: "the stacks compile here with this version: change .projenrc.ts too" });
      } else {
        changes.push({ file: FILE, path, value: prefix + newest, means: "`npx projen` writes it to package.json" });
      }
      if (next !== undefined && line(next) !== line(current)) {
        waiting.push({ what: name, newest: next, why: `a new line; repositories stay in ${line(current)}` });
      }
    }
    return { changes, waiting };
  },
};
