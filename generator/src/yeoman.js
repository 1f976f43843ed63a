// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The only file that imports Yeoman's packages, whose majors follow each other quickly. Each is loaded when it is
 * needed: all of them take longer than a person should wait for the first question.
 */

/**
 * Asks on the terminal.
 * @returns {Promise<import("@yeoman/types").InputOutputAdapter>}
 */
export async function terminalAdapter() {
  const { TerminalAdapter } = await import("@yeoman/adapter");
  return new TerminalAdapter({});
}

/**
 * Asks about one file through Yeoman's conflicter.
 * @param {import("@yeoman/types").InputOutputAdapter} adapter
 * @param {{ cwd: string, path: string, content: Buffer, actions: (all: object[]) => object[] }} question
 * @returns {Promise<string | undefined>} value of the action that was chosen
 */
export async function askAboutConflict(adapter, { cwd, path, content, actions }) {
  const { Conflicter } = await import("@yeoman/conflicter");
  const { create } = await import("mem-fs");
  const { join } = await import("node:path");
  const customizeActions = /** @type {any} */ (actions); // Its type is not exported.
  const conflicter = new Conflicter(adapter, { cwd, customizeActions });
  const file = /** @type {import("@yeoman/conflicter").ConflicterFile} */ (create().get(join(cwd, path)));
  file.contents = content;
  // Without a mode the conflicter compares content only; modes are the core's.
  file.stat = null;
  const { conflicter: action } = await conflicter.checkForCollision(file);
  return action;
}

/** Base class of what `yo` runs. */
export async function generatorBase() {
  const { default: Generator } = await import("yeoman-generator");
  return Generator;
}
