// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { checkCommandLine } from "../options/check-command-line";
import { checkOptionTypes, type OldName } from "../options/check-option-types";
import { commandLineValues } from "../options/command-line-values";
import { IssueList, type OptionIssue, OptionsError } from "../options/option-issues";
import type { RayPlatformProjectOptions } from "../options/ray-platform-project-options";
import { copyrightHolder, formerHolder } from "./copyright-holder";
import { type GitHubRepository, githubRepository } from "./github-repository";
import { checkPattern } from "./patterns";
import type { PlatformConfig } from "./platform-config";
import { resolveInto } from "./resolve-platform-config";
import { withStatedGpuTypes } from "./stated-gpu-types";
import { resolveWorkflowSettings, type WorkflowSettings } from "./workflow-settings";

const STRUCT = "RayPlatformProjectOptions";

/** Options after all checks. */
export interface ResolvedOptions {
  readonly config: PlatformConfig;
  readonly workflows: { readonly facts: GitHubRepository; readonly settings: WorkflowSettings };
  /** The options without what `projen new` adds to them. */
  readonly own: RayPlatformProjectOptions;
  /** What is allowed, and may not have been meant. */
  readonly warnings: readonly OptionIssue[];
}

/**
 * Checks and resolves everything a user gave, on the command line and in `.projenrc.ts`.
 *
 * @param renames what options were called in older versions
 * @throws OptionsError with all issues at once
 */
export function resolveOptions(
  options: RayPlatformProjectOptions,
  process: { readonly argv: readonly string[]; readonly env: { readonly [name: string]: string | undefined } },
  renames: readonly OldName[] = [],
): ResolvedOptions {
  const { __new__: _created, ...given } = options as RayPlatformProjectOptions & { readonly __new__?: unknown };
  const isNew = process.env.PROJEN_CREATE_PROJECT === "true";
  const issues = new IssueList();
  const refused = isNew ? checkCommandLine(process.argv, STRUCT, issues) : new Set<string>();
  const values = Object.entries(isNew ? newProjectOptions(given, process.argv) : given).filter(
    ([name]) => !refused.has(name),
  );
  const known = Object.fromEntries(values) as unknown as RayPlatformProjectOptions;
  const own = checkOptionTypes(known, STRUCT, issues, renames);
  if (own === undefined) {
    throw new OptionsError(issues.issues);
  }
  checkText(own, issues);
  const config = resolveInto(own, issues);
  const holder = copyrightHolder(own.name, own.githubOwner, own.documents?.copyrightHolder);
  const facts = githubRepository(config, holder, formerHolder(own.name, own.documents?.copyrightHolder));
  const workflows = { facts, settings: resolveWorkflowSettings(own.workflows ?? {}, facts, issues) };
  issues.throwIfAny();
  return { config, workflows, own, warnings: issues.warnings };
}

/** Options as `projen new` was given them on the command line, which takes no limits: those of a chosen GPU are stated. */
export function newProjectOptions<T extends object>(options: T, argv: readonly string[]): T {
  return withStatedGpuTypes(commandLineValues(options, argv, STRUCT, process.cwd()));
}

/** Strings that end up in documents, package.json or file names. */
function checkText(options: RayPlatformProjectOptions, issues: IssueList): void {
  checkPattern(options.documents?.copyrightHolder, "plainText", "documents.copyrightHolder", issues);
  checkPattern(options.documents?.securityContact, "plainText", "documents.securityContact", issues);
  (options.documents?.codeOwners ?? []).forEach((owner, index) =>
    checkPattern(owner, "codeOwner", `documents.codeOwners[${index}]`, issues),
  );
  checkPattern(options.outdir, "directory", "outdir", issues);
  (options.release ?? []).forEach((path, index) => {
    checkPattern(path, "releasedPath", `release[${index}]`, issues);
    if (/^\.(?:ray-platform|projen)(?:\/|$)/.test(path)) {
      issues.add(
        `release[${index}]`,
        path,
        "must not be in the record of what is generated",
        "name the files that you want to own",
      );
    }
  });
  for (const key of ["deps", "devDeps"] as const) {
    (options[key] ?? []).forEach((spec, index) => {
      // `projen new --from ray-platform` names itself without a version.
      if (spec !== "ray-platform") {
        checkPattern(spec, "packageSpec", `${key}[${index}]`, issues);
      }
    });
  }
}
