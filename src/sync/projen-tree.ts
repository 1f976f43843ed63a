// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IConstruct } from "constructs";
import { Project } from "projen/lib/project";

/** Whether a construct is a project, whichever copy of projen it comes from. */
export function isProject(construct: IConstruct): construct is Project {
  return Project.isProject(construct);
}
