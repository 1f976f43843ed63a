// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileSources, copySources } from "../scripts/copied-sources.mjs";
import { GIT_IDENTITY } from "../scripts/generate.mjs";

/** What compiling derives from the sources; a change of the sources may change it without anybody's hand. */
const DERIVED = [
  /^API\.md$/,
  /^data\/platform\.schema\.json$/,
  /^docs\/options\.md$/,
  /^src\/config\/(platform-config|limit-records)\.ts$/,
];

/**
 * This project's sources in a directory of their own, committed, with the dependencies that are installed here: a place
 * to change the project in, and to see what had to be changed.
 */
export class CopiedTree {
  /** @param {string} directory an empty directory, or one that is not there */
  static async make(repo, directory, exec) {
    await copySources(repo, directory);
    const tree = new this(directory, exec);
    await tree.#git("init", "--quiet");
    // Git ignores a directory of this name, but here it is a link.
    appendFileSync(join(directory, ".git", "info", "exclude"), "node_modules\n");
    await tree.commit();
    return tree;
  }

  /** Makes what was changed so far part of what `touched` compares with. */
  async commit() {
    await this.#git("add", "--all");
    await this.#git("commit", "--quiet", "--message", "as it is");
  }

  constructor(directory, exec) {
    this.directory = directory;
    this.exec = exec;
  }

  read(path) {
    return readFileSync(join(this.directory, path), "utf8");
  }

  /**
   * Replaces a text that a file holds exactly once.
   *
   * @throws Error if it does not
   */
  replace(path, text, replacement) {
    const parts = this.read(path).split(text);
    if (parts.length !== 2) {
      throw new Error(`${path} holds ${JSON.stringify(text)} ${parts.length - 1} times, not once`);
    }
    writeFileSync(join(this.directory, path), parts.join(replacement));
  }

  /** Compiles as a change of this project is compiled: derived sources first, then jsii. */
  async compile(note) {
    await compileSources(this.directory, note);
  }

  /** Paths of what differs from the copied sources, without what compiling derives. */
  async touched() {
    const stdout = await this.#git("status", "--porcelain", "--untracked-files=all", "-z");
    const paths = stdout
      .split("\0")
      .filter(Boolean)
      .map((entry) => entry.slice(3));
    return paths.filter((path) => path !== "node_modules" && !DERIVED.some((derived) => derived.test(path))).sort();
  }

  /** Writes the repository of options with the compiled copy, and returns where it lies. Nothing is installed there. */
  async generate(name, options, note) {
    const outdir = join(this.directory, "..", name);
    mkdirSync(outdir, { recursive: true });
    writeFileSync(join(outdir, ".projenrc.ts"), "// written by projen new\n");
    const program = `new (require("./lib").RayPlatformProject)(${JSON.stringify({ name: "platform", ...options, outdir })}).synth();`;
    await this.exec("node", ["-e", program], { cwd: this.directory, env: { PROJEN_DISABLE_POST: "true" }, note });
    return outdir;
  }

  async #git(...args) {
    return (await this.exec("git", args, { cwd: this.directory, env: GIT_IDENTITY })).stdout;
  }
}
