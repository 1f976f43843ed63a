// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Component } from "projen/lib/component";
import { DependencyType } from "projen/lib/dependencies";
import { JsonFile } from "projen/lib/json";
import type { Project } from "projen/lib/project";
import { ExplainedError } from "../explained-error";
import { hasAnyConflictMarkers } from "../sync/comparison/conflict-markers";
import { requireNpm } from "../sync/run/package-manager";

/** What package.json says beside dependencies and scripts. */
export interface PackageJsonProps {
  /** Name of the (private) package. */
  readonly name: string;
  /** SPDX licence identifier. */
  readonly license: string;
  /** Packages that replace others wherever they are asked for, such as `{ cdktf: "$cdktf" }`. */
  readonly overrides: { readonly [name: string]: string };
}

/** package.json of a generated repository. Every dependency is pinned, so that it depends on nothing but the options. */
export class PackageJson extends Component {
  private readonly before: string | undefined;
  private readonly file: JsonFile;

  public constructor(project: Project, props: PackageJsonProps) {
    super(project);
    requireNpm(project.outdir);
    this.before = this.read();
    project.addTask("install", {
      description: "Install dependencies without their install scripts, and update package-lock.json",
      exec: "npm install --ignore-scripts",
    });
    project.addTask("install:ci", {
      description: "Install exactly what package-lock.json says, without install scripts",
      exec: "npm ci --ignore-scripts",
    });
    this.file = new JsonFile(project, "package.json", {
      marker: false,
      obj: () => ({
        name: props.name,
        version: "0.0.0",
        private: true,
        license: props.license,
        engines: { node: ">=20.9.0" },
        scripts: this.scripts(),
        dependencies: this.dependencies(DependencyType.RUNTIME),
        devDependencies: this.dependencies(DependencyType.BUILD),
        ...(Object.keys(props.overrides).length > 0 ? { overrides: props.overrides } : {}),
        "//": this.file.marker,
      }),
    });
    project.gitignore.exclude("/node_modules/");
    // npx projen reads these before it runs anything that could resolve conflicts in them: git leaves the current branch's
    // version in place of one with markers, and regenerating gives the right one.
    project.gitattributes.addAttributes("/.projen/*.json", "-merge");
  }

  /** Installs only if package.json changed or nothing is installed yet: a regeneration without changes starts no npm. */
  public postSynthesize(): void {
    const installed = existsSync(join(this.project.outdir, "node_modules", ".package-lock.json"));
    if (!installed || !this.isLocked() || this.read() !== this.before) {
      this.project.logger.info("Installing dependencies...");
      installDependencies(this.project.outdir);
    }
  }

  /** Whether there is a package-lock.json that git has not left conflicts in, which an installation resolves. */
  private isLocked(): boolean {
    const path = join(this.project.outdir, "package-lock.json");
    return existsSync(path) && !hasAnyConflictMarkers(readFileSync(path));
  }

  private read(): string | undefined {
    const path = join(this.project.outdir, "package.json");
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  private scripts(): { [name: string]: string } {
    // npm runs a script called "install" by itself, inside the very install that the task starts.
    const names = this.project.tasks.all
      .map((task) => task.name)
      .filter((name) => !["default", "install", "install:ci"].includes(name));
    return Object.fromEntries([["projen", "projen"], ...names.map((name) => [name, `projen ${name}`])].sort());
  }

  private dependencies(type: DependencyType): { [name: string]: string } {
    const entries = this.project.deps.all
      .filter((dependency) => dependency.type === type)
      .map(({ name, version }) => [name, version ?? "*"]);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function installDependencies(directory: string): void {
  const { status, error } = spawnSync("npm", ["install", "--ignore-scripts"], {
    cwd: directory,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    throw new ExplainedError(
      `npm install failed in ${directory}: ${error?.message ?? `exit code ${status}`}. Fix the cause above and run: npx projen install`,
    );
  }
}
