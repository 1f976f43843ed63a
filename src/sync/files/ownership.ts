// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Project } from "projen/lib/project";
import { ExplainedError } from "../../explained-error";
import { type PathPattern, pathPattern } from "./path-pattern";

/**
 * Who a generated file belongs to.
 *
 * - `managed`: ours. Overwritten on every regeneration; a local edit is saved beside, reported and undone.
 * - `seeded`: written once, then the user's. `update` merges our later changes into it.
 * - `block`: the user's file, with one marked region that is managed.
 * - `released`: was ours; the user took it over with the option `release`. Never touched.
 */
export type OwnershipClass = "managed" | "seeded" | "block" | "released";

/** What a component says about a file that it renders. */
export interface OwnershipDeclaration {
  readonly ownership: Exclude<OwnershipClass, "released">;
  /** Name of the component that renders the file. */
  readonly component: string;
  /** For a block: where it goes in a file that does not have it yet. Default: at the end. */
  readonly position?: "start" | "end";
  /** For a block: what the user's part says when the file is created. Default: nothing. */
  readonly initial?: string;
}

/** What records what is generated; no run could do without it. */
const RECORDS = [".ray-platform/lock.json", ".ray-platform/.gitignore", ".projen/tasks.json"];

const registries = new WeakMap<Project, Ownership>();

/** The owners of a project's generated files. Paths are relative to the root project, with `/`. */
export class Ownership {
  /** The registry of the project's root. */
  public static of(project: Project): Ownership {
    const root = project.root;
    let registry = registries.get(root);
    if (registry === undefined) {
      registry = new Ownership();
      registries.set(root, registry);
    }
    return registry;
  }

  private readonly declarations = new Map<string, OwnershipDeclaration>();
  private readonly releases: PathPattern[] = [];

  private shaping: (path: string) => readonly string[] = () => [];

  private constructor() {}

  /** Says which options shape a file, for the lock. Default: none is known. */
  public describeOptions(shaping: (path: string) => readonly string[]): void {
    this.shaping = shaping;
  }

  /** The options that shape a file. */
  public optionsOf(path: string): readonly string[] {
    return this.shaping(path);
  }

  /** Declares the owner of a file. A later declaration replaces an earlier one. */
  public declare(path: string, declaration: OwnershipDeclaration): void {
    this.declarations.set(path, declaration);
  }

  /** The declaration of a path, if any. */
  public declared(path: string): OwnershipDeclaration | undefined {
    return this.declarations.get(path);
  }

  /**
   * Hands files to the user.
   * @param patterns paths; `*` matches within a segment, `**` across segments, a trailing `/` everything below.
   * @throws ExplainedError for a pattern that would release the bookkeeping of regeneration itself.
   */
  public release(patterns: readonly string[]): void {
    for (const text of patterns) {
      const pattern = pathPattern(text);
      if (RECORDS.some((path) => pattern.matches(path))) {
        throw new ExplainedError(
          `release: ${JSON.stringify(text)} would release .ray-platform/ or .projen/, which record what is generated. ` +
            "Name the files that you want to own.",
        );
      }
      this.releases.push(pattern);
    }
  }

  /** Whether the user took over a path. */
  public isReleased(path: string): boolean {
    return this.releases.some((pattern) => pattern.matches(path));
  }

  /** The patterns of everything that the user took over. */
  public releasePatterns(): string[] {
    return this.releases.map(({ text }) => text);
  }
}
