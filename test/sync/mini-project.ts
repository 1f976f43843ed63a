// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonFile } from "projen/lib/json";
import { Project } from "projen/lib/project";
import { SampleFile } from "projen/lib/sample-file";
import { BlockFile } from "../../src/sync/files/block-file";
import { ManagedFile } from "../../src/sync/files/managed-file";
import { Ownership } from "../../src/sync/files/ownership";
import { MIGRATIONS } from "../../src/migrations";
import { regenerate } from "../../src/sync/run/regenerate";
import { SeededFile } from "../../src/sync/files/seeded-file";

/** What a miniature project generates. */
export interface MiniOptions {
  readonly managed?: Readonly<Record<string, string>>;
  readonly programs?: Readonly<Record<string, string>>;
  readonly seeded?: Readonly<Record<string, string>>;
  readonly samples?: Readonly<Record<string, string>>;
  readonly blocks?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, unknown>>;
  readonly release?: readonly string[];
}

/** A project type that is as small as can be and regenerates as the real one does. */
export class MiniProject extends Project {
  public constructor(outdir: string, options: MiniOptions) {
    super({ name: "mini", outdir });
    for (const [path, content] of Object.entries(options.managed ?? {})) {
      new ManagedFile(this, path, { content, component: "Managed" });
    }
    for (const [path, content] of Object.entries(options.programs ?? {})) {
      new ManagedFile(this, path, { content, component: "Programs", executable: true });
    }
    for (const [path, content] of Object.entries(options.seeded ?? {})) {
      new SeededFile(this, path, { content, component: "Seeded" });
    }
    for (const [path, contents] of Object.entries(options.samples ?? {})) {
      new SampleFile(this, path, { contents });
    }
    for (const [path, content] of Object.entries(options.blocks ?? {})) {
      new BlockFile(this, path, { content, component: "Blocks", initial: `${path} of the user\n` });
    }
    for (const [path, obj] of Object.entries(options.json ?? {})) {
      new JsonFile(this, path, { obj });
    }
    Ownership.of(this).release(options.release ?? []);
  }

  public override synth(): void {
    regenerate(this, MIGRATIONS, () => super.synth());
  }
}

/** Generates into a directory. */
export function generate(outdir: string, options: MiniOptions): void {
  new MiniProject(outdir, options).synth();
}

/** A new directory of its own. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), "ray-platform-test-"));
}
