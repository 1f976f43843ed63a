// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createRequire } from "node:module";
import { Script } from "node:vm";

/** A source that a projenrc consists of. */
export interface Source {
  readonly source: string;
  /** Absolute path. */
  readonly filename?: string;
  /** Whether it is TypeScript; otherwise an ES module. */
  readonly ts?: boolean;
}

/**
 * What needs a whole compiler, because it says more than types: namespaces and decorators. A comment that looks like one
 * costs time, and nothing else.
 */
const NEEDS_COMPILER = /(?:^|[\s;{}])(?:namespace|module)\s+[\w$.]+\s*\{|^\s*@[\w$]/m;

/** `import.meta`, with strings and comments to be left alone before it. */
const IMPORT_META =
  /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\/|(?<![\w$.])(import\.meta)\b/g;

/** The same for a CommonJS module. */
const META =
  '({url:require("node:url").pathToFileURL(__filename).href,filename:__filename,dirname:__dirname,' +
  'resolve:(id)=>require("node:url").pathToFileURL(require.resolve(id)).href})';

/**
 * Compiles a source to CommonJS, each line to the same line unless it needs the compiler. Types are not checked.
 *
 * @throws Error that names the place, for what is no TypeScript
 */
export function transpile({ source, filename = "projenrc", ts = false }: Source): { readonly code: string } {
  const compiled = ts && NEEDS_COMPILER.test(source) ? byCompiler(source, filename) : bySucrase(source, filename, ts);
  const code = compiled.includes("import.meta")
    ? compiled.replace(IMPORT_META, (text, meta: string | undefined) => (meta === undefined ? text : META))
    : compiled;
  refuseInvalid(code, filename);
  return { code };
}

function bySucrase(source: string, filename: string, ts: boolean): string {
  const { transform } = require("sucrase") as typeof import("sucrase");
  try {
    const transforms = ts ? (["typescript", "imports"] as const) : (["imports"] as const);
    return transform(source, { transforms: [...transforms], disableESTransforms: true }).code;
  } catch (error) {
    const { message, loc } = error as Error & { loc?: { line: number; column: number } };
    if (loc === undefined) {
      throw error;
    }
    throw parseError(message.replace(/^Error transforming .*?: | \(\d+:\d+\)$/g, ""), filename, loc.line, loc.column);
  }
}

/** Compiles with the TypeScript that the repository has installed. */
function byCompiler(source: string, filename: string): string {
  let typescript: typeof import("typescript");
  try {
    typescript = createRequire(filename)("typescript") as typeof import("typescript");
  } catch {
    throw new Error(
      `${filename}: has a namespace or a decorator, which TypeScript compiles, and TypeScript is not installed here: run "npm ci --ignore-scripts"`,
    );
  }
  const { outputText, diagnostics = [] } = typescript.transpileModule(source, {
    fileName: filename,
    reportDiagnostics: true,
    compilerOptions: {
      module: typescript.ModuleKind.CommonJS,
      target: typescript.ScriptTarget.ES2022,
      esModuleInterop: true,
      experimentalDecorators: true,
      inlineSourceMap: false,
    },
  });
  const [first] = diagnostics;
  if (first !== undefined) {
    const { line, character } = first.file?.getLineAndCharacterOfPosition(first.start ?? 0) ?? {
      line: 0,
      character: 0,
    };
    throw parseError(
      typescript.flattenDiagnosticMessageText(first.messageText, " "),
      filename,
      line + 1,
      character + 1,
    );
  }
  return outputText;
}

/** What Sucrase lets pass, such as a name that is declared twice. Node.js would name no place in the user's file. */
function refuseInvalid(code: string, filename: string): void {
  try {
    new Script(`(function (exports, require, module, __filename, __dirname) { ${code}\n})`, { filename });
  } catch (error) {
    const { message, stack = "" } = error as Error;
    const [place = "", , carets = ""] = stack.split("\n");
    throw parseError(message, filename, Number(/:(\d+)$/.exec(place)?.[1] ?? 1), carets.indexOf("^") + 1);
  }
}

function parseError(message: string, filename: string, line: number, column: number): Error {
  return new Error(`ParseError: ${message}\n ${filename}:${line}:${column}`);
}
