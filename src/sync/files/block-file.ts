// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isThere } from "../../file-presence";
import { Component } from "projen/lib/component";
import type { Project } from "projen/lib/project";
import { readForeignFile } from "../../foreign-file";
import { BlockText } from "./block-text";
import { Ownership } from "./ownership";
import { rootRelative } from "./root-relative";
import { Staging } from "./staging";

/** What a block in a user's file is. */
export interface BlockFileOptions {
  /** The text between the markers. */
  readonly content: string;
  /** Name of the component that the block belongs to, for `ray-platform status`. */
  readonly component: string;
  /** Where the block goes in a file that does not have it yet. Default: `end`. */
  readonly position?: "start" | "end";
  /** What the user's part says when the file is created. Default: nothing. */
  readonly initial?: string;
}

/** A managed region, between two marker comments, in a file that is otherwise the user's. */
export class BlockFile extends Component {
  private readonly text: BlockText;

  public constructor(
    project: Project,
    public readonly path: string,
    private readonly options: BlockFileOptions,
  ) {
    super(project);
    this.text = new BlockText(path);
    Ownership.of(project).declare(rootRelative(project, path), {
      ownership: "block",
      component: options.component,
      position: options.position,
      initial: options.initial,
    });
  }

  public override synthesize(): void {
    const body = Buffer.from(this.options.content, "utf8");
    const staging = Staging.of(this.project);
    if (staging !== undefined) {
      staging.put({ path: rootRelative(this.project, this.path), content: body, mode: 0o644 });
      return;
    }
    // A project of another type, which writes into its directory itself.
    const file = join(this.project.outdir, this.path);
    const position = this.options.position ?? "end";
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      isThere(file)
        ? this.text.put(readForeignFile(file), body, position)
        : this.text.create(this.options.initial ?? "", body, position),
    );
  }
}
