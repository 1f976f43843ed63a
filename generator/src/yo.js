// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { main } from "./main.js";

/**
 * Runs the generator for `yo`, in its directory and with its questions.
 * @param {any} generator @param {readonly string[]} command
 */
export async function runWith(generator, command) {
  const code = await main([...command, ...flags(generator)], {
    cwd: generator.destinationRoot(),
    env: process.env,
    isTerminal: true,
    columns: process.stdout.columns ?? 80,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    adapter: async () => generator.env.adapter,
  });
  if (code !== 0) {
    process.exitCode = code;
  }
}

/** What was typed after the generator's name. @param {any} generator */
function flags(generator) {
  return generator.options.flags ?? process.argv.slice(process.argv.findIndex((word) => /ray-platform/.test(word)) + 1);
}
