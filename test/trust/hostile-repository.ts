// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { PACKAGE_ROOT } from "../../src/package-root";

const PROJENRC = `import { RayPlatformProject } from "ray-platform";

const project = new RayPlatformProject({
  name: "gpu-platform",
  githubOwner: "acme",
});

project.synth();
`;

const COMMAND = "node_modules/ray-platform/bin/ray-platform";

/** A projenrc with the same options that is a program, with statements before and after the project is made. */
export function program(before: string, after = ""): string {
  return `${before}\n${PROJENRC.replace("project.synth();", `${after}\nproject.synth();`)}`;
}

/** How a gate ended. */
export interface GateResult {
  readonly code: number;
  /** What the steps printed, up to the one that failed. */
  readonly output: string;
}

/** A generated repository on disk, which a pull request changes. */
export class HostileRepository {
  /** A healthy one, committed, as every pull request starts from. */
  public static generate(): HostileRepository {
    const repository = new HostileRepository(temporaryDirectory());
    const { root } = repository;
    mkdirSync(join(root, "node_modules"));
    symlinkSync(PACKAGE_ROOT, join(root, "node_modules", "ray-platform"));
    writeFileSync(join(root, ".projenrc.ts"), PROJENRC);
    repository.start(["projenrc"], { PROJEN_DISABLE_POST: "true" });
    repository.write("package-lock.json", lockOf());
    repository.git("init", "--quiet", "--initial-branch=main");
    repository.commit("base");
    return repository;
  }

  private constructor(public readonly root: string) {}

  /** A copy with a change of its own. */
  public fork(): HostileRepository {
    const root = temporaryDirectory();
    cpSync(this.root, root, { recursive: true, verbatimSymlinks: true });
    return new HostileRepository(root);
  }

  public at(path: string): string {
    return join(this.root, path);
  }

  public read(path: string): string {
    return readFileSync(this.at(path), "utf8");
  }

  /** Writes a file as an attacker does, over a read-only one too. */
  public write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    if (existsSync(this.at(path))) {
      chmodSync(this.at(path), 0o644);
    }
    writeFileSync(this.at(path), content);
  }

  /** Changes a file, and keeps its mode. */
  public edit(path: string, change: (text: string) => string): void {
    const before = this.read(path);
    const after = change(before);
    if (after === before) {
      throw new Error(`the change of ${path} changes nothing`);
    }
    const executable = path.endsWith(".sh");
    this.write(path, after);
    chmodSync(this.at(path), executable ? 0o755 : 0o644);
  }

  public append(path: string, text: string): void {
    chmodSync(this.at(path), 0o644);
    appendFileSync(this.at(path), text);
  }

  public git(...args: string[]): string {
    const identity = ["-c", "user.name=u", "-c", "user.email=u@example.com"];
    return execFileSync("git", [...identity, ...args], { cwd: this.root, encoding: "utf8", stdio: "pipe" });
  }

  public commit(message: string, ...forced: string[]): void {
    this.git("add", "--all");
    for (const path of forced) {
      this.git("add", "--force", path);
    }
    this.git("commit", "--quiet", "--allow-empty", "--message", message);
  }

  /** Runs our command in the repository. */
  public start(args: readonly string[], env: Readonly<Record<string, string>> = {}): GateResult {
    return this.spawn(process.execPath, [COMMAND, ...args], env);
  }

  /** Runs the scripts of a job of a workflow, as the base has it, one step after the other until one fails. */
  public gate(workflow: string, env: Readonly<Record<string, string>> = {}): GateResult {
    const text = this.git("show", `HEAD~1:.github/workflows/${workflow}.yml`);
    const { jobs } = parse(text) as { jobs: Record<string, { steps: { name: string; run?: string }[] }> };
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    let output = "";
    for (const { name, run } of steps) {
      // What is installed here is a link to this package.
      if (run !== undefined && !name.startsWith("Install dependencies")) {
        const result = this.bash(run, env);
        output += result.output;
        if (result.code !== 0) {
          return { code: result.code, output };
        }
      }
    }
    return { code: 0, output };
  }

  /** Runs the step that installs dependencies, with a stand-in for npm that only notes that it was started. */
  public install(env: Readonly<Record<string, string>> = {}): GateResult & { readonly isInstalled: boolean } {
    const { jobs } = parse(this.read(".github/workflows/sync-check.yml")) as {
      jobs: Record<string, { steps: { name: string; run?: string }[] }>;
    };
    const step = Object.values(jobs)
      .flatMap((job) => job.steps)
      .find(({ name }) => name.startsWith("Install dependencies"));
    const bin = temporaryDirectory();
    writeFileSync(join(bin, "npm"), `#!/bin/sh\ntouch '${join(bin, "started")}'\n`);
    chmodSync(join(bin, "npm"), 0o755);
    const result = this.bash(step?.run as string, {
      PATH: `${bin}:${process.env.PATH}`,
      RUNNER_TEMP: bin,
      GITHUB_EVENT_NAME: "pull_request",
      ...env,
    });
    return { ...result, isInstalled: existsSync(join(bin, "started")) };
  }

  public bash(script: string, env: Readonly<Record<string, string>> = {}): GateResult {
    return this.spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], env);
  }

  private spawn(command: string, args: readonly string[], env: Readonly<Record<string, string>>): GateResult {
    const { NODE_ENV: _, ...inherited } = process.env;
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: this.root,
      encoding: "utf8",
      env: { ...inherited, CI: "true", PROJEN_DISABLE_POST: "true", ...env },
      timeout: 60_000,
      maxBuffer: 64 << 20,
    });
    if (error !== undefined) {
      throw error;
    }
    return { code: status ?? 255, output: `${stdout}${stderr}` };
  }
}

/** A directory of its own. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), "ray-platform-trust-"));
}

/** A package-lock.json with a registry's packages. */
function lockOf(): string {
  const of = (name: string, version: string) => ({
    version,
    resolved: `https://registry.npmjs.org/${name}/-/${name.split("/").at(-1)}-${version}.tgz`,
    integrity: `sha512-${"A".repeat(86)}==`,
  });
  const packages = {
    "": { name: "gpu-platform", version: "0.0.0" },
    "node_modules/ray-platform": of("ray-platform", "1.2.3"),
    "node_modules/projen": { ...of("projen", "0.103.0"), bin: { projen: "bin/projen" } },
    "node_modules/@biomejs/biome": of("@biomejs/biome", "2.4.0"),
    "node_modules/constructs": of("constructs", "10.4.0"),
  };
  return `${JSON.stringify({ name: "gpu-platform", lockfileVersion: 3, requires: true, packages }, null, 2)}\n`;
}
