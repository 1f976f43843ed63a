// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Makes vendor/: what this package needs of others, each as one file. Bundled as they are, they would bring their command
// lines, builds for browsers and dependencies to everybody who installs this package, and dozens of files to open to every start.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./setup.mjs";
import { VENDORED } from "./vendored.mjs";

const VENDOR = join(ROOT, "vendor");

/** Modules that the packages load for something that this one never does: a part of their path, and what stands in. */
const UNUSED = [
  // Source maps: lines keep their numbers without one.
  { path: /[\\/]@jridgewell[\\/]gen-mapping[\\/]/ },
  // YAML in Rego: policies/capabilities.json has none of it.
  { path: /[\\/]@open-policy-agent[\\/]opa-wasm[\\/]src[\\/]builtins[\\/]yaml\.js$/ },
  // Other languages than TypeScript. Their parsers are asked only where they are turned on.
  { path: /[\\/]sucrase[\\/]dist[\\/]parser[\\/]plugins[\\/](?:flow|jsx[\\/]\w+)\.js$/ },
  { path: /[\\/]sucrase[\\/]dist[\\/]transformers[\\/](?:Flow|JSX|JestHoist|React\w+)Transformer\.js$/ },
  // A check of options: src/cli/transpile.ts gives the same ones each time.
  { path: /[\\/]sucrase[\\/]dist[\\/]Options\.js$/, contents: "exports.validateOptions = () => {};" },
];

const withoutUnused = {
  name: "without what is unused",
  setup({ onLoad }) {
    for (const { path, contents = "module.exports = {};" } of UNUSED) {
      onLoad({ filter: path }, () => ({ contents }));
    }
  },
};

const inputs = [];
mkdirSync(VENDOR, { recursive: true });
for (const [name, { file, entry }] of Object.entries(VENDORED)) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [`node_modules/${name}/${entry}`],
    bundle: true,
    platform: "node",
    target: "node20",
    minify: true,
    legalComments: "none",
    banner: { js: "// Made by scripts/bundle-dependencies.mjs from the packages in LICENSES.txt." },
    metafile: true,
    write: false,
    plugins: [withoutUnused],
  });
  write(`${file}.js`, outputFiles[0].text);
  inputs.push(...Object.keys(metafile.inputs).filter((path) => !UNUSED.some((unused) => unused.path.test(path))));
}
const names = inputs
  // Where node_modules is a link, the path is that of what it leads to.
  .map((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
  .filter((name) => name !== undefined);
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
  const path = join(VENDOR, name);
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    writeFileSync(path, text);
  }
}
