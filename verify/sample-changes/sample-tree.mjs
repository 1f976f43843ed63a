// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A copy of this project in which changes can be tried, with a git repository that says what was touched. */
export class SampleTree {
  /**
   * @param {string} repo this project
   * @param {(command: string, args: string[], options?: object) => Promise<{ stdout: string }>} exec
   */
  static async copy(repo, exec) {
    const root = mkdtempSync(join(tmpdir(), "sample-changes-"));
    const { stdout } = await exec("git", ["ls-files", "-z"], { cwd: repo });
    for (const file of stdout.split("\0").filter((name) => name !== "" && existsSync(join(repo, name)))) {
      cpSync(join(repo, file), join(root, file));
    }
    symlinkSync(join(repo, "node_modules"), join(root, "node_modules"));
    const tree = new SampleTree(root, exec);
    await tree.git("init", "-q");
    await tree.commit();
    return tree;
  }

  constructor(root, exec) {
    this.root = root;
    this.exec = exec;
  }

  read(path) {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Adds a file. */
  add(path, text) {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** Changes a file. Each pair is a text that must be there, and what takes its place. */
  edit(path, ...replacements) {
    const text = replacements.reduce((before, [from, to]) => {
      if (!before.includes(from)) {
        throw new Error(`${path} does not say ${JSON.stringify(from)}, which the sample changes`);
      }
      return before.replace(from, () => to);
    }, this.read(path));
    writeFileSync(join(this.root, path), text);
  }

  /** Adds a text behind another that must be there. */
  addBehind(path, anchor, text) {
    this.edit(path, [anchor, anchor + text]);
  }

  /** Runs `npm run new`. */
  async scaffold(kind, name) {
    await this.run(`node scripts/new.mjs ${kind} ${name}`);
  }

  run(command, env = {}) {
    return this.exec("bash", ["-c", command], { cwd: this.root, env });
  }

  /** Paths that were touched since the last commit. */
  async touched() {
    const { stdout } = await this.git("status", "--porcelain", "--untracked-files=all", "-z");
    return stdout
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => line.slice(3));
  }

  async commit() {
    await this.git("add", "--all");
    await this.git("-c", "user.name=sample", "-c", "user.email=sample@example.invalid", "commit", "-qm", "sample");
  }

  git(...args) {
    return this.exec("git", args, { cwd: this.root });
  }
}
