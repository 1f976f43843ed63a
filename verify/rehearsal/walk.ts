// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: tsx walk.ts DIRECTORY OPTION_SET
//
// Walks one option set of life.ts through its life, offline. Ends with 1 and what was found if anything was. A process for each:
// while one synthesizes, the providers of another must answer.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import type { Limits } from "../../src/policy/load-policies";
import { planJudge } from "../../src/rehearsal/plan-judge";
import type { PlanDocument } from "../../src/rehearsal/deployment-order";
import { EnvironmentRehearsal, type PlanRecorder } from "../../src/rehearsal/environment-rehearsal";
import { startRehearsalProviders } from "../../src/rehearsal/rehearsal-providers";
import { bindingsOf } from "../../src/rehearsal/stack-bindings";
import { stacksByEnvironment } from "../../src/environment/environment-of-stack";
import { readStacks, type SynthesizedStack } from "../../src/rehearsal/stack-manifest";
import { TerraformProgram } from "../../src/rehearsal/terraform-program";
import { synthesizePlatform } from "../../templates/src/platform/synthesize-platform";
import { platform } from "../../test/templates/configs";
import { LIFE, OPTION_SETS, type Options } from "./life";

const ROOT = join(__dirname, "..", "..");
const [directory, optionSet = ""] = process.argv.slice(2);
const options = OPTION_SETS[optionSet];
if (directory === undefined || options === undefined) {
  throw new Error(`usage: walk.ts DIRECTORY OPTION_SET, one of: ${Object.keys(OPTION_SETS).join(", ")}`);
}

const MACHINES = ["aws_launch_template", "aws_eks_node_group"];

const PLAN_AGAIN = "plan again at the end";

interface Chronicle {
  readonly problems: string[];
  plans: number;
}

void main(directory, options);

async function main(home: string, base: Options): Promise<void> {
  const chronicle: Chronicle = { problems: [], plans: 0 };
  await walk(base, home, chronicle);
  console.log(`${chronicle.plans} plans were made, judged and applied`);
  if (chronicle.problems.length > 0) {
    console.error(chronicle.problems.join("\n"));
    process.exitCode = 1;
  }
}

async function walk(base: Options, home: string, chronicle: Chronicle): Promise<void> {
  const program = TerraformProgram.find();
  let options = base;
  const chapters = LIFE.map((chapter, index) => {
    options = chapter.change(options);
    return { ...chapter, ...synthesize(options, join(home, `synthesized-${index}`)) };
  });
  const all = chapters.flatMap(({ stacks }) => [...stacks.values()].flat());
  const providers = await startRehearsalProviders(program.registry, all, bindingsOf(ROOT, all));
  const environments = new Map<string, EnvironmentRehearsal>();
  try {
    for (const { leavesMachines, stacks: now, limits, ...chapter } of chapters) {
      const judge = await planJudge(limits);
      for (const environment of new Set([...environments.keys(), ...now.keys()])) {
        const existed = environments.has(environment);
        const rehearsal =
          environments.get(environment) ??
          new EnvironmentRehearsal({
            program,
            directory: join(home, environment),
            environment: providers.environment,
            states: providers.states,
            narrate: (line) => console.log(`${environment}, ${line}`),
          });
        environments.set(environment, rehearsal);
        const record: PlanRecorder = (act, stack, plan) => {
          chronicle.plans += 1;
          const touched = leavesMachines && existed ? machinesIn(plan) : [];
          if (touched.length > 0) {
            chronicle.problems.push(`${stack} (${act}): touches machines: ${touched.join(", ")}`);
          }
        };
        // What does not rest after a later chapter does not rest at the end either.
        if (!now.has(environment)) {
          await rehearsal.planAgain(PLAN_AGAIN);
        }
        await rehearsal.deploy(chapter.name, now.get(environment) ?? [], { judge, record }, { plansAgain: !existed });
      }
    }
    for (const rehearsal of environments.values()) {
      await rehearsal.planAgain(PLAN_AGAIN);
      await rehearsal.destroy();
      chronicle.problems.push(...rehearsal.findings.map(({ stack, act, message }) => `${stack} (${act}): ${message}`));
    }
  } finally {
    providers.close();
  }
}

/** The stacks of each environment, and the limits that a repository with these options has. */
function synthesize(
  options: Options,
  outdir: string,
): { readonly stacks: ReadonlyMap<string, readonly SynthesizedStack[]>; readonly limits: Limits } {
  mkdirSync(outdir, { recursive: true });
  const config = platform(options);
  synthesizePlatform(new App({ outdir, skipValidation: true }), config, () => {});
  const names = config.environments.map(({ name }) => name);
  return { stacks: stacksByEnvironment(readStacks(outdir), names), limits: { ...config.limits } };
}

function machinesIn(plan: PlanDocument): string[] {
  return (plan.resource_changes ?? [])
    .filter(({ address, change }) => {
      const isMachine = MACHINES.some((type) => address.startsWith(`${type}.`));
      // The template's own tags are not those of machines.
      return isMachine && change.actions.some((action) => action !== "no-op") && !changesOnlyTags(change);
    })
    .map(({ address, change }) => `${change.actions.join("/")} ${address}`);
}

function changesOnlyTags({ before, after }: { readonly before?: unknown; readonly after?: unknown }): boolean {
  const rest = (value: unknown): string => {
    const { tags: _, tags_all: __, ...others } = (value ?? {}) as Record<string, unknown>;
    return JSON.stringify(others);
  };
  return rest(before) === rest(after);
}
