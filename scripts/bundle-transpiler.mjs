// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Makes vendor/sucrase.js: what compiles a projenrc that is a program, as one file. As a bundled dependency it would bring
// its command line, its plugins and what those depend on, four times the size, to everybody who installs this package.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./setup.mjs";

const VENDOR = join(ROOT, "vendor");

/** Only source maps need it, and lines keep their numbers without one. */
const withoutSourceMaps = {
  name: "without source maps",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@jridgewell\/gen-mapping$/ }, ({ path }) => ({ path, namespace: "nothing" }));
    onLoad({ filter: /./, namespace: "nothing" }, () => ({ contents: "module.exports = {};" }));
  },
};

const { metafile, outputFiles } = await build({
  absWorkingDir: ROOT,
  entryPoints: ["node_modules/sucrase/dist/index.js"],
  bundle: true,
  platform: "node",
  target: "node20",
  minify: true,
  legalComments: "none",
  banner: { js: "// Made by scripts/bundle-transpiler.mjs from the packages in LICENSES.txt." },
  metafile: true,
  write: false,
  plugins: [withoutSourceMaps],
});
const names = Object.keys(metafile.inputs)
  // Where node_modules is a link, the path is that of what it leads to.
  .map((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
  .filter((name) => name !== undefined);
mkdirSync(VENDOR, { recursive: true });
write("sucrase.js", outputFiles[0].text);
write("LICENSES.txt", [...new Set(names)].sort().map(license).join("\n"));

function license(name) {
  const directory = join(ROOT, "node_modules", name);
  const file = readdirSync(directory).find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
  if (file === undefined) {
    throw new Error(`${name} has no license file, which must lie beside what is made of it`);
  }
  const { version, license: id } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  return `${name} ${version} (${id})\n\n${readFileSync(join(directory, file), "utf8").trim()}\n`;
}

/** Leaves a file alone that is the same: the time of its last change is part of what a kept rendering depends on. */
function write(name, text) {
  const file = join(VENDOR, name);
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    writeFileSync(file, text);
  }
}
