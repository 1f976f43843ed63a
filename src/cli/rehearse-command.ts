// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "./command-error";
import type { CommandIo } from "./command-io";
import { parseCommandLine } from "./command-line";
import { PLATFORM_FILE, platformOf } from "../controls/repository-facts";
import { stacksByEnvironment } from "../environment/environment-of-stack";
import { inParallel } from "../in-parallel";
import { EnvironmentRehearsal, type PlanReaders } from "../rehearsal/environment-rehearsal";
import { type MockRun, rehearseWithMocks } from "../rehearsal/mock-rehearsal";
import { repositoryPlanJudge } from "../rehearsal/plan-judge";
import { startRehearsalProviders } from "../rehearsal/rehearsal-providers";
import { bindingsOf } from "../rehearsal/stack-bindings";
import { synthesizedCommit } from "../rehearsal/synthesized-commit";
import { readStacks, type SynthesizedStack } from "../rehearsal/stack-manifest";
import { TerraformProgram } from "../rehearsal/terraform-program";
import type { RehearsalReport } from "../reports/rehearsal-report";
import { FORMAT } from "../reports/report-format";

/** Exit codes of `ray-platform rehearse`. */
export enum RehearseExitCode {
  /** Nothing was found. */
  CLEAN = 0,
  /** It could not run: wrong usage, a program that is missing, stacks that are not synthesized. */
  ERROR = 1,
  /** Something was found. */
  FOUND = 2,
}

const HELP = `Usage: ray-platform rehearse [--from COMMIT] [--offline] [--json]

Deploys what "npx projen synth" wrote, without any cloud, credentials or network, with terraform or tofu from the PATH. For
every environment: validates the stacks, creates them from nothing, plans again, which must change nothing, makes the change
from what is committed to what is in the working tree, and destroys everything, with prevent_destroy taken off. Each plan is
judged by the policies.

Stand-ins with the schemas of the installed bindings play the providers. If the real ones can be installed, each stack is also
planned and applied with them, mocked by Terraform itself (mock_provider), so that their validators judge too.

Exit codes: 0 nothing was found, 1 it could not run, 2 something was found.

  --from COMMIT   the state to change from; default: HEAD; "none" leaves the change out
  --offline       do not try to install the real providers
  --json          print the findings as JSON
`;

/** Runs `ray-platform rehearse`. */
export async function rehearseCommand(argv: readonly string[], io: CommandIo): Promise<RehearseExitCode> {
  const line = parseCommandLine(argv, {
    from: { type: "string" },
    offline: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (line.has("help")) {
    io.out(HELP);
    return RehearseExitCode.CLEAN;
  }
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-rehearsal-"));
  try {
    const report = await rehearse(io, directory, line.value("from") ?? "HEAD", {
      isOffline: line.has("offline"),
      narrate: line.has("json") ? () => {} : (text) => io.out(`${text}\n`),
    });
    io.out(line.has("json") ? `${JSON.stringify(report, null, 2)}\n` : summary(report));
    return report.exitCode;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function rehearse(
  io: CommandIo,
  directory: string,
  from: string,
  { isOffline, narrate }: { isOffline: boolean; narrate: (line: string) => void },
): Promise<RehearsalReport> {
  const program = TerraformProgram.find();
  const after = synthesizedPlatform(io.cwd);
  const commit = from === "none" ? undefined : synthesizedCommit(io.cwd, from, directory);
  const before = commit === undefined ? undefined : synthesizedPlatform(commit);
  if (before === undefined && !["none", "HEAD"].includes(from)) {
    throw new CommandError(`--from ${from}: there is no such commit, or it has no platform`);
  }
  const readers = { judge: await repositoryPlanJudge(io.cwd) };
  const stacks = [...after.stacks, ...(before?.stacks ?? [])];
  const bindings = bindingsOf(io.cwd, stacks);
  const providers = await startRehearsalProviders(program.registry, stacks, bindings);
  const mocks = isOffline
    ? Promise.resolve<MockRun>({ stacks: 0, reason: "--offline", findings: [] })
    : rehearseWithMocks(program, after.stacks, bindings, join(directory, "mocks"));
  try {
    const environments = [...new Set([...(before?.byEnvironment.keys() ?? []), ...after.byEnvironment.keys()])];
    // Environments change nothing in common.
    const findings = await inParallel(environments, async (environment) => {
      const rehearsal = new EnvironmentRehearsal({
        program,
        directory: join(directory, environment),
        environment: providers.environment,
        states: providers.states,
        narrate,
      });
      await rehearseLife(
        rehearsal,
        readers,
        before?.byEnvironment.get(environment),
        after.byEnvironment.get(environment),
      );
      return rehearsal.findings;
    });
    const mocked = await mocks;
    const all = [...findings.flat(), ...mocked.findings];
    return {
      format: FORMAT,
      exitCode: all.length === 0 ? RehearseExitCode.CLEAN : RehearseExitCode.FOUND,
      environments,
      ...(before === undefined || areSame(before.stacks, after.stacks) ? {} : { changedFrom: from }),
      realProviders: { stacks: mocked.stacks, ...(mocked.reason === undefined ? {} : { reason: mocked.reason }) },
      findings: all,
    };
  } finally {
    providers.close();
  }
}

/** What was synthesized in a repository. @throws CommandError if there is nothing to rehearse */
function synthesizedPlatform(root: string): {
  readonly stacks: readonly SynthesizedStack[];
  readonly byEnvironment: ReadonlyMap<string, readonly SynthesizedStack[]>;
} {
  const stacks = readStacks(join(root, "cdktf.out"));
  const environments = platformOf(root)?.environments ?? [];
  const names = environments.map(({ name }) => name);
  const byEnvironment = stacksByEnvironment(stacks, names);
  if (byEnvironment.size === 0) {
    throw new CommandError(
      `no stack in cdktf.out belongs to an environment of ${PLATFORM_FILE}; run \`npx projen\` and \`npx projen synth\``,
    );
  }
  return { stacks, byEnvironment };
}

async function rehearseLife(
  rehearsal: EnvironmentRehearsal,
  readers: PlanReaders,
  before: readonly SynthesizedStack[] | undefined,
  after: readonly SynthesizedStack[] | undefined,
): Promise<void> {
  if (after !== undefined) {
    await rehearsal.validate(after);
    await rehearsal.deploy("create", after, readers);
    await rehearsal.destroy();
  }
  if (before !== undefined && after !== undefined && !areSame(before, after)) {
    await rehearsal.deploy("create what is committed", before, readers);
    await rehearsal.deploy("change", after, readers);
    await rehearsal.destroy();
  }
  if (before !== undefined && after === undefined) {
    await rehearsal.deploy("create what is committed", before, readers);
    await rehearsal.destroy();
  }
}

function areSame(before: readonly SynthesizedStack[], after: readonly SynthesizedStack[]): boolean {
  const texts = (stacks: readonly SynthesizedStack[]) =>
    stacks
      .map(({ name, text }) => `${name}\n${text}`)
      .sort()
      .join("\n");
  return texts(before) === texts(after);
}

function summary({ environments, changedFrom, realProviders, findings }: RehearsalReport): string {
  const lines = findings.map(({ stack, act, message }) => `${stack} (${act}): ${message}\n`);
  const what = changedFrom === undefined ? "no change to rehearse" : `with the change from ${changedFrom}`;
  return [
    ...lines,
    realProviders.reason === undefined
      ? `Real providers, mocked by Terraform, judged ${realProviders.stacks} stacks.`
      : `REAL PROVIDERS DID NOT JUDGE (${realProviders.reason}): schemas are those of the bindings, and nothing checked what only a provider knows.`,
    `Rehearsed ${environments.join(", ")}, ${what}: ${findings.length === 0 ? "nothing found" : `${findings.length} found`}.`,
    "",
  ].join("\n");
}
