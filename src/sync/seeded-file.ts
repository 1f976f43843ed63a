// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { SampleFile } from "projen/lib/sample-file";
import type { Project } from "projen/lib/project";
export class SeededFile extends SampleFile {
  public constructor(project: Project, path: string, options: { content: string; component: string; executable?: boolean }) {
    super(project, path, { contents: options.content });
  }
}
