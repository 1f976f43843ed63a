// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, sep } from "node:path";
import { compileFunction } from "node:vm";
import { PACKAGE_VERSION } from "../package-version";
import { sha256 } from "../sync/files/content-hash";
import { type Source, transpile } from "./transpile";

/** Where a program's modules are found and kept. */
export interface ProgramModulesOptions {
  /** Directory for what is compiled; default: every run compiles. */
  readonly cache?: string;
  /** Directories of packages, by name, that take the place of installed ones. */
  readonly packages?: Readonly<Record<string, string>>;
}

/** Endings that an import may leave out and Node.js does not try, in order. */
const LEFT_OUT = [".ts", ".mts", ".cts", ".mjs", ".cjs"];

/** Endings of what TypeScript compiles to, and of what that is made from: an import may name either. */
const MADE_FROM: Readonly<Record<string, string>> = { ".js": ".ts", ".mjs": ".mts", ".cjs": ".cts" };

/** The beginning of a line that only an ES module has. */
const MODULE_SYNTAX = /^\s*(?:import\s*["'\w${*]|export\s*[\w${*])/m;

/** The end of what is kept: a file that another run has half written has none. */
const END = "\n//end\n";

/**
 * Runs a program of TypeScript or ES modules, each as a CommonJS module. Everything else that it imports, such as the packages
 * that are CommonJS, Node.js loads.
 */
export class ProgramModules {
  private readonly loaded = new Map<string, { exports: unknown }>();

  public constructor(private readonly options: ProgramModulesOptions = {}) {}

  /**
   * Runs a module, if it has not run yet.
   * @param filename absolute path
   * @returns what it exports
   * @throws what it throws; for what is no TypeScript, an error that names the place
   */
  public load(filename: string): unknown {
    const known = this.loaded.get(filename);
    if (known !== undefined) {
      return known.exports;
    }
    const { require, module } = this.surroundings(filename);
    // Modules that import each other see what there is so far.
    this.loaded.set(filename, module);
    try {
      const parameters = ["exports", "require", "module", "__filename", "__dirname"];
      const run = compileFunction(this.compiled(filename), parameters, { filename });
      run.call(module.exports, module.exports, require, module, filename, dirname(filename));
    } catch (error) {
      this.loaded.delete(filename);
      throw error;
    }
    return module.exports;
  }

  private surroundings(filename: string): { readonly require: unknown; readonly module: { exports: unknown } } {
    const native = createRequire(filename);
    const resolve = (id: string) => this.resolve(id, filename, native);
    const load = (id: string) => {
      const path = resolve(id);
      return isProgram(path) ? this.load(path) : native(path);
    };
    const require = Object.assign(load, { resolve, cache: native.cache, main: native.main });
    return { require, module: Object.assign({ exports: {} }, { id: filename, filename, require }) };
  }

  /** Absolute path of what a module imports, or the name of a module of Node.js. */
  private resolve(id: string, from: string, native: NodeJS.Require): string {
    const [name = "", ...rest] = id.split("/");
    const instead = this.options.packages?.[name];
    try {
      return native.resolve(instead === undefined ? id : join(instead, ...rest));
    } catch (error) {
      const path = /^\.{0,2}\//.test(id) ? join(id.startsWith("/") ? "" : dirname(from), id) : undefined;
      const found = path === undefined ? undefined : candidates(path).find(isFile);
      if (found === undefined) {
        throw error;
      }
      return found;
    }
  }

  private compiled(filename: string): string {
    const source = readFileSync(filename, "utf8");
    const work: Source = { source, filename, ts: /\.[cm]?ts$/.test(filename) };
    if (this.options.cache === undefined) {
      return transpile(work).code;
    }
    const key = sha256(Buffer.from(JSON.stringify([PACKAGE_VERSION, filename, source])));
    const cached = join(this.options.cache, `${basename(filename)}.${key.slice(0, 32)}.js`);
    const text = isFile(cached) ? readFileSync(cached, "utf8") : "";
    if (text.endsWith(END)) {
      return text;
    }
    const { code } = transpile(work);
    mkdirSync(this.options.cache, { recursive: true });
    writeFileSync(cached, code + END);
    return code;
  }
}

function candidates(path: string): string[] {
  const [, stem = path, ending = ""] = /^(.*)(\.[cm]?js)$/.exec(path) ?? [];
  return [
    ...(ending in MADE_FROM ? [stem + MADE_FROM[ending]] : []),
    ...LEFT_OUT.map((added) => path + added),
    ...LEFT_OUT.map((added) => join(path, `index${added}`)),
  ];
}

/** Whether Node.js cannot load a file everywhere, or not as CommonJS. */
function isProgram(path: string): boolean {
  if (/\.(?:[cm]?ts|mjs)$/.test(path)) {
    return true;
  }
  if (!path.endsWith(".js")) {
    return false;
  }
  return path.includes(`${sep}node_modules${sep}`)
    ? isOfModules(path)
    : isOfModules(path) || MODULE_SYNTAX.test(readFileSync(path, "utf8"));
}

/** Whether the nearest package.json says that its files are ES modules. */
function isOfModules(path: string): boolean {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const description = join(directory, "package.json");
    if (isFile(description)) {
      return (JSON.parse(readFileSync(description, "utf8")) as { type?: unknown }).type === "module";
    }
    if (dirname(directory) === directory || basename(directory) === "node_modules") {
      return false;
    }
  }
}

/** A confined process sees nothing above the packages: what describes a package is not looked for there. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_ACCESS_DENIED") {
      return false;
    }
    throw error;
  }
}
