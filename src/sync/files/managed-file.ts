// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IConstruct } from "constructs";
import { FileBase } from "projen/lib/file";
import { Ownership } from "./ownership";
import { rootRelative } from "./root-relative";
import { Staging } from "./staging";

/** What a managed file is. */
export interface ManagedFileOptions {
  /** The file's content, written byte for byte. A function is asked when the project is written, with all files known. */
  readonly content: string | (() => string);
  /** Name of the component that the file belongs to, for `ray-platform status`. */
  readonly component: string;
  /** Whether the file is a program. Default: false. */
  readonly executable?: boolean;
}

/** A file with fixed content that regeneration keeps as it is. */
export class ManagedFile extends FileBase {
  private readonly content: string | (() => string);

  public constructor(scope: IConstruct, path: string, options: ManagedFileOptions) {
    // Nothing ignores these paths, so .gitignore need not list each of them.
    super(scope, path, { marker: false, executable: options.executable, editGitignore: false });
    this.content = options.content;
    Ownership.of(this.project).declare(rootRelative(this.project, this.path), {
      ownership: "managed",
      component: options.component,
    });
  }

  public override synthesize(): void {
    const staging = Staging.of(this.project);
    if (staging === undefined) {
      super.synthesize();
      return;
    }
    staging.put({
      path: rootRelative(this.project, this.path),
      content: Buffer.from(this.synthesizeContent(), "utf8"),
      mode: (this.readonly ? 0o444 : 0o644) | (this.executable ? (this.readonly ? 0o100 : 0o111) : 0),
    });
  }

  protected override synthesizeContent(): string {
    return typeof this.content === "string" ? this.content : this.content();
  }
}
