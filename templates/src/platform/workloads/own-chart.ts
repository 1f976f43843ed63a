// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { createHash } from "node:crypto";
import { copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

interface ChartFile {
  readonly source: string;
  /** Below the chart's directory. */
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** Charts by their directory. Every environment installs the same ones, so each is read once. */
const charts = new Map<string, readonly ChartFile[]>();

/**
 * A chart of this repository, copied next to a stack under the hash of its content.
 *
 * The engine has `TerraformAsset` for this, which removes and copies every file of every environment in each synthesis: a
 * third of its time. Here a copy that is as it should be stays.
 */
export class OwnChart extends Construct {
  /** Path of the copy from the stack's directory. */
  public readonly path: string;
  private readonly files: readonly ChartFile[];
  /** Holds the copy of the present content, and nothing of an earlier one. */
  private readonly folder: string;

  /** @param directory of the chart, as an absolute path */
  constructor(scope: Construct, id: string, directory: string) {
    super(scope, id);
    this.files = filesOf(directory);
    this.folder = `assets/${TerraformStack.of(this).getLogicalId(this.node)}`;
    this.path = `${this.folder}/${hashOf(this.files)}`;
  }

  /** @param stackDirectory that the stack is synthesized to */
  public write(stackDirectory: string): void {
    const folder = join(stackDirectory, this.folder);
    const copy = join(stackDirectory, this.path);
    const wanted = new Map(this.files.map((file) => [join(copy, file.path), file]));
    if (isAsWanted(folder, wanted)) {
      return;
    }
    rmSync(folder, { recursive: true, force: true });
    for (const directory of new Set([...wanted.keys()].map(dirname))) {
      mkdirSync(directory, { recursive: true });
    }
    for (const [path, { source }] of wanted) {
      copyFileSync(source, path);
    }
  }
}

/** Whether a directory has these files, and no other. What cannot be read is not as it should be. */
function isAsWanted(directory: string, wanted: ReadonlyMap<string, ChartFile>): boolean {
  try {
    const present = readdirSync(directory, { recursive: true, encoding: "utf8" })
      .map((name) => join(directory, name))
      .filter((path) => !lstatSync(path).isDirectory());
    return (
      present.length === wanted.size &&
      present.every((path) => {
        const file = wanted.get(path);
        // The mode includes the file type, so a link is not taken for a file.
        return file !== undefined && lstatSync(path).mode === file.mode && readFileSync(path).equals(file.content);
      })
    );
  } catch {
    return false;
  }
}

function filesOf(directory: string): readonly ChartFile[] {
  const read = charts.get(directory);
  if (read !== undefined) {
    return read;
  }
  const files = pathsBelow(directory).map((source) => ({
    source,
    path: relative(directory, source),
    content: readFileSync(source),
    mode: statSync(source).mode,
  }));
  charts.set(directory, files);
  return files;
}

/** Files below a directory, in the order in which the engine hashes those of an asset. */
function pathsBelow(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
      throw new Error(`${path} is a link to nothing: take it out of the chart`);
    }
    return found.isDirectory() ? pathsBelow(path) : [path];
  });
}

/** The hash that the engine gives an asset. With another, each upgrade would change the path of every chart. */
function hashOf(files: readonly ChartFile[]): string {
  const hash = createHash("md5");
  for (const { content } of files) {
    hash.update(content);
  }
  return hash.digest("hex").toUpperCase();
}
