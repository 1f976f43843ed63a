// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Project } from "projen/lib/project";
export function regenerate(_project: Project, render: () => void): void { render(); }
