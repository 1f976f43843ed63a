// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import { DependencyType } from "projen/lib/dependencies";
import type { FileBase } from "projen/lib/file";
import { License } from "projen/lib/license";
import { resolveInitProject } from "projen/lib/javascript/render-options";
import { Project } from "projen/lib/project";
import { addBuildTasks } from "./components/build-tasks";
import { documentView } from "./components/documents/document-view";
import { addDocuments } from "./components/documents/documents";
import { NEXT_STEPS, refuseUnfitDirectory } from "./components/creation";
import { addEngineDependencies, engineOverrides, toolchain } from "./components/engine-dependencies";
import { PackageJson } from "./components/package-json";
import { addPlatformStacks } from "./components/platform-stacks";
import { addPolicies } from "./components/policies";
import {
  ignoreInstalledPackages,
  type LicenseHeader,
  ProjectDefinition,
  writeProjectDefinition,
  withoutOwn,
} from "./components/project-definition";
import { shapingOptions } from "./components/shaping-options";
import { addTypeScriptBuild } from "./components/typescript-build";
import { Workflows } from "./components/workflows";
import { resolveOptions } from "./config/resolve-options";
import { withoutGenerator } from "./config/workflow-settings";
import { ExplainedError } from "./explained-error";
import { MIGRATIONS } from "./migrations";
import { renamedOptions } from "./migrations/renamed-options";
import { issueLines, type OptionIssue } from "./options/option-issues";
import type { RayPlatformProjectOptions } from "./options/ray-platform-project-options";
import { nodeProblem } from "./node-version";
import { PACKAGE_VERSION } from "./package-version";
import { wasAskedBefore } from "./project-file-lookup";
import { Ownership } from "./sync/files/ownership";
import { claimRun } from "./sync/run/only-project";
import { regenerate } from "./sync/run/regenerate";
import { PREVIEW_VARIABLE } from "./sync/run/run-variables";

/**
 * A repository for a private Ray-on-EKS platform with GPU nodes: cdktf stacks, a Ray Helm chart, Rego policies,
 * documents and CI security workflows. It composes; the work is in the components.
 *
 * @throws an error that lists every wrong option; nothing is written then
 * @pjid ray-platform
 */
export class RayPlatformProject extends Project {
  private readonly license: LicenseHeader;

  public constructor(options: RayPlatformProjectOptions) {
    const tooOld = nodeProblem(process.versions.node);
    if (tooOld !== undefined) {
      throw new ExplainedError(tooOld);
    }
    // `options` also carries what `projen new` hides in it for the first synthesis.
    const isNew = resolveInitProject(options) !== undefined;
    const given = isNew ? { ...options, devDeps: withoutOwn(options.devDeps ?? []) } : options;
    const { config, workflows, own, warnings } = resolveOptions(given, process, renamedOptions(MIGRATIONS));
    super({ ...given, name: own.name, outdir: own.outdir, projenCommand: "npx projen" });

    claimRun(this);
    this.tell(warnings);
    const settings = this.ejected ? withoutGenerator(workflows.settings) : workflows.settings;
    this.license = settings.license;
    new ProjectDefinition(this);
    Ownership.of(this).release(own.release ?? []);
    Ownership.of(this).describeOptions(shapingOptions);
    addEngineDependencies(this, config.engine);
    this.addToolDependencies(own);
    new PackageJson(this, { name: own.name, license: "Apache-2.0", overrides: engineOverrides(config.engine) });
    new License(this, { spdx: "Apache-2.0", copyrightOwner: workflows.facts.copyrightHolder });
    addBuildTasks(this);
    addTypeScriptBuild(this);
    addPlatformStacks(this, config);
    addPolicies(this, config.limits);
    new Workflows(this, settings, workflows.facts);
    const view = documentView(config, own.documents ?? {}, settings, this.ejected);
    addDocuments(this, view, own.documents?.codeOwners ?? []);
  }

  /** Renders everything, compares it with what is on disk, and only then writes, file by file. */
  public synth(): void {
    if (this.initProject !== undefined) {
      if (process.argv[2] === "new") {
        refuseUnfitDirectory(process.cwd(), process.argv);
      }
      writeProjectDefinition(this.outdir, this.initProject, process.argv, this.license);
      if (resolve(this.outdir) !== process.cwd()) {
        ignoreInstalledPackages(process.cwd());
      }
      if (this.initProject.synth === false) {
        ignoreInstalledPackages(this.outdir);
        this.logger.info("nothing is generated yet; complete .projenrc.ts and run: npx ray-platform projenrc");
      }
    }
    regenerate(this, MIGRATIONS, () => super.synth());
    if (this.initProject !== undefined && this.initProject.synth !== false) {
      this.logger.info(NEXT_STEPS.join("\n"));
    }
  }

  /** The file at a path of this project or of a project below it; undefined if there is none. */
  public tryFindFile(filePath: string): FileBase | undefined {
    return wasAskedBefore(this, filePath) ? super.tryFindFile(filePath) : undefined;
  }

  /** Not where a command renders to compare: the run that writes has said it. */
  private tell(warnings: readonly OptionIssue[]): void {
    if (warnings.length > 0 && !process.env[PREVIEW_VARIABLE]) {
      this.logger.warn(`may not be what you mean; files are written.\n\n${issueLines(warnings).join("\n\n")}\n`);
    }
  }

  private addToolDependencies(options: RayPlatformProjectOptions): void {
    const { biome, projen, typescript, typesNode } = toolchain();
    const pinned = [
      `@biomejs/biome@${biome}`,
      `@types/node@${typesNode}`,
      ...(this.ejected ? [] : [`projen@${options.projenVersion ?? projen}`]),
      `ray-platform@${PACKAGE_VERSION}`,
      `typescript@${typescript}`,
    ];
    for (const spec of pinned.concat(options.devDeps ?? [])) {
      this.deps.addDependency(spec, DependencyType.BUILD);
    }
    for (const spec of options.deps ?? []) {
      this.deps.addDependency(spec, DependencyType.RUNTIME);
    }
  }
}
