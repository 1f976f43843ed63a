// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IConstruct } from "constructs";
import { FileBase } from "projen/lib/file";

/** A file with the given text. */
export interface GeneratedFileOptions {
  readonly content: string;
  readonly executable?: boolean;
}

/** A file whose text is known when it is declared. */
export class GeneratedFile extends FileBase {
  private readonly content: string;

  public constructor(scope: IConstruct, path: string, options: GeneratedFileOptions) {
    super(scope, path, { marker: false, executable: options.executable });
    this.content = options.content;
  }

  protected synthesizeContent(): string {
    return this.content;
  }
}
