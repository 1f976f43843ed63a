// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type ts from "typescript";
import { type JsonObject, parseObject } from "../json-object";
import { sha256 } from "../sync/files/content-hash";
import { type DiskFile, readDiskFile } from "../sync/files/disk-file";
import { commit, isInterrupted, recover } from "../sync/store/journal";
import { readings } from "../sync/files/same-content";
import { type Lock, type LockEntry, missingMigrations, readLock } from "../sync/store/lock-file";
import type { Operation } from "../sync/store/operation";
import { assertProjectPath } from "../sync/files/project-path";
import { projenrcOf } from "../sync/run/projenrc-files";
import { withRunLock } from "../sync/store/run-lock";
import type { Migration, MigrationContext } from "./migration";
import { ProjenrcSource, RewriteError, textOfList } from "./projenrc-source";
import { compareVersions } from "../version-order";

/** What migrations did. */
export interface MigrationOutcome {
  readonly applied: readonly Migration[];
  /** What a user should know beside, such as a file that could not be moved. */
  readonly notes: readonly string[];
  /** Puts every file back as it was, for an update that its user leaves; to be called before anything else is written. */
  undo(): void;
}

/** The migrations that a repository has not been through, oldest first. */
export function pendingMigrations(
  known: readonly Migration[],
  lock: Pick<Lock, "generator" | "migrations">,
): Migration[] {
  return missingMigrations(lock, known).sort((a, b) => compareVersions(a.version, b.version));
}

/**
 * Applies the migrations that a project has not been through, all or nothing. Options are renamed by every migration
 * again: a branch that began before an update brings their old names back when it is merged after it.
 * @param known every migration that leads to the version that runs
 * @param packageSpec what `.projenrc.ts` is to say where it names the package among its dependencies.
 * @throws RewriteError where a person has to change `.projenrc.ts`; nothing is written then.
 */
export function migrate(root: string, known: readonly Migration[], packageSpec?: string): MigrationOutcome {
  return withRunLock(root, () => {
    const recovered = isInterrupted(root) ? recover(root).done : [];
    const { lock, text } = readLock(root);
    const pending = text === undefined ? [] : pendingMigrations(known, lock);
    const context = new ProjectMigration(root, new Map(lock.files));
    context.notes.push(...recovered.map((change) => `an interrupted run was finished first: ${change}`));
    if (packageSpec !== undefined) {
      context.usePackage(packageSpec);
    }
    for (const migration of known) {
      if (pending.includes(migration)) {
        migration.apply(context);
      } else {
        migration.apply(context.onlyOptions());
      }
    }
    const operations = context.finish();
    if (operations.length === 0 && !context.hasMoved) {
      return { applied: pending, notes: context.notes, undo: () => {} };
    }
    const back = inverse(root, operations);
    const behind = known.map(({ id }) => id);
    const skipped = commit(root, {
      operations,
      lock: { generator: lock.generator, migrations: behind, files: context.entries },
    });
    const left = skipped.map((path) => `${path} changed during the migration and was left alone; run the update again`);
    return {
      applied: pending,
      notes: [...context.notes, ...left],
      undo: () => withRunLock(root, () => void commit(root, { operations: back, lock })),
    };
  });
}

/** The operations that lead back to what lies there now. */
function inverse(root: string, operations: readonly Operation[]): Operation[] {
  return operations.flatMap((operation): Operation[] => {
    const { path } = operation;
    const disk = readDiskFile(root, path, new Set());
    const then = operation.type === "write" ? sha256(operation.content) : "absent";
    if (disk.kind === "file") {
      return [{ type: "write", path, content: disk.content, mode: disk.mode, before: then }];
    }
    return operation.type === "write" ? [{ type: "delete", path, before: then }] : [];
  });
}

class ProjectMigration implements MigrationContext {
  public readonly notes: string[] = [];
  private readonly operations: Operation[] = [];
  /** Where each moved file lies now. */
  private readonly moves = new Map<string, string>();
  private readonly file: string;
  private readonly disk: DiskFile;
  private source: ProjenrcSource | undefined;

  public constructor(
    private readonly root: string,
    public readonly entries: Map<string, LockEntry>,
  ) {
    this.file = projenrcOf(root) ?? ".projenrc.ts";
    this.disk = readDiskFile(root, this.file, new Set());
  }

  /** Whether the lock changes even if no file does: a file that the user deleted is deleted in its new place too. */
  public get hasMoved(): boolean {
    return this.moves.size > 0;
  }

  /** For a migration that the project has behind it. */
  public onlyOptions(): MigrationContext {
    return {
      renameOption: (from, to) => {
        try {
          this.renameOption(from, to);
        } catch (error) {
          if (!(error instanceof RewriteError)) {
            throw error; // A name that only looks like the old one is none of our business any more.
          }
        }
      },
      declareOption: () => {},
      generated: (path) => this.generated(path),
      moveFile: () => {},
      removeFile: () => {},
    };
  }

  public renameOption(from: string, to: string): void {
    this.projenrc()?.renameOption(from, to);
  }

  public declareOption(struct: string, field: string, value: readonly string[]): void {
    const source = this.projenrc();
    if (source !== undefined && !source.declareOption(struct, field, value)) {
      this.notes.push(
        `${this.file} is code that could not be edited: add ${struct}: { ${field}: ${textOfList(value)} } to the options, or merge it into what is there`,
      );
    }
  }

  public generated(path: string): JsonObject | undefined {
    const disk = readDiskFile(this.root, path, new Set());
    // One that was edited by hand and is none any more: the regeneration that follows says so.
    return disk.kind === "file" ? parseObject(disk.content.toString("utf8")) : undefined;
  }

  public usePackage(spec: string): void {
    if (this.disk.kind === "file" && this.disk.content.includes("ray-platform@")) {
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
    if (entry.class === "released") {
      this.notes.push(
        `${from} is released and stays; what it was for is read from ${to} now: move what you need there, and release that one`,
      );
      return;
    }
    const target = readDiskFile(this.root, to, new Set());
    const obstacle = this.moves.has(to) ? "a file is there" : obstacleAt(target);
    if (obstacle !== undefined) {
      this.notes.push(`${from} was to move to ${to}, but ${obstacle}; yours at ${from} stays`);
      return;
    }
    const source = readDiskFile(this.root, this.moves.get(from) ?? from, new Set());
    if (source.kind !== "absent" && source.kind !== "file") {
      this.notes.push(`${from} was to move to ${to}, but ${obstacleAt(source)}; it stays`);
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
    if (readings(path, disk.content, Number.parseInt(entry.mode, 8)).some((text) => sha256(text) === entry.sha256)) {
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
    if (this.source !== undefined && this.disk.kind === "file") {
      const { content: original, mode } = this.disk;
      const content = Buffer.from(this.source.text);
      if (!content.equals(original)) {
        this.operations.unshift({ type: "write", path: this.file, content, mode, before: sha256(original) });
      }
    }
    return this.operations;
  }

  private projenrc(): ProjenrcSource | undefined {
    if (this.disk.kind === "absent") {
      return undefined;
    }
    if (this.disk.kind !== "file") {
      throw new RewriteError(
        `${this.file} cannot be rewritten, because ${obstacleAt(this.disk)}: put the file there itself, readable, and run the update again`,
      );
    }
    const text = this.disk.content.toString("utf8");
    if (!Buffer.from(text).equals(this.disk.content)) {
      throw new RewriteError(
        `${this.file} cannot be rewritten, because it is not UTF-8: convert it, and run the update again`,
      );
    }
    this.source ??= new ProjenrcSource(loadTypeScript(this.root), this.file, text);
    return this.source;
  }
}

/** What keeps a path from being written or moved; undefined if nothing lies there. */
function obstacleAt(disk: DiskFile): string | undefined {
  switch (disk.kind) {
    case "absent":
      return undefined;
    case "file":
      return "a file is there";
    case "obstructed":
      return `${disk.by} is there`;
    case "unreachable":
      return disk.problem;
  }
}

/** The project's own TypeScript: generated repositories have it, and loading it is worth the time only here. */
export function loadTypeScript(root: string): typeof ts {
  return require(require.resolve("typescript", { paths: [root] })) as typeof ts;
}
