// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { DependencyType } from "projen/lib/dependencies";
import type { Project } from "projen/lib/project";
import { packageData } from "../config/package-data";
import type { PlatformConfig } from "../config/platform-config";

/** Versions of the tools that a generated repository uses, from data/toolchain.json. */
export interface Toolchain {
  readonly projen: string;
  readonly typescript: string;
  readonly biome: string;
  readonly typesNode: string;
  readonly terraform: string;
  /** Release line of Node.js that workflows run on: a maintained one, not the floor that the package supports. */
  readonly node: string;
  readonly engines: { readonly [engine: string]: { readonly cdktf: string; readonly constructs: string } };
  readonly providers: { readonly [name: string]: string };
}

export function toolchain(): Toolchain {
  return packageData<Toolchain>("toolchain");
}

/** Adds the engine and the providers. CDK Terrain is installed under the name `cdktf`, so that the stacks are the same. */
export function addEngineDependencies(project: Project, engine: PlatformConfig["engine"]): void {
  const { engines, providers } = toolchain();
  for (const [name, version] of Object.entries({ ...engines[engine], ...providers })) {
    project.deps.addDependency(`${name}@${version}`, DependencyType.RUNTIME);
  }
}

/** The providers ask for `cdktf` themselves; with CDK Terrain they must get the same package. */
export function engineOverrides(engine: PlatformConfig["engine"]): { readonly [name: string]: string } {
  return engine === "cdktn" ? { cdktf: "$cdktf" } : {};
}
