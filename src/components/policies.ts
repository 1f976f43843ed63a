// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Project } from "projen/lib/project";
import type { PolicyLimits } from "../config/platform-config";
import { ManagedFile } from "../sync/files/managed-file";
import { copyTemplateFiles } from "./template-files";

/** Rego policies with their tests, and the limits that they read. */
export function addPolicies(project: Project, limits: PolicyLimits): void {
  copyTemplateFiles(project, {
    from: "policies",
    to: "policies",
    component: "policies",
    seeded: ["custom/README.md"],
    // The compiled bundle is evaluated from the package; the build tooling is ours.
    except: (path) =>
      [
        "policy.wasm.br",
        "policy.wasm.json",
        "rules.json",
        "capabilities.json",
        "custom-capabilities.json",
        "build.mjs",
        "data.json",
      ].includes(path),
  });
  // `opa eval --bundle policies/` takes data from files of this name only.
  new ManagedFile(project, "policies/data.json", {
    content: `${JSON.stringify({ limits }, null, 2)}\n`,
    component: "policies",
  });
}
