// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript";
import { readLock } from "../sync/compare";
import { sha256 } from "../sync/content-hash";
import { readDiskFile } from "../sync/disk-file";
import { commit, type Operation } from "../sync/journal";
import { toPlainText } from "../sync/line-endings";
import type { LockEntry } from "../sync/lock-file";
import { assertProjectPath } from "../sync/project-path";
import { withRunLock } from "../sync/run-lock";
import type { Migration, MigrationContext } from "./migration";
import { ProjenrcSource } from "./projenrc-source";
import { compareVersions } from "../version-order";

const PROJENRC = ".projenrc.ts";

/** What migrations did. */
export interface MigrationOutcome {
  readonly applied: readonly Migration[];
  /** What a user should know beside, such as a file that could not be moved. */
  readonly notes: readonly string[];
}

/** The migrations between two versions, oldest first. */
export function pendingMigrations(migrations: readonly Migration[], from: string, to: string): Migration[] {
  return migrations
    .filter(({ version }) => compareVersions(from, version) < 0 && compareVersions(version, to) <= 0)
    .sort((a, b) => compareVersions(a.version, b.version));
}

/**
 * Applies migrations to a project, all or nothing.
 * @param packageSpec what `.projenrc.ts` is to say where it names the package among its dependencies.
 * @throws RewriteError where a person has to change `.projenrc.ts`.
 */
export function migrate(root: string, migrations: readonly Migration[], packageSpec?: string): MigrationOutcome {
  return withRunLock(root, () => {
    const { lock } = readLock(root);
    const context = new ProjectMigration(root, new Map(lock.files));
    if (packageSpec !== undefined) {
      context.usePackage(packageSpec);
    }
    for (const migration of migrations) {
      migration.apply(context);
    }
    const operations = context.finish();
    if (operations.length > 0) {
      commit(root, { operations, generator: lock.generator, entries: context.entries });
    }
    return { applied: migrations, notes: context.notes };
  });
}

class ProjectMigration implements MigrationContext {
  public readonly notes: string[] = [];
  private readonly operations: Operation[] = [];
  /** Where each moved file lies now. */
  private readonly moves = new Map<string, string>();
  private readonly original: string | undefined;
  private source: ProjenrcSource | undefined;

  public constructor(
    private readonly root: string,
    public readonly entries: Map<string, LockEntry>,
  ) {
    const file = join(root, PROJENRC);
    this.original = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  public renameOption(from: string, to: string): void {
    this.projenrc()?.renameOption(from, to);
  }

  public usePackage(spec: string): void {
    if (this.original?.includes("ray-platform@")) {
      this.projenrc()?.replaceStrings((text) => text.startsWith("ray-platform@"), spec);
    }
  }

  public moveFile(from: string, to: string): void {
    assertProjectPath(from);
    assertProjectPath(to);
    const entry = this.entries.get(from);
    if (entry === undefined) {
      return; // Moved already, or never generated here.
    }
    const target = readDiskFile(this.root, to, new Set());
    if (target.kind !== "absent" || this.moves.has(to)) {
      this.notes.push(`${from} was to move to ${to}, but a file lies there; yours at ${from} stays`);
      return;
    }
    this.entries.delete(from);
    this.entries.set(to, entry);
    // A file that moves in two versions moves once.
    this.moves.set(to, this.moves.get(from) ?? from);
    this.moves.delete(from);
  }

  public removeFile(path: string): void {
    assertProjectPath(path);
    const entry = this.entries.get(path);
    const disk = readDiskFile(this.root, path, new Set());
    if (entry === undefined || disk.kind !== "file") {
      return;
    }
    if ([sha256(disk.content), sha256(toPlainText(disk.content))].includes(entry.sha256)) {
      this.entries.delete(path);
      this.operations.push({ type: "delete", path, before: sha256(disk.content) });
    } else {
      this.notes.push(`${path} is no longer part of the platform; you edited it, so it stays`);
    }
  }

  public finish(): Operation[] {
    for (const [to, from] of this.moves) {
      const disk = readDiskFile(this.root, from, new Set());
      if (disk.kind === "file") {
        this.operations.push(
          { type: "write", path: to, content: disk.content, mode: disk.mode, before: "absent" },
          { type: "delete", path: from, before: sha256(disk.content) },
        );
      }
    }
    if (this.source !== undefined && this.source.text !== this.original) {
      const before = sha256(readFileSync(join(this.root, PROJENRC)));
      const content = Buffer.from(this.source.text);
      this.operations.unshift({ type: "write", path: PROJENRC, content, mode: 0o644, before });
    }
    return this.operations;
  }

  private projenrc(): ProjenrcSource | undefined {
    if (this.original !== undefined) {
      this.source ??= new ProjenrcSource(loadTypeScript(this.root), PROJENRC, this.original);
    }
    return this.source;
  }
}

/** The project's own TypeScript: generated repositories have it, and loading it is worth the time only here. */
function loadTypeScript(root: string): typeof ts {
  return require(require.resolve("typescript", { paths: [root] })) as typeof ts;
}
