// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Preloaded into `ray-platform projenrc`: writes to the file that BENCH_SPANS names how long each part of it took.
// Each part's time is its own: what it called and what is a part itself (such as loading a module) is subtracted.
const Module = require("node:module");
const { writeFileSync } = require("node:fs");

const own = {};
const running = [];

function enter(name) {
  running.push({ name, start: performance.now(), inner: 0 });
}

function leave() {
  const { name, start, inner } = running.pop();
  const elapsed = performance.now() - start;
  own[name] = (own[name] ?? 0) + elapsed - inner;
  if (running.length > 0) {
    running[running.length - 1].inner += elapsed;
  }
}

function timed(name, work) {
  return function (...args) {
    enter(name);
    try {
      return new.target === undefined ? work.apply(this, args) : Reflect.construct(work, args, new.target);
    } finally {
      leave();
    }
  };
}

/** Which functions and classes are parts, by module. */
const PARTS = {
  "config/resolve-options.js": { resolveOptions: "resolve and validate options" },
  "components/workflows.js": { Workflows: "workflows" },
  "components/documents/documents.js": { addDocuments: "documents" },
  "components/platform-stacks.js": { addPlatformStacks: "template files" },
  "components/policies.js": { addPolicies: "template files" },
  "components/workflow-check.js": { "WorkflowCheck.preSynthesize": "check of the workflows" },
  "sync/run/render-project.js": { renderProject: "render" },
  "sync/comparison/compare.js": { compare: "classify" },
  "sync/run/apply.js": { apply: "write" },
  "ray-platform-project.js": { RayPlatformProject: "the rest of the constructor" },
};

const load = Module._load;
Module._load = function (request, parent, isMain) {
  let file = request;
  try {
    file = Module._resolveFilename(request, parent, isMain);
  } catch {
    // The load itself reports it.
  }
  if (Module._cache[file] !== undefined || !file.includes("/")) {
    return load.call(this, request, parent, isMain);
  }
  enter(`load ${owner(file)}`);
  try {
    const exported = load.call(this, request, parent, isMain);
    return /\/ray-platform\/lib\/modules\/(?!index\.js$)/.test(file.replace(/\\/g, "/"))
      ? timedModules(exported)
      : exported;
  } finally {
    leave();
  }
};

function owner(file) {
  const vendored = /\/ray-platform\/vendor\/(.*)\.js$/.exec(file)?.[1];
  if (vendored !== undefined) {
    return vendored;
  }
  const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  if (name === "ray-platform") {
    return name;
  }
  return name === undefined ? "the definition" : "projen and what it needs";
}

/** The package's modules, which are in few files: each runs when it is first required. */
function timedModules(definitions) {
  for (const [id, definition] of Object.entries(definitions)) {
    definitions[id] = function (exports, module, ...rest) {
      enter("load ray-platform");
      try {
        definition.call(this, exports, module, ...rest);
        instrument(`${id}.js`, module.exports);
      } finally {
        leave();
      }
    };
  }
  return definitions;
}

function instrument(file, exported) {
  for (const [path, name] of Object.entries(PARTS[file] ?? {})) {
    const [key, method] = path.split(".");
    const original = exported[key];
    if (typeof original !== "function") {
      throw new Error(`${file} exports no ${key}: bench/harness/projenrc-spans.cjs is out of date`);
    }
    if (method !== undefined) {
      original.prototype[method] = timed(name, original.prototype[method]);
    } else {
      const wrapped = timed(name, original);
      wrapped.prototype = original.prototype;
      exported[key] = Object.setPrototypeOf(wrapped, original);
    }
  }
}

const started = performance.now();
process.on("exit", () => {
  own["everything else in the process"] =
    performance.now() - started - Object.values(own).reduce((sum, ms) => sum + ms, 0);
  own["start of Node"] = started;
  writeFileSync(process.env.BENCH_SPANS, JSON.stringify(own));
});
