// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readYaml } from "./bounded-yaml";
import { preview } from "./cli/preview";
import { essentialOptions } from "./config/essential-options";
import type { PlatformConfig } from "./config/platform-config";
import { resolveOptions } from "./config/resolve-options";
import { decodeText } from "./decode-text";
import { ExplainedError } from "./explained-error";
import { readForeignFile, readForeignStream } from "./foreign-file";
import { parseJson } from "./json-object";
import { MIGRATIONS } from "./migrations";
import { renamedOptions } from "./migrations/renamed-options";
import { projectName } from "./options/command-line-values";
import { describeOptions, type OptionDescription } from "./options/describe-options";
import { type OptionIssue, OptionsError } from "./options/option-issues";
import type { RayPlatformProjectOptions } from "./options/ray-platform-project-options";
import { PACKAGE_VERSION } from "./package-version";
import { type MergeResult, threeWayMerge } from "./sync/comparison/three-way-merge";
import { toPlainText } from "./sync/files/line-endings";
import type { Report } from "./sync/run/report";
import { readBase } from "./sync/store/base-store";
import { readLock } from "./sync/store/lock-file";
import { checkAutomation } from "./workflow-rules/check-automation";
import { RULE_IDS } from "./workflow-rules/check-workflow";
import { automationFiles, automationText } from "./workflow-rules/files-on-disk";
import { readPinTable } from "./workflow-rules/pin-table";

/**
 * What the generator, `generator-ray-platform` of the same version, uses of this package. Not public: it changes with
 * the generator.
 */
export { ExplainedError } from "./explained-error";
export { nearestKey } from "./nearest-key";
export { PACKAGE_VERSION } from "./package-version";
export { withStatedGpuTypes } from "./config/stated-gpu-types";

/** The text of a file of somebody else's. @throws ExplainedError for what is no file, is too large, or cannot be read */
export function readText(file: string): string {
  return decodeText(readForeignFile(file));
}

/** The text of what a user named, which may be a pipe. @throws ExplainedError as {@link readText} does */
export function readNamed(file: string): string {
  return decodeText(readForeignStream(file));
}

/** JSON of somebody else's. @throws ExplainedError with the name that it is given, for what is none or nests too deeply */
export function readJson(name: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new ExplainedError(`${name} is not JSON: ${(error as Error).message}`);
  }
}

/** The documents of somebody else's YAML. @throws ExplainedError with the name that it is given */
export function readYamlDocuments(name: string, text: string): unknown[] {
  const { documents, problem } = readYaml(text);
  if (problem !== undefined) {
    throw new ExplainedError(`${name} is not read: ${problem}`);
  }
  try {
    return documents.map((document) => document.toJS() as unknown);
  } catch (error) {
    // Aliases that lead nowhere, or to too much.
    throw new ExplainedError(`${name} is not read: ${(error as Error).message}`);
  }
}

/** Every option of a platform, with what a question about it needs. */
export function platformOptions(): OptionDescription[] {
  return describeOptions("RayPlatformProjectOptions");
}

/** What options lead to, or what is wrong with them. */
export interface OptionsVerdict {
  readonly issues: readonly OptionIssue[];
  /** Undefined if there are issues. */
  readonly config?: PlatformConfig;
  /** What the headers of the user's own files say; undefined if there are issues. */
  readonly license?: { readonly holder: string; readonly spdxId: string };
}

/** Checks options as a regeneration does. */
export function judgeOptions(options: RayPlatformProjectOptions): OptionsVerdict {
  try {
    const { config, workflows } = resolveOptions(options, { argv: [], env: {} }, renamedOptions(MIGRATIONS));
    return { issues: [], config, license: workflows.settings.license };
  } catch (error) {
    if (error instanceof OptionsError) {
      return { issues: error.issues };
    }
    throw error;
  }
}

/** The options that make a difference. @throws OptionsError */
export function withoutDefaults(options: RayPlatformProjectOptions): RayPlatformProjectOptions {
  return essentialOptions(options);
}

/** Name of a project that is not named. */
export function defaultName(directory: string): string {
  return projectName(basename(directory));
}

/**
 * What a regeneration of a directory would do. Writes nothing there.
 * @param projenrc text of a `.projenrc.ts` to run in place of the one that is there
 */
export function previewOf(root: string, projenrc?: string): Report {
  if (projenrc === undefined) {
    delete require.cache[join(root, ".projenrc.ts")]; // It is run again, not remembered.
    return preview(root);
  }
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-projenrc-"));
  try {
    const file = join(directory, ".projenrc.ts");
    writeFileSync(file, projenrc);
    return preview(root, { projenrc: file });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Rules that workflows, actions and Dependabot's configuration of a directory break, each once for a file. */
export function brokenWorkflowRules(root: string): { readonly rule: string; readonly workflow: string }[] {
  const pins = readPinTable();
  return automationFiles(root).flatMap(({ path }) => {
    const violations = checkAutomation(path, automationText(root, path), { pins, required: false });
    const broken = new Set(violations.map(({ rule }) => rule).filter((rule) => RULE_IDS.includes(rule)));
    return [...broken].sort().map((rule) => ({ rule, workflow: path }));
  });
}

/**
 * Merges a file that is there with what is generated: by what was generated last, if that is known, or else by the lines
 * that both have.
 */
export function mergeFile(root: string, path: string, users: Buffer, ours: Buffer): MergeResult {
  const entry = readLock(root).lock.files.get(path);
  const base = (entry === undefined ? undefined : readBase(root, entry.sha256).content) ?? commonLines(users, ours);
  return threeWayMerge(base, users, ours, PACKAGE_VERSION);
}

/** The lines that two files share, in their order: their longest common subsequence. */
function commonLines(users: Buffer, ours: Buffer): Buffer {
  const [a, b] = [users, ours].map((bytes) =>
    toPlainText(bytes)
      .toString("latin1")
      .split(/(?<=\n)/),
  );
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const common: string[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      common.push(a[i]);
      i++;
      j++;
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
      i++;
    } else {
      j++;
    }
  }
  return Buffer.from(common.join(""), "latin1");
}
