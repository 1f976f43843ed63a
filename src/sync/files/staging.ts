// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { FileBase } from "projen/lib/file";
import { Project } from "projen/lib/project";
import { ExplainedError } from "../../explained-error";

/** A file that was rendered, before anyone says whom it belongs to. */
export interface StagedFile {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** Environment variable: an empty directory, with a link to `node_modules`, to render in instead of a new one. */
export const STAGING_VARIABLE = "RAY_PLATFORM_STAGING";

const active = new WeakMap<Project, Staging>();

/**
 * Where a project is rendered instead of its own directory.
 *
 * Our own components hand their content over in memory. Everything else - projen's files, samples, a user's components -
 * believes that the project lies in an empty temporary directory, so nothing of the user's can be overwritten or
 * cleaned up by it.
 */
export class Staging {
  /** The staging of a project that is being rendered right now. */
  public static of(project: Project): Staging | undefined {
    return active.get(project.root);
  }

  private readonly directory: string;
  private readonly handedOver = new Map<string, StagedFile>();

  public constructor(private readonly root: Project) {
    const given = process.env[STAGING_VARIABLE];
    if (given) {
      this.directory = given;
      return;
    }
    this.directory = mkdtempSync(join(tmpdir(), "ray-platform-"));
    const modules = join(root.outdir, "node_modules");
    if (existsSync(modules)) {
      // Components look up the versions of installed packages below the project.
      symlinkSync(modules, join(this.directory, "node_modules"), "junction");
    }
  }

  /** Takes a file without a detour over the disk. The path is relative to the root project. */
  public put(file: StagedFile): void {
    this.handedOver.set(file.path, file);
  }

  /** Runs `render` while every project of the tree lies in the staging directory. */
  public redirect(render: () => void): void {
    const origin = this.root.outdir;
    const moved: Array<() => void> = [];
    const move = <T extends object, K extends keyof T>(target: T, key: K): void => {
      const place = target[key] as string;
      const below = relative(origin, place);
      if (below.startsWith("..")) {
        throw new ExplainedError(`${place} is outside the project ${origin}; nothing was written`);
      }
      // projen declares these read-only for its users; a render elsewhere is what they are redirected for.
      (target as Record<K, unknown>)[key] = join(this.directory, below);
      moved.push(() => {
        (target as Record<K, unknown>)[key] = place;
      });
    };
    try {
      for (const construct of this.root.node.findAll()) {
        if (Project.isProject(construct)) {
          move(construct, "outdir");
        } else if (construct instanceof FileBase) {
          move(construct, "absolutePath");
        }
      }
      active.set(this.root, this);
      render();
    } finally {
      active.delete(this.root);
      for (const restore of moved) {
        restore();
      }
    }
  }

  /** Everything rendered since the last call. */
  public collect(): StagedFile[] {
    const files = [...this.handedOver.values()];
    this.handedOver.clear();
    for (const entry of readdirSync(this.directory)) {
      if (entry !== "node_modules") {
        this.read(entry, files);
        rmSync(join(this.directory, entry), { recursive: true, force: true });
      }
    }
    return files;
  }

  /** Removes the directory. */
  public dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private read(path: string, into: StagedFile[]): void {
    const absolute = join(this.directory, path);
    const stat = statSync(absolute);
    if (stat.isDirectory()) {
      for (const entry of readdirSync(absolute)) {
        this.read(`${path}/${entry}`, into);
      }
    } else {
      into.push({ path, content: readFileSync(absolute), mode: stat.mode & 0o777 });
    }
  }
}
