// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from "node:path";
import { isThere } from "../file-presence";
import { CommandError } from "./command-error";
import type { CommandIo } from "./command-io";
import { parseCommandLine } from "./command-line";
import { deploymentOrder, type PlanDocument } from "../rehearsal/deployment-order";
import { planIn } from "../rehearsal/plan-file";
import { readStacks } from "../rehearsal/stack-manifest";

const HELP = `Usage: ray-platform order --plans DIRECTORY STACK...

Prints the steps in which to apply the stacks, one per line: PHASE STACK [-target=ADDRESS...].

  all STACK      apply the whole plan
  grow STACK     apply what is added and changed, by the targets that follow
  shrink STACK   then apply what is left, when no later stack uses it any more

A stack in which nothing changes, and nothing in what it reads, is left out. DIRECTORY has the plan of each stack as
"terraform show -json" prints it, in STACK.json; a stack without one cannot be planned until what it reads is deployed.

Exit codes: 0 printed, 1 it could not.
`;

/** Runs `ray-platform order`: the order of a deployment, for scripts. */
export function orderCommand(argv: readonly string[], io: CommandIo): number {
  const line = parseCommandLine(argv, { plans: { type: "string" } }, true);
  if (line.has("help")) {
    io.out(HELP);
    return 0;
  }
  const plans = line.value("plans");
  if (plans === undefined || line.positionals.length === 0) {
    throw new CommandError(`which stacks, and where are their plans?\n\n${HELP}`);
  }
  const stacks = readStacks(join(io.cwd, "cdktf.out"));
  const planned = line.positionals.map((name) => {
    const stack = stacks.find((one) => one.name === name);
    if (stack === undefined) {
      throw new CommandError(`there is no stack ${name}; there are ${stacks.map((one) => one.name).join(", ")}`);
    }
    const file = resolve(io.cwd, plans, `${name}.json`);
    const plan = isThere(file) ? (planIn(file) as PlanDocument) : undefined;
    return { name, dependencies: stack.dependencies, plan };
  });
  for (const { phase, stack, targets } of deploymentOrder(planned)) {
    io.out(`${[phase, stack, ...targets.map((target) => `-target=${target}`)].join(" ")}\n`);
  }
  return 0;
}
