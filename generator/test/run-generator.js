// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestAdapter } from "@yeoman/adapter/testing";
import { main } from "../src/main.js";

/** A directory of its own below a temporary one. @param {import("node:test").TestContext} context @param {string} name */
export function emptyDirectory(context, name = "ml-platform") {
  const base = mkdtempSync(join(tmpdir(), "generator-ray-platform-"));
  context.after(() => rmSync(base, { recursive: true, force: true }));
  const directory = join(base, name);
  mkdirSync(directory);
  return directory;
}

/**
 * Runs the generator in this process. Without answers it has no terminal.
 * @param {string} cwd @param {readonly string[]} argv
 * @param {{ answer?: (name: string, question: any) => unknown, env?: NodeJS.ProcessEnv, columns?: number }} conversation
 *   `answer` gives what is answered; undefined stands for the default
 */
export async function run(cwd, argv, { answer, env = {}, columns = 80 } = {}) {
  let out = "";
  let err = "";
  /** @type {any[]} */
  const asked = [];
  const adapter = new TestAdapter({
    callback: (/** @type {unknown} */ value, /** @type {any} */ { question }) => {
      asked.push(question);
      if (asked.length > 2000) {
        throw new Error(`the conversation does not end; last question: ${question.name}\n${err.slice(-2000)}`);
      }
      const given = answer?.(question.name, question);
      return given === undefined ? (value ?? (question.type === "checkbox" ? [] : "")) : given;
    },
  });
  const code = await main([...argv], {
    cwd,
    // No configuration of whoever runs the tests.
    env: { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: "1", ...env },
    isTerminal: answer !== undefined,
    columns,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    adapter: async () => adapter,
  });
  return { code, out, err, asked, names: asked.map(({ name }) => name) };
}

/** Every file below a directory with its content and mode. @param {string} directory @returns {Map<string, string>} */
export function contents(directory) {
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !/[/]node_modules[/]|[/]\.git[/]/.test(path)) {
      files.set(path.slice(directory.length + 1), `${statSync(path).mode.toString(8)} ${readFileSync(path, "base64")}`);
    }
  }
  return files;
}
