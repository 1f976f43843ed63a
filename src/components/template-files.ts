// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { Project } from "projen/lib/project";
import { PACKAGE_ROOT } from "../package-root";
import { ManagedFile } from "../sync/files/managed-file";
import { SeededFile } from "../sync/files/seeded-file";
import { listFiles } from "./template-directory";

/** Which files of a template directory go where. */
export interface TemplateFilesProps {
  /** Directory in this package, such as `templates/src`. */
  readonly from: string;
  /** Directory in the generated repository. */
  readonly to: string;
  /** Component that the files belong to, as `ray-platform status` shows it. */
  readonly component: string;
  /** Paths below `from` that are the user's once written. */
  readonly seeded?: readonly string[];
  /** Paths below `from` that are not copied. */
  readonly except?: (path: string) => boolean;
}

/** Copies files byte for byte. What differs between repositories is data beside them, never their text. */
export function copyTemplateFiles(project: Project, props: TemplateFilesProps): void {
  const root = join(PACKAGE_ROOT, props.from);
  for (const path of listFiles(root)) {
    if (props.except?.(path)) {
      continue;
    }
    const content = readFileSync(join(root, path), "utf8");
    const target = posix.join(props.to, path);
    const options = { content, component: props.component, executable: content.startsWith("#!") };
    if (props.seeded?.includes(path)) {
      new SeededFile(project, target, options);
    } else {
      new ManagedFile(project, target, options);
    }
  }
}
