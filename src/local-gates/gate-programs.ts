// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { programOnPath } from "../program-on-path";
import type { GateJob, InstallStep } from "./gate-job";
import { runProgram, runScript } from "./run-program";

/** A program for a job: where it is, and what differs from CI's. */
export interface Provided {
  /** How the job's scripts find it: under its name in RUNNER_TEMP, or on the PATH. */
  readonly place: "runner-temp" | "path";
  readonly name: string;
  readonly file: string;
  /** Whether it stands in for the command `docker`, whose image it is. */
  readonly inPlaceOfImage?: boolean;
  readonly note?: string;
}

/** A program that cannot be had. */
export interface Missing {
  readonly missing: string;
}

/**
 * The programs of the gates. The one on the PATH is taken if it is of the version that CI has; else CI's own is
 * downloaded, by the workflow's own step and checksum, and kept; else the one on the PATH is better than none, and that is
 * said.
 */
export class GatePrograms {
  private readonly wanted = new Map<string, Promise<Provided | Missing>>();
  private docker: Promise<boolean> | undefined;

  public constructor(private readonly props: { readonly root: string; readonly offline: boolean }) {}

  /** Everything that a job starts and that no machine has by itself. */
  public async forJob(job: GateJob): Promise<(Provided | Missing)[]> {
    return Promise.all([
      ...job.installs.map((step) => this.once(`${step.program}-${step.version}`, () => this.installed(step))),
      ...job.setUp.map(({ program, version }) =>
        this.once(`${program}-${version}`, () => this.setUp(program, version)),
      ),
      ...(job.image === undefined ? [] : [this.once(job.image.program, () => this.image(job.image as Image))]),
    ]);
  }

  private once(key: string, provide: () => Promise<Provided | Missing>): Promise<Provided | Missing> {
    const known = this.wanted.get(key) ?? provide();
    this.wanted.set(key, known);
    return known;
  }

  private async installed(step: InstallStep): Promise<Provided | Missing> {
    const { program, version } = step;
    const provided = (file: string, note?: string): Provided => ({
      place: "runner-temp",
      name: program,
      file,
      ...(note === undefined ? {} : { note }),
    });
    const here = programOnPath(program);
    if (here !== undefined && (await this.isVersion(here, version))) {
      return provided(here);
    }
    const pinned = await this.download(step);
    if ("file" in pinned) {
      return provided(pinned.file);
    }
    return here === undefined
      ? { missing: `${program} ${version} is not on the PATH, and ${pinned.reason}` }
      : provided(here, `${program} on the PATH does not say that it is CI's ${version}, and ${pinned.reason}`);
  }

  private async setUp(program: string, version: string): Promise<Provided | Missing> {
    const file = programOnPath(program);
    if (file === undefined) {
      return { missing: `${program} ${version} is not on the PATH` };
    }
    const note = (await this.isVersion(file, version))
      ? {}
      : { note: `${program} on the PATH does not say that it is CI's ${version}` };
    return { place: "path", name: program, file, ...note };
  }

  private async image({ program, version }: Image): Promise<Provided | Missing> {
    const docker = programOnPath("docker");
    if (docker !== undefined && (await this.dockerRuns(docker))) {
      return { place: "path", name: "docker", file: docker };
    }
    const file = programOnPath(program);
    const why = docker === undefined ? "docker is not on the PATH" : "docker has no daemon that answers";
    if (file === undefined) {
      return { missing: `${why}, and ${program} ${version} is not on the PATH in place of its image` };
    }
    const which = (await this.isVersion(file, version)) ? version : `of another version than CI's ${version}`;
    return {
      place: "path",
      name: program,
      file,
      inPlaceOfImage: true,
      note: `${why}: ${program} ${which} on the PATH in place of the image`,
    };
  }

  private dockerRuns(docker: string): Promise<boolean> {
    const props = { cwd: this.props.root, timeoutMinutes: 0.25 };
    this.docker ??= runProgram(docker, ["info"], props).then(({ code }) => code === 0);
    return this.docker;
  }

  /** Programs say their version in either way, some of them in a sentence. */
  private async isVersion(file: string, version: string): Promise<boolean> {
    const says = new RegExp(`(^|[^\\d.])${version.replaceAll(".", "\\.")}($|[^\\d.])`, "m");
    for (const argument of ["--version", "version"]) {
      const { code, output } = await runProgram(file, [argument], { cwd: this.props.root, timeoutMinutes: 1 });
      if (code === 0 && says.test(output)) {
        return true;
      }
    }
    return false;
  }

  private async download(step: InstallStep): Promise<{ file: string } | { reason: string }> {
    const { program, version, sha256 } = step;
    const kept = join(cacheDirectory(), `${program}-${version}-${sha256.slice(0, 16)}`);
    const file = join(kept, program);
    if (existsSync(file)) {
      return { file };
    }
    if (this.props.offline) {
      return { reason: "nothing is downloaded with --offline" };
    }
    if (process.platform !== "linux" || process.arch !== "x64") {
      return { reason: "CI's build of it is for Linux on x86_64" };
    }
    mkdirSync(cacheDirectory(), { recursive: true });
    const directory = mkdtempSync(join(cacheDirectory(), "download-"));
    try {
      const { code, output } = await runScript(step.run, {
        cwd: directory,
        env: { ...process.env, ...step.env, RUNNER_TEMP: directory },
        timeoutMinutes: 5,
      });
      if (code !== 0 || !existsSync(join(directory, program))) {
        return { reason: `it cannot be downloaded: ${lastLine(output)}` };
      }
      rmSync(join(directory, "download"), { force: true });
      renameSync(directory, kept);
      return { file };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

type Image = NonNullable<GateJob["image"]>;

/** What was downloaded by its checksum is not downloaded again. */
function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "ray-platform", "gates");
}

/** What a program said last. */
export function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "it said nothing";
}
