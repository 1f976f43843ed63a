// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { GIT_IDENTITY } from "../../scripts/generate.mjs";
import { run } from "./run-command.mjs";
import { rewrite } from "./two-versions.mjs";

/** A generated repository, with the dependencies of another. */
export class Repository {
  constructor(root, modules) {
    this.root = root;
    mkdirSync(join(root, "node_modules"), { recursive: true });
    for (const name of readdirSync(modules)) {
      if (name !== "ray-platform" && !name.startsWith(".package")) {
        symlinkSync(join(modules, name), join(root, "node_modules", name));
      }
    }
    run("git", ["init", "--quiet"], { cwd: root });
  }

  install(version) {
    const place = join(this.root, "node_modules", "ray-platform");
    rmSync(place, { recursive: true, force: true });
    cpSync(version, place, { recursive: true });
  }

  command(...args) {
    const cli = join(this.root, "node_modules", "ray-platform", "bin", "ray-platform");
    return spawnSync(process.execPath, [cli, ...args], {
      cwd: this.root,
      encoding: "utf8",
      env: { ...process.env, PROJEN_DISABLE_POST: "true" },
    });
  }

  git(...args) {
    return spawnSync("git", args, { cwd: this.root, encoding: "utf8", env: { ...process.env, ...GIT_IDENTITY } });
  }

  commit(message) {
    run("git", ["add", "--all"], { cwd: this.root });
    run("git", ["commit", "--quiet", "--allow-empty", "--message", message], {
      cwd: this.root,
      env: { ...process.env, ...GIT_IDENTITY },
    });
  }

  exists(path) {
    return existsSync(join(this.root, path));
  }

  read(path) {
    return readFileSync(join(this.root, path), "utf8");
  }

  write(path, text) {
    if (this.exists(path)) {
      this.writable(path);
    }
    writeFileSync(join(this.root, path), text);
  }

  replace(path, from, to) {
    rewrite(this.writable(path), from, to);
  }

  append(path, text) {
    appendFileSync(this.writable(path), text);
  }

  writable(path) {
    const file = join(this.root, path);
    chmodSync(file, 0o644);
    return file;
  }
}

export function expectCode({ status, stdout, stderr }, code) {
  if (status !== code) {
    throw new Error(`exit code ${status} instead of ${code}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  }
}

export function equal(what, found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  }
}
