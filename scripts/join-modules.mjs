// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Makes few files of the compiled modules: to find, open and compile hundreds took longer than to run them. What is loaded to compare
// is in one file, what renders in a second one, everything else in a third. A module runs when it is first required, as ever, and
// once, whoever requires it: what is left of lib/ leads to the same modules, so that a class is the same for the command and
// for a projenrc that imports the package.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix, relative } from "node:path";
import { transform } from "esbuild";
import { ROOT } from "./setup.mjs";
import { VENDORED } from "./vendored.mjs";

const LIB = join(ROOT, "lib");
const OUT = join(LIB, "modules");
const HEAD = '"use strict";\n// Made by scripts/join-modules.mjs from the modules of src/, which are named here.\n';

/** The files, by the modules that they begin with; each has what those require as they are loaded, and no file before it has. */
const FILES = {
  compare: ["cli/main", "cli/check-command", "cli/diff-command", "cli/projenrc-command"],
  render: ["index"],
  others: undefined,
};

/** In characters; a long string literal may exceed it. */
const LONGEST_LINE = 500;

/** Left as they are: what Node.js of any age reads before anything else, and what a process of its own starts with. */
const PLAIN = ["node-version", "program-supervisor"];

const modules = new Map(
  readdirSync(LIB, { recursive: true })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".js") && !path.startsWith("modules/"))
    .sort()
    .map((path) => [path.replace(/\.js$/, ""), readFileSync(join(LIB, path), "utf8")]),
);
const fileOf = new Map();
for (const [file, entries = [...modules.keys()]] of Object.entries(FILES)) {
  entries.forEach((id) => assign(id, file));
}

mkdirSync(OUT, { recursive: true });
for (const file of Object.keys(FILES)) {
  const ids = [...fileOf].filter(([, its]) => its === file).map(([id]) => id);
  const parts = await Promise.all(ids.sort().map(definition));
  write(join(OUT, `${file}.js`), `${HEAD}module.exports = {\n${parts.join(",\n")}\n};\n`);
}
write(join(OUT, "index.js"), `${HEAD}${loader()}`);

const load = createRequire(import.meta.url)(join(OUT, "index.js"));
for (const [id, file] of fileOf) {
  if (!PLAIN.includes(id)) {
    const way = relative(dirname(join(LIB, id)), join(OUT, "index.js")).replaceAll("\\", "/");
    const names = Object.keys(load[file](id)).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
    // The second line never runs: by it Node.js tells ES modules which names they can import.
    const text = `"use strict";\nmodule.exports = require(${JSON.stringify(way.startsWith(".") ? way : `./${way}`)}).${file}(${JSON.stringify(id)});\n0 && (module.exports = { ${names.join(", ")} });\n`;
    writeFileSync(join(LIB, `${id}.js`), text);
  }
}

function assign(id, file) {
  if (!fileOf.has(id)) {
    fileOf.set(id, file);
    // What stands at the beginning of a line is required at once, and what is indented by a function, if ever.
    for (const [line] of modules.get(id).matchAll(/^\S.*\brequire\("\.[^"]*"\).*$/gm)) {
      for (const [, request] of line.matchAll(/\brequire\("(\.[^"]*)"\)/g)) {
        const target = moduleAt(id, request);
        if (target !== undefined) {
          assign(target, file);
        }
      }
    }
  }
}

/** The module that another one means; undefined for a file of another kind. */
function moduleAt(from, request) {
  const path = posix.join(posix.dirname(from), request);
  return [path, posix.join(path, "index")].find((id) => modules.has(id));
}

/** A module as the body of a function, with what it requires named by its own name and file. */
async function definition(id) {
  const linked = modules.get(id).replace(/\brequire\("([^"]+)"\)/g, (call, request) => {
    if (request in VENDORED) {
      return `require("../../vendor/${VENDORED[request].file}.js")`;
    }
    if (!request.startsWith(".")) {
      return call;
    }
    const target = moduleAt(id, request);
    if (target !== undefined) {
      return `load.${fileOf.get(target)}("${target}")`;
    }
    const path = posix.join(posix.dirname(id), request);
    if (!existsSync(join(LIB, path)) || !statSync(join(LIB, path)).isFile()) {
      throw new Error(`lib/${id}.js requires ${request}, which is not there`);
    }
    return `require("../${path}")`;
  });
  // Without comments, a fifth of what everybody would download. Names stay, which errors show; and where projen is what loads them,
  // lines of some length, since Node.js shows the whole one in which an error began that nobody caught.
  const lineLimit = fileOf.get(id) === "render" ? LONGEST_LINE : undefined;
  const { code } = await transform(linked, { target: "node20", minifyWhitespace: true, minifySyntax: true, lineLimit });
  // In brackets, a function is compiled at once; otherwise it would be read twice.
  return `${JSON.stringify(id)}: (function (exports, module, load, __filename, __dirname) {${code.trim()}\n})`;
}

function loader() {
  return `const { dirname, join } = require("node:path");
const lib = dirname(__dirname);
const modules = Object.create(null);
const definitions = Object.create(null);
function run(id) {
  const filename = join(lib, ...(id + ".js").split("/"));
  const module = { exports: {}, id: filename, filename };
  modules[id] = module;
  try {
    definitions[id].call(module.exports, module.exports, module, exports, filename, dirname(filename));
  } catch (error) {
    delete modules[id];
    throw error;
  }
  return module.exports;
}
function from(read) {
  return (id) => {
    const module = modules[id];
    if (module !== undefined) {
      return module.exports;
    }
    if (definitions[id] === undefined) {
      Object.assign(definitions, { ...read(), ...definitions });
    }
    return run(id);
  };
}
${Object.keys(FILES)
  .map((file) => `exports.${file} = from(() => require("./${file}.js"));\n`)
  .join("")}exports.definitions = definitions;
`;
}

/** Leaves a file alone that is the same: the time of its last change is part of what a kept rendering depends on. */
function write(path, text) {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    writeFileSync(path, text);
  }
}
