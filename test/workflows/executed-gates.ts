// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Happening, pullRequest, type Result, simulate } from "./simulated-runs";

/** Jobs whose scripts are really executed where a stage names a change, and what stands in for what is not on the machine. */
const GATES: Readonly<Record<"gitleaks" | "build", { readonly file: string; readonly leftOut: readonly string[] }>> = {
  /** gitleaks-stand-in.cjs for the program, and the step that downloads it. */
  gitleaks: { file: "gitleaks.yml", leftOut: ["Install gitleaks"] },
  /** npm for the registry, and npx for the build itself, which other tests run. */
  build: { file: "build.yml", leftOut: [] },
};
export type ExecutedGate = keyof typeof GATES;

/** A change that a pull request makes, as its author would: the working tree is the base's. */
export type Change = (repository: PullRequestOnDisk) => void;

/** A pull request on a runner: the repository with its history, checked out at what it changes. */
export class PullRequestOnDisk {
  private readonly runner = mkdtempSync(join(tmpdir(), "pull-request-"));
  private readonly work = join(this.runner, "work");

  /** @param repository a generated one */
  public constructor(repository: string) {
    cpSync(repository, this.work, { recursive: true });
    const bin = join(this.runner, "bin");
    mkdirSync(bin);
    for (const name of ["npm", "npx"]) {
      writeFileSync(join(bin, name), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    }
    copyFileSync(join(__dirname, "gitleaks-stand-in.cjs"), join(this.runner, "gitleaks"));
    chmodSync(join(this.runner, "gitleaks"), 0o755);
    // The lock of a whole project; here everything is generated.
    const files = readdirSync(this.work, { recursive: true, encoding: "utf8" });
    const lock = { files: Object.fromEntries(files.map((path) => [path, { class: "managed" }])) };
    this.write(".ray-platform/lock.json", JSON.stringify(lock));
    this.git("init", "--quiet", "--initial-branch=main");
    this.commit("The platform");
  }

  public git(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync("git", args, { cwd: this.work, encoding: "utf8", env: environment });
    if (status !== 0) {
      throw new Error(`git ${args.join(" ")}: ${stderr}`);
    }
    return stdout.trim();
  }

  public commit(message: string): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "-m", message);
  }

  public write(path: string, text: string): void {
    mkdirSync(dirname(join(this.work, path)), { recursive: true });
    writeFileSync(join(this.work, path), text);
  }

  public remove(path: string): void {
    rmSync(join(this.work, path));
  }

  /**
   * What GitHub is told of the pull request, and how the executed jobs end: each runs its scripts, one after the other, until
   * one fails.
   */
  public happening(files: Readonly<Record<string, string>>, change: Change): Happening & { readonly ends: Ends } {
    const base = this.git("rev-parse", "HEAD");
    change(this);
    this.commit("A change");
    const happening = pullRequest("here");
    const { pull_request: told } = happening.payload as { pull_request: Record<string, never> };
    const head = { ...(told.head as object), sha: this.git("rev-parse", "HEAD") };
    const payload = { pull_request: { ...told, head, base: { sha: base } } };
    const real: Happening = { ...happening, payload };
    const ends: Record<string, Result> = {};
    for (const [id, { file, leftOut }] of Object.entries(GATES)) {
      const scripts = simulate(file, files, real)
        ?.find((job) => job.id === id)
        ?.scripts.filter(({ name }) => !leftOut.includes(name));
      const failed = scripts?.some(({ run, env }) => this.run(run, env) !== 0);
      ends[id] = failed ? "failure" : "success";
    }
    return { ...real, ends: ends as Ends };
  }

  public end(): void {
    rmSync(this.runner, { recursive: true, force: true });
  }

  private run(script: string, env: Readonly<Record<string, string>>): number | null {
    return spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      cwd: this.work,
      env: {
        ...environment,
        PATH: `${join(this.runner, "bin")}:${dirname(process.execPath)}:${process.env.PATH}`,
        RUNNER_TEMP: this.runner,
        ...env,
      },
    }).status;
  }
}

type Ends = Readonly<Record<ExecutedGate, "success" | "failure">>;

const environment = {
  PATH: process.env.PATH,
  HOME: tmpdir(),
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Somebody",
  GIT_AUTHOR_EMAIL: "somebody@example.com",
  GIT_COMMITTER_NAME: "Somebody",
  GIT_COMMITTER_EMAIL: "somebody@example.com",
};
