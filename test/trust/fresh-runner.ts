// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "./hostile-repository";

/** A step as a workflow file has it. */
export interface RunnerStep {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** What stands in on the machine for programs that a runner has, or that a step downloads: name and script. */
export type StandIns = Readonly<Record<string, string>>;

/**
 * A machine of GitHub's: a working tree, a home, and the files by which a step changes the environment of later ones. Artifacts are in a
 * directory that machines share, as GitHub keeps them.
 */
export class FreshRunner {
  private readonly directory = temporaryDirectory();
  private readonly work = join(this.directory, "work");
  private readonly outputs = new Map<string, string>();

  public constructor(
    repository: string,
    private readonly artifacts: string,
    standIns: StandIns,
  ) {
    cpSync(repository, this.work, { recursive: true });
    for (const name of ["home", "temp", "bin"]) {
      mkdirSync(join(this.directory, name));
    }
    for (const [name, script] of Object.entries(standIns)) {
      writeFileSync(join(this.directory, "bin", name), script);
      chmodSync(join(this.directory, "bin", name), 0o755);
    }
  }

  /**
   * Runs steps until one fails; those that run after a failure run too.
   * @returns whether all went well, and what they printed
   */
  public run(
    steps: readonly RunnerStep[],
    needs: Readonly<Record<string, string>>,
  ): { readonly ok: boolean; readonly output: string } {
    let ok = true;
    let output = "";
    for (const step of steps.filter(({ if: condition }) => !condition?.includes("event.pull_request"))) {
      if (ok || /cancelled\(\)|always\(\)/.test(step.if ?? "")) {
        const done = this.step(step, needs);
        output += done.output;
        ok = ok && done.ok;
      }
    }
    return { ok, output };
  }

  /** What a step told GitHub, as "id.name". */
  public outputOf(name: string): string {
    return this.outputs.get(name) ?? "";
  }

  public end(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private step(step: RunnerStep, needs: Readonly<Record<string, string>>): { ok: boolean; output: string } {
    if (step.run !== undefined) {
      return this.script(step.run, step.id, this.filled(step.env ?? {}, needs));
    }
    const { name = "", path = "" } = this.filled(step.with ?? {}, needs);
    const kept = join(this.artifacts, name);
    const local = join(this.work, path);
    const file = path.startsWith("/") ? path : local;
    if (step.uses?.startsWith("actions/upload-artifact@")) {
      if (!existsSync(file)) {
        return { ok: false, output: `${file} is not there\n` };
      }
      mkdirSync(kept, { recursive: true });
      cpSync(file, join(kept, file.split("/").at(-1) as string), { recursive: true });
    } else if (step.uses?.startsWith("actions/download-artifact@")) {
      if (!existsSync(kept)) {
        return { ok: false, output: `no artifact is called ${name}\n` };
      }
      cpSync(kept, file, { recursive: true });
    }
    return { ok: true, output: "" };
  }

  private script(run: string, id: string | undefined, env: Readonly<Record<string, string>>) {
    const at = (name: string) => join(this.directory, name);
    const lines = (name: string) =>
      existsSync(at(name))
        ? readFileSync(at(name), "utf8")
            .split("\n")
            .filter((line) => line !== "")
        : [];
    writeFileSync(at("output"), "");
    const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
      cwd: this.work,
      encoding: "utf8",
      timeout: 60_000,
      env: {
        HOME: at("home"),
        RUNNER_TEMP: at("temp"),
        GITHUB_ENV: at("env"),
        GITHUB_PATH: at("path"),
        GITHUB_OUTPUT: at("output"),
        GITHUB_STEP_SUMMARY: at("summary"),
        ...Object.fromEntries(lines("env").map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])),
        // What a step adds comes before what the machine has.
        PATH: [...lines("path").reverse(), at("bin"), dirname(process.execPath), process.env.PATH].join(":"),
        ...env,
      },
    });
    for (const line of lines("output")) {
      const [name = "", value = ""] = line.split(/=(.*)/s);
      this.outputs.set(`${id}.${name}`, value);
    }
    return { ok: status === 0, output: `${stdout}${stderr}` };
  }

  private filled(values: Readonly<Record<string, string>>, needs: Readonly<Record<string, string>>) {
    const known: Readonly<Record<string, string>> = { "runner.temp": join(this.directory, "temp"), ...needs };
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        String(value).replace(/\$\{\{ (.*?) \}\}/g, (_all, expression: string) => known[expression] ?? ""),
      ]),
    );
  }
}
