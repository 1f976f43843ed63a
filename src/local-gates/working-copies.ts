// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { ExplainedError } from "../explained-error";
import { runProgram, runScript } from "./run-program";

/** What a job finds on a fresh runner, and what it need not do again. */
export interface CopyNeeds {
  /** Whether it has what npm installed. */
  readonly dependencies: boolean;
  /** The script that synthesizes the stacks, if it has them. */
  readonly synthesis?: string;
}

/**
 * Copies of the working tree: what is committed and what git would commit, with the history. A job sees what it would see
 * on GitHub, jobs do not see each other's files, and the working tree stays as it is.
 */
export class WorkingCopies {
  private stacks: Promise<string> | undefined;

  private constructor(
    private readonly root: string,
    private readonly directory: string,
    private readonly files: readonly string[],
  ) {}

  /** @throws ExplainedError where git does not know the directory as the root of a repository */
  public static async of(root: string, directory: string): Promise<WorkingCopies> {
    const prefix = await runProgram("git", ["rev-parse", "--show-prefix"], { cwd: root });
    if (prefix.code !== 0) {
      throw new ExplainedError(`the gates judge what is in git, and git reports: ${prefix.output.trim()}`);
    }
    if (prefix.output.trim() !== "") {
      throw new ExplainedError(
        "this is not the root of its git repository, the only place where GitHub looks for workflows",
      );
    }
    const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const { code, output } = await runProgram("git", list, { cwd: root });
    if (code !== 0) {
      throw new ExplainedError(`the gates judge what is in git, and git reports: ${output.trim()}`);
    }
    // A link to installed packages is no directory, as which .gitignore leaves them out.
    const files = output.split("\0").filter((file) => file !== "" && file !== "node_modules");
    return new WorkingCopies(root, directory, [...new Set(files)]);
  }

  /**
   * A copy of its own.
   * @throws ExplainedError if it needs the stacks, and they cannot be synthesized
   */
  public async make(name: string, { dependencies, synthesis }: CopyNeeds): Promise<string> {
    const copy = join(this.directory, name);
    await git(this.directory, "clone", "--quiet", "--shared", "--no-checkout", this.root, copy);
    for (const file of this.files) {
      const source = join(this.root, file);
      const isThere = lstatSync(source, { throwIfNoEntry: false });
      if (isThere?.isFile() || isThere?.isSymbolicLink()) {
        mkdirSync(dirname(join(copy, file)), { recursive: true });
        cpSync(source, join(copy, file), { verbatimSymlinks: true });
      }
    }
    await git(copy, "add", "--all", "--force");
    if (dependencies) {
      symlinkSync(join(this.root, "node_modules"), join(copy, "node_modules"), "junction");
    }
    if (synthesis !== undefined) {
      this.stacks ??= this.synthesize(synthesis);
      cpSync(join(await this.stacks, "cdktf.out"), join(copy, "cdktf.out"), { recursive: true });
    }
    return copy;
  }

  /**
   * The commit that a pull request of this branch would be compared with: where it left the remote's default branch.
   * Undefined on that branch itself, and without a remote.
   */
  public async base(): Promise<string | undefined> {
    const { code, output } = await runProgram("git", ["merge-base", "HEAD", "refs/remotes/origin/HEAD"], {
      cwd: this.root,
    });
    const head = await runProgram("git", ["rev-parse", "HEAD"], { cwd: this.root });
    return code === 0 && output !== head.output ? output.trim() : undefined;
  }

  /** Once for all jobs. @returns the copy in which they lie */
  private async synthesize(script: string): Promise<string> {
    const copy = await this.make("synthesis", { dependencies: true });
    const { code, output } = await runScript(script, { cwd: copy });
    if (code !== 0) {
      throw new ExplainedError(`the stacks cannot be synthesized:\n${output.trim()}`);
    }
    return copy;
  }
}

async function git(cwd: string, ...args: string[]): Promise<void> {
  const { code, output } = await runProgram("git", args, { cwd });
  if (code !== 0) {
    throw new ExplainedError(`git ${args[0]} failed: ${output.trim()}`);
  }
}
