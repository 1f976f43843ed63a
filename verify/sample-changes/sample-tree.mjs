// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CopiedTree } from "../copied-tree.mjs";

/** A copy of this project in which the samples make their changes. */
export class SampleTree extends CopiedTree {
  /** Adds a file. */
  add(path, text) {
    const file = join(this.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Changes a file. Each pair is a text that the file must hold, and what takes its place. */
  edit(path, ...replacements) {
    const text = replacements.reduce((before, [from, to]) => {
      if (!before.includes(from)) {
        throw new Error(`${path} does not say ${JSON.stringify(from)}, which the sample changes`);
      }
      return before.replace(from, () => to);
    }, this.read(path));
    this.add(path, text);
  }

  /** Adds a text after another that the file must hold. */
  addBehind(path, anchor, text) {
    this.edit(path, [anchor, anchor + text]);
  }

  /** Runs `npm run new`. */
  async scaffold(kind, name) {
    await this.run(`node scripts/new.mjs ${kind} ${name}`);
  }

  run(command, env = {}) {
    return this.exec("bash", ["-c", command], { cwd: this.directory, env });
  }
}
