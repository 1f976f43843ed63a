// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isThere } from "../../file-presence";
import { Component } from "projen/lib/component";
import type { Project } from "projen/lib/project";
import { Ownership } from "./ownership";
import { rootRelative } from "./root-relative";
import { Staging } from "./staging";

/** What a seeded file is. */
export interface SeededFileOptions {
  /** The content shipped by this version. */
  readonly content: string;
  /** Name of the component that the file belongs to, for `ray-platform status`. */
  readonly component: string;
  /** Whether the file is a program. Default: false. */
  readonly executable?: boolean;
}

/** A file that is written once and is the user's from then on; `update` offers our later changes as a merge. */
export class SeededFile extends Component {
  public constructor(
    project: Project,
    public readonly path: string,
    private readonly options: SeededFileOptions,
  ) {
    super(project);
    Ownership.of(project).declare(rootRelative(project, path), {
      ownership: "seeded",
      component: options.component,
    });
  }

  public override synthesize(): void {
    const content = Buffer.from(this.options.content, "utf8");
    const mode = this.options.executable ? 0o755 : 0o644;
    const staging = Staging.of(this.project);
    if (staging !== undefined) {
      staging.put({ path: rootRelative(this.project, this.path), content, mode });
      return;
    }
    // A project of another type, which writes into its directory itself.
    const file = join(this.project.outdir, this.path);
    if (!isThere(file)) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode });
    }
  }
}
