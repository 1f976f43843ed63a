// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { newestGoRelease, npmReleases, pythonFiles } from "../package-indexes.mjs";
import { compatibleLine, newestRelease } from "../releases.mjs";

const FILE = "verify/tools.json";
const NEWEST = {
  go: ({ module }, source, choice) => newestGoRelease(source, module, choice),
  pip: async ({ package: name }, source, choice) => newestRelease(await pythonFiles(source, name), choice),
  // The versions for Linux stand for those for every platform.
  npm: async ({ package: name }, source, choice) =>
    newestRelease(await npmReleases(source, name.replace("{platform}", "linux-x64")), choice),
};
/** Held by a lock file, by another table, or by the machine. */
const ELSEWHERE = new Set(["kubernetes", "opentofu", "verdaccio", "ray", "go", "chromium"]);

export default {
  id: "verify-programs",
  title: "programs that only `npm run verify` runs",
  files: [FILE],
  source: "https://proxy.golang.org, https://pypi.org, https://registry.npmjs.org",
  form: "https://go.dev/ref/mod#goproxy-protocol",
  async read({ source, tables, day }) {
    const changes = [];
    const pinned = tables["workflows/pins.json"].tools;
    for (const [name, tool] of Object.entries(tables[FILE])) {
      if (ELSEWHERE.has(name) || pinned[name] !== undefined) {
        continue;
      }
      const choice = { day, line: compatibleLine(tool.version), least: tool.version };
      const value = (await NEWEST[tool.kind](tool, source, choice)) ?? tool.version;
      changes.push({
        file: FILE,
        path: [name, "version"],
        value,
        means: "nothing for users: it is used in checks here",
      });
    }
    return { changes, waiting: [] };
  },
};
