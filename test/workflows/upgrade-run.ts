// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { evaluate, isTrue, type Value } from "../../src/workflow-rules/expression";
import { mapOf, parseWorkflow, type StepView, textOf } from "../../src/workflow-rules/workflow-view";
import { compileVersions, type Versions } from "../cli/fixture-repository";
import { ROOT } from "../sync/compiled-for-children";
import { temporaryDirectory } from "../sync/mini-project";
import { generated } from "./generated-workflows";

const REPOSITORY = "acme/gpu-platform";
const SCRIPTS = join(ROOT, "templates", "scripts");

/** Where this package is built from; the stand-in's provenance says so unless a test says otherwise. */
export const BUILT_FROM = "https://github.com/ray-platform/ray-platform";

/** How a job ended. */
export interface JobResult {
  readonly result: "success" | "failure";
  /** What its steps printed, up to the one that failed. */
  readonly output: string;
}

/** What the stand-in of the registry is told. */
export interface Registry {
  readonly missing?: readonly string[];
  readonly invalid?: readonly string[];
  readonly builtFrom?: string | null;
  /** Versions of `helper` with the days since their publication. */
  readonly helper?: Readonly<Record<string, number>>;
  /** Days since the publication of the new version. Default: 30. */
  readonly age?: number;
}

/**
 * Compiles two versions that can be published: with the scripts that they bring along.
 * @param name of the suite, which has directories of its own
 */
export function publishableVersions(name: string): Versions {
  const versions = compileVersions(name);
  for (const directory of Object.values(versions) as string[]) {
    const file = join(directory, "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...manifest, main: "test/cli/upgrade-fixture.js" }));
    cpSync(SCRIPTS, join(directory, "templates", "scripts"), { recursive: true });
    // What `npm install` puts around a package that is linked here.
    mkdirSync(join(directory, "node_modules"), { recursive: true });
  }
  const migrations = join(versions.second, "src/migrations/index.js");
  const text = readFileSync(migrations, "utf8");
  writeFileSync(
    migrations,
    text.replaceAll("docs/old-name.md", "docs/old.md").replaceAll("docs/new-name.md", "docs/new.md"),
  );
  return versions;
}

/**
 * A repository on a GitHub of this machine, and the jobs of its upgrade.yml: every step with a script runs as it is
 * written, each job in a clone of its own. Stand-ins: npm with its registry, `gh`, and the actions.
 */
export class UpgradeRun {
  public readonly directory = temporaryDirectory();
  public readonly origin = join(this.directory, "github", `${REPOSITORY}.git`);
  private readonly workflow: ReturnType<typeof parseWorkflow>;
  private readonly outputs: Record<string, { result: string; outputs: Record<string, string> }> = {};

  /** @param prepare changes the repository that the first version generated, before it is committed */
  public constructor(
    private readonly versions: Versions,
    private readonly registry: Registry = {},
    prepare: (work: string) => void = () => {},
    options: Parameters<typeof generated>[1] = {},
  ) {
    this.workflow = parseWorkflow("upgrade.yml", generated(".github/workflows/upgrade.yml", options));
    const bin = join(this.directory, "bin");
    mkdirSync(bin);
    copyFileSync(join(__dirname, "npm-stand-in.cjs"), join(bin, "npm"));
    writeFileSync(join(bin, "gh"), `#!/bin/sh\necho "$@" >> '${join(this.directory, "gh")}'\n`);
    for (const name of ["npm", "gh"]) {
      chmodSync(join(bin, name), 0o755);
    }
    this.writeRegistry();
    mkdirSync(dirname(this.origin), { recursive: true });
    this.git(this.directory, "init", "--quiet", "--bare", "--initial-branch=main", this.origin);
    const work = join(this.directory, "work");
    this.git(this.directory, "clone", "--quiet", this.origin, work);
    this.git(work, "commit", "--quiet", "--allow-empty", "-m", "Start");
    this.generate(work);
    prepare(work);
    this.commit(work, "The platform");
  }

  /** Runs a job: its steps one after the other, until one fails. */
  public job(id: string): JobResult {
    const job = this.workflow.jobs.find((one) => one.id === id);
    if (job === undefined) {
      throw new Error(`no job ${id}`);
    }
    const runner = join(this.directory, "runners", id);
    rmSync(runner, { recursive: true, force: true });
    mkdirSync(join(runner, "temp"), { recursive: true });
    const done: Record<string, { outputs: Record<string, string> }> = {};
    let output = "";
    let result: JobResult["result"] = "success";
    for (const step of job.steps) {
      const contexts = this.contexts(done, join(runner, "temp"));
      const condition = textOf(step.node, "if");
      if (condition !== undefined && isTrue(evaluate(condition, contexts)) !== true) {
        continue;
      }
      const ended = step.run === undefined ? this.action(step, contexts, runner) : this.script(step, contexts, runner);
      output += ended.output;
      const name = textOf(step.node, "id");
      if (name !== undefined) {
        done[name] = { outputs: ended.outputs };
      }
      if (ended.status !== 0) {
        result = "failure";
        break;
      }
    }
    const contexts = this.contexts(done, join(runner, "temp"));
    const declared = mapOf(job.node, "outputs")?.items ?? [];
    this.outputs[id] = {
      result,
      outputs: Object.fromEntries(
        declared.map((item) => [
          String((item.key as { value: unknown }).value),
          result === "success" ? this.filled(String((item.value as { value: unknown }).value), contexts) : "",
        ]),
      ),
    };
    return { result, output };
  }

  /** What a job hands to others. */
  public output(job: string, name: string): string {
    return this.outputs[job]?.outputs[name] ?? "";
  }

  /** Says that a job handed over something else than it did, as code that took over its runner would. */
  public forge(job: string, name: string, value: string): void {
    this.outputs[job] = { result: "success", outputs: { ...this.outputs[job]?.outputs, [name]: value } };
  }

  /** Changes what the first job made, as code that took over its runner would. */
  public tamper(change: (work: string) => void, patch: (text: string) => string = (text) => text): void {
    const work = join(this.directory, "attacker");
    rmSync(work, { recursive: true, force: true });
    this.git(this.directory, "clone", "--quiet", this.origin, work);
    const file = join(this.directory, "artifacts", "upgrade", "upgrade.patch");
    if (readFileSync(file).length > 0) {
      this.git(work, "apply", "--index", "--binary", file);
    }
    change(work);
    this.git(work, "add", "--all", "--force");
    const made = this.git(work, "diff", "--cached", "--binary", "--full-index", "--no-renames");
    const text = patch(made);
    writeFileSync(file, text);
    this.forge("regenerate", "digest", createHash("sha256").update(text).digest("hex"));
    this.forge("verify", "tree", this.git(work, "write-tree").trim());
  }

  /** Files of the branch that was pushed; undefined if none was. */
  public pushed(): Map<string, string> | undefined {
    const { status, stdout } = spawnSync("git", ["ls-tree", "-r", "ray-platform/upgrade"], {
      cwd: this.origin,
      encoding: "utf8",
    });
    return status === 0
      ? new Map(
          stdout
            .trimEnd()
            .split("\n")
            .map((line) => [line.split("\t")[1] as string, line.split(/\s/)[2] as string]),
        )
      : undefined;
  }

  public fileOf(branch: string, path: string): string {
    return this.git(this.origin, "show", `${branch}:${path}`);
  }

  /** What gh was asked for. */
  public asked(): string {
    const file = join(this.directory, "gh");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  /** Merges what was pushed. */
  public merge(): void {
    this.git(this.origin, "update-ref", "refs/heads/main", "refs/heads/ray-platform/upgrade");
    this.git(this.origin, "update-ref", "-d", "refs/heads/ray-platform/upgrade");
    rmSync(join(this.directory, "gh"));
  }

  public git(cwd: string, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync("git", args, { cwd, encoding: "utf8", env: this.environment() });
    if (status !== 0) {
      throw new Error(`git ${args.join(" ")}: ${stderr}`);
    }
    return stdout;
  }

  private generate(work: string): void {
    writeFileSync(
      join(work, ".projenrc.ts"),
      'import { RayPlatformProject } from "ray-platform";\n\nnew RayPlatformProject({ title: "Build", team: "@ml" }).synth();\n',
    );
    const modules = join(work, "node_modules");
    mkdirSync(modules);
    for (const [name, directory] of Object.entries({ ...bundled(), "ray-platform": this.versions.first })) {
      symlinkSync(directory, join(modules, name));
    }
    this.start(process.execPath, [join(modules, "ray-platform", "bin", "ray-platform"), "projenrc"], work);
    this.start("npm", ["install", "--package-lock-only", `--before=${daysAgo(40)}`], work);
    mkdirSync(join(work, "src"), { recursive: true });
    writeFileSync(join(work, "src", "mine.ts"), "export const mine = 1;\n");
    writeFileSync(join(work, "src", "extensions.ts"), "mine\none\ntwo\nthree\nfour\nfive\n");
    writeFileSync(join(work, "policies", "README.md"), "alpha\nbeta\ngamma\nmine\n");
  }

  private commit(work: string, message: string): void {
    this.git(work, "add", "--all");
    this.git(work, "commit", "--quiet", "-m", message);
    this.git(work, "push", "--quiet", "origin", "HEAD:main");
  }

  private start(program: string, args: readonly string[], cwd: string): void {
    const { status, stderr } = spawnSync(program, args, {
      cwd,
      encoding: "utf8",
      env: { ...this.environment(), PROJEN_DISABLE_POST: "true" },
    });
    if (status !== 0) {
      throw new Error(`${program}: ${stderr}`);
    }
  }

  private writeRegistry(): void {
    const { helper = { "1.0.0": 50 }, age = 30, builtFrom, ...rest } = this.registry;
    const published = (days: number) => ({ published: daysAgo(days) });
    writeFileSync(
      join(this.directory, "registry.json"),
      JSON.stringify({
        ...rest,
        builtFrom: builtFrom === null ? undefined : (builtFrom ?? BUILT_FROM),
        bundled: bundled(),
        packages: {
          "ray-platform": {
            "0.1.0": { ...published(60), directory: this.versions.first },
            "0.2.0": { ...published(age), directory: this.versions.second },
          },
          helper: Object.fromEntries(Object.entries(helper).map(([version, days]) => [version, published(days)])),
          stranger: { "1.0.0": published(100) },
        },
      }),
    );
  }

  private contexts(steps: Record<string, { outputs: Record<string, string> }>, temp: string): Record<string, Value> {
    return {
      steps,
      needs: this.outputs,
      vars: { APP_ID: "Iv23liEXAMPLE" },
      secrets: { APP_PRIVATE_KEY: "the key" },
      runner: { temp },
      github: {
        repository: REPOSITORY,
        server_url: `file://${join(this.directory, "github")}`,
        ref: "refs/heads/main",
      },
    };
  }

  private filled(text: string, contexts: Record<string, Value>): string {
    return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
      const value = evaluate(expression, contexts);
      return typeof value === "string" ? value : "";
    });
  }

  /** The actions, as far as these jobs use them. */
  private action(step: StepView, contexts: Record<string, Value>, runner: string) {
    const input = (name: string) => this.filled(textOf(mapOf(step.node, "with") as never, name) ?? "", contexts);
    const outputs: Record<string, string> = {};
    switch (step.uses?.split("@")[0]) {
      case "actions/checkout":
        this.git(runner, "clone", "--quiet", "--depth", "2", `file://${this.origin}`, "work");
        break;
      case "actions/setup-node":
        break;
      case "actions/upload-artifact":
        rmSync(join(this.directory, "artifacts"), { recursive: true, force: true });
        cpSync(input("path"), join(this.directory, "artifacts", input("name")), { recursive: true });
        break;
      case "actions/download-artifact":
        cpSync(join(this.directory, "artifacts", input("name")), input("path"), { recursive: true });
        break;
      case "actions/create-github-app-token":
        Object.assign(outputs, { token: "ghs_token", "app-slug": "acme-platform" });
        break;
      default:
        throw new Error(`no stand-in for ${step.uses}`);
    }
    return { status: 0, output: "", outputs };
  }

  private script(step: StepView, contexts: Record<string, Value>, runner: string) {
    const files = Object.fromEntries(["output", "summary"].map((name) => [name, join(runner, `step-${name}`)]));
    for (const file of Object.values(files)) {
      writeFileSync(file, "");
    }
    const env = Object.fromEntries(
      (mapOf(step.node, "env")?.items ?? []).map((item) => [
        String((item.key as { value: unknown }).value),
        this.filled(String((item.value as { value: unknown }).value), contexts),
      ]),
    );
    const work = join(runner, "work");
    const { status, stdout, stderr } = spawnSync(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run as string],
      {
        cwd: existsSync(work) ? work : runner,
        encoding: "utf8",
        env: {
          ...this.environment(),
          RUNNER_TEMP: join(runner, "temp"),
          GITHUB_OUTPUT: files.output,
          GITHUB_STEP_SUMMARY: files.summary,
          GITHUB_EVENT_NAME: "schedule",
          ...env,
        },
      },
    );
    const lines = readFileSync(files.output as string, "utf8")
      .split("\n")
      .filter(Boolean);
    const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
    return { status, output: `${stdout}${stderr}`, outputs };
  }

  private environment(): Record<string, string> {
    return {
      PATH: `${join(this.directory, "bin")}:${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: this.directory,
      REGISTRY: join(this.directory, "registry.json"),
      NODE_ENV: "production",
      CI: "true",
      GIT_CONFIG_NOSYSTEM: "1",
      ...Object.fromEntries(
        ["AUTHOR", "COMMITTER"].flatMap((who) => [
          [`GIT_${who}_NAME`, "Somebody"],
          [`GIT_${who}_EMAIL`, "somebody@example.com"],
        ]),
      ),
    };
  }
}

/** What npm installs beside the packages of the tests. */
function bundled(): Record<string, string> {
  return Object.fromEntries(
    ["projen", "constructs", "typescript"].map((name) => [name, join(ROOT, "node_modules", name)]),
  );
}

function daysAgo(days: number): string {
  return `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19)}Z`;
}
