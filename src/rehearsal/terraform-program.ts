// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { ExplainedError } from "../explained-error";

export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run ends before it would be worth its time to collect garbage: a third of it goes into that otherwise. */
const WITHOUT_COLLECTION = { GOGC: "off", GOMEMLIMIT: "1GiB" };

/** `terraform` or `tofu`, whichever is first on the PATH. */
export class TerraformProgram {
  /** @throws ExplainedError if neither is on the PATH */
  static find(path: string = process.env.PATH ?? ""): TerraformProgram {
    const suffixes = process.platform === "win32" ? [".exe"] : [""];
    for (const name of ["terraform", "tofu"]) {
      for (const directory of path.split(delimiter).filter(Boolean)) {
        for (const suffix of suffixes) {
          const file = join(directory, `${name}${suffix}`);
          if (isExecutable(file)) {
            return new TerraformProgram(name, file);
          }
        }
      }
    }
    throw new ExplainedError("neither terraform nor tofu is on the PATH; install one of them");
  }

  private constructor(
    readonly name: string,
    private readonly file: string,
  ) {}

  /** The host of providers whose source names none. */
  get registry(): string {
    return this.name === "tofu" ? "registry.opentofu.org" : "registry.terraform.io";
  }

  /** Runs it to its end. @param timeout milliseconds after which it is ended; default: none */
  run(
    args: readonly string[],
    cwd: string,
    env: Readonly<Record<string, string>> = {},
    timeout?: number,
  ): Promise<ProgramResult> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.file, args, {
        cwd,
        env: {
          ...WITHOUT_COLLECTION,
          ...withoutOwnVariables(process.env),
          CHECKPOINT_DISABLE: "1",
          TF_IN_AUTOMATION: "1",
          ...env,
        },
        stdio: ["ignore", "pipe", "pipe"],
        ...(timeout === undefined ? {} : { timeout }),
      });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
      child.on("error", reject);
      child.on("close", (code) =>
        resolve({
          code: code ?? 1,
          stdout: Buffer.concat(stdout).toString("utf8"),
          stderr: Buffer.concat(stderr).toString("utf8"),
        }),
      );
    });
  }
}

/** What a user has set for real runs (a workspace, arguments, a log) must not reach a rehearsal. */
function withoutOwnVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^TF_(?:CLI_ARGS|WORKSPACE|DATA_DIR|VAR_|REATTACH_PROVIDERS|LOG)/.test(name),
    ),
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
