// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { FileBase } from "projen/lib/file";
import type { Project } from "projen/lib/project";
export class ManagedFile extends FileBase {
  private readonly content: string;
  public constructor(project: Project, path: string, options: { content: string; component: string; executable?: boolean }) {
    super(project, path, { marker: false, executable: options.executable });
    this.content = options.content;
  }
  protected synthesizeContent(): string { return this.content; }
}
