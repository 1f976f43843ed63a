// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { deploymentOrder, inOrder, type PlanDocument, type PlannedStack, readsOf } from "./deployment-order";
import type { RehearsalFinding, Narrator } from "./finding";
import { beyondWholePlan } from "./partial-plan";
import { refusedByEks } from "./refused-by-eks";
import { RehearsedStack, type StackPlan, type Stage, TerraformFailure, withRehearsalStates } from "./rehearsed-stack";
import { standIns } from "./stand-ins";
import type { SynthesizedStack } from "./stack-manifest";

/** Says what the policies deny in a plan. */
export type PlanJudge = (stack: string, plan: PlanDocument) => readonly string[];

/** Receives each plan that is judged, with the act that made it. */
export type PlanRecorder = (act: string, stack: string, plan: PlanDocument) => void;

export interface EnvironmentStage extends Stage {
  readonly narrate: Narrator;
}

/** Who sees the plans of an act before they are applied. */
export interface PlanReaders {
  readonly judge: PlanJudge;
  readonly record?: PlanRecorder;
}

export interface DeployOptions {
  /** Whether what was applied is planned again, which must change nothing. Default: true */
  readonly plansAgain?: boolean;
}

/** A step that failed; what comes after it would only fail for the same reason. */
class Stopped extends Error {}

/**
 * The life of one environment, on one set of states: each act leaves what the next one starts from. A failing act ends the life,
 * and its finding says why.
 */
export class EnvironmentRehearsal {
  readonly findings: RehearsalFinding[] = [];
  private deployed: readonly RehearsedStack[] = [];
  private readonly copies = new Map<string, { readonly text: string; readonly copy: RehearsedStack }>();
  private isOver = false;

  constructor(private readonly stage: EnvironmentStage) {}

  /** Whether nothing was found. */
  get isClean(): boolean {
    return this.findings.length === 0;
  }

  /** Checks every stack by itself, so that all mistakes are found at once. */
  async validate(stacks: readonly SynthesizedStack[]): Promise<void> {
    const before = this.findings.length;
    await Promise.all(
      this.onStage(stacks).map((stack) => this.act("validate", stack, () => stack.validate()).catch(ignoreStop)),
    );
    this.isOver = this.findings.length > before;
  }

  /**
   * Brings what is deployed to what the stacks say, and plans again, which must change nothing.
   *
   * @param name what the change is, for findings
   * @param stacks the stacks after the change; one that is missing is destroyed
   */
  async deploy(
    name: string,
    stacks: readonly SynthesizedStack[],
    readers: PlanReaders,
    { plansAgain = true }: DeployOptions = {},
  ): Promise<void> {
    await this.unlessOver(async () => {
      const next = this.ordered(name, this.onStage(stacks));
      if (isSame(next, this.ordered(name, this.deployed))) {
        return; // a second plan of the same found nothing to change
      }
      const gone = this.deployed.filter((stack) => !next.some((other) => other.name === stack.name));
      await this.destroyStacks(name, gone, false);
      this.deployed = this.deployed.filter((stack) => !gone.includes(stack));
      const applied = await this.apply(name, next, readers);
      this.deployed = next; // where nothing had to be applied, what is committed holds from now on all the same
      if (plansAgain) {
        await this.planStacksAgain(name, applied);
      }
    });
  }

  /** Plans everything that is deployed, which must change nothing. @param name what the plans are, for findings */
  async planAgain(name: string): Promise<void> {
    await this.unlessOver(() => this.planStacksAgain(name, this.deployed));
  }

  /** Destroys everything that is deployed, in reverse, with its protection from that taken off. */
  async destroy(): Promise<void> {
    await this.unlessOver(async () => {
      await this.destroyStacks("destroy", this.deployed, true);
      this.deployed = [];
    });
  }

  /** The stacks as Terraform runs them. What did not change since the last act is the same object, initialized already. */
  private onStage(stacks: readonly SynthesizedStack[]): RehearsedStack[] {
    return stacks.map((stack) => {
      const document = withRehearsalStates(stack, this.stage, stacks);
      const text = JSON.stringify(document);
      const last = this.copies.get(stack.name);
      if (last !== undefined && last.text === text && isSame(last.copy.dependencies, stack.dependencies)) {
        return last.copy;
      }
      const copy = new RehearsedStack(stack, this.stage, document, last?.copy);
      this.copies.set(stack.name, { text, copy });
      return copy;
    });
  }

  /** @returns the stacks that were applied */
  private async apply(
    name: string,
    next: readonly RehearsedStack[],
    { judge, record }: PlanReaders,
  ): Promise<readonly RehearsedStack[]> {
    const planned = await Promise.all(
      next.map(async (stack) => ({
        name: stack.name,
        dependencies: stack.dependencies,
        plan: await this.changes(name, stack),
      })),
    );
    const applied = new Set<RehearsedStack>();
    for (const { stack: stackName, phase, targets } of deploymentOrder(planned)) {
      const stack = next.find((one) => one.name === stackName) as RehearsedStack;
      this.stage.narrate(`${name}: ${phase === "all" ? "apply" : phase} ${stackName}`);
      await this.act(name, stack, async () => {
        const { document, isEmpty } = this.stillTrue(planned, stack, applied) ?? (await stack.plan());
        record?.(name, stackName, document);
        approve(stackName, document, judge);
        if (isEmpty && this.isDeployed(stackName)) {
          return; // what it reads changed, and it did not
        }
        const plan = targets.length === 0 ? document : await this.partOf(document, stack, targets);
        const used = this.stillUsed(stack, plan);
        if (used.length > 0) {
          throw new TerraformFailure(`deletes what another stack still uses: ${used.join(", ")}`);
        }
        await stack.apply();
        applied.add(stack);
      });
      this.deployed = [...this.deployed.filter((one) => one.name !== stackName), stack];
    }
    return [...applied];
  }

  private isDeployed(name: string): boolean {
    return this.deployed.some((one) => one.name === name);
  }

  /** @returns undefined if the stack is not deployed; without contents if it is deployed as it is */
  private async changes(act: string, stack: RehearsedStack): Promise<PlanDocument | undefined> {
    if (this.deployed.includes(stack)) {
      return {};
    }
    return this.isDeployed(stack.name) ? this.act(act, stack, () => stack.changes()) : undefined;
  }

  /** The plan that the order was made from, if nothing was applied since that it depends on. */
  private stillTrue(
    planned: readonly PlannedStack[],
    stack: RehearsedStack,
    applied: ReadonlySet<RehearsedStack>,
  ): StackPlan | undefined {
    const one = planned.find(({ name }) => name === stack.name);
    if (one?.plan?.resource_changes === undefined) {
      return undefined;
    }
    const reads = readsOf(one, planned);
    const isStale = [...applied].some((other) => other === stack || reads.has(other.name));
    return isStale ? undefined : { document: one.plan, isEmpty: false };
  }

  private async planStacksAgain(name: string, stacks: readonly RehearsedStack[]): Promise<void> {
    await Promise.all(
      stacks.map((stack) =>
        this.act(name, stack, async () => {
          const changed = ((await stack.changes()).resource_changes ?? [])
            .filter(({ mode, change }) => mode !== "data" && change.actions.some((action) => action !== "no-op"))
            .map(({ address, change }) => `${change.actions.join("/")} ${address}`);
          if (changed.length > 0) {
            throw new TerraformFailure(`a second plan changes what the first one made: ${changed.join(", ")}`);
          }
        }),
      ),
    );
  }

  private async partOf(whole: PlanDocument, stack: RehearsedStack, targets: readonly string[]): Promise<PlanDocument> {
    const { document: part } = await stack.plan(targets);
    const beyond = beyondWholePlan(part, whole);
    if (beyond.length > 0) {
      throw new TerraformFailure(`a part of the plan does more than the whole: ${beyond.join(", ")}`);
    }
    return part;
  }

  /** What a plan deletes although resources of other stacks name it: a cloud would refuse that, or break them. */
  private stillUsed({ name }: RehearsedStack, plan: PlanDocument): string[] {
    const deleted = (plan.resource_changes ?? []).filter(({ change: { actions } }) => actions.includes("delete"));
    const users = this.deployed
      .filter((other) => other.name !== name)
      .flatMap((other) => other.resources().map((resource) => ({ ...resource, stack: other.name })));
    return deleted.flatMap(({ address, change }) => {
      const { id } = (change.before ?? {}) as { id?: unknown };
      const user = typeof id === "string" && users.find(({ attributes }) => attributes.includes(JSON.stringify(id)));
      return user ? [`${address}, by ${user.address} of ${user.stack}`] : [];
    });
  }

  private async destroyStacks(name: string, stacks: readonly RehearsedStack[], isLifted: boolean): Promise<void> {
    for (const stack of this.ordered(name, stacks).reverse()) {
      this.stage.narrate(`${name}: destroy ${stack.name}`);
      await this.act(name, stack, async () => {
        await stack.destroy(isLifted);
        const left = stack.resources();
        if (left.length > 0) {
          throw new TerraformFailure(`is destroyed and still has ${left.map(({ address }) => address).join(", ")}`);
        }
      });
    }
  }

  private ordered(name: string, stacks: readonly RehearsedStack[]): RehearsedStack[] {
    try {
      return inOrder(stacks);
    } catch (error) {
      this.findings.push({
        stack: stacks.map((stack) => stack.name).join(", "),
        act: name,
        message: (error as Error).message,
      });
      throw new Stopped();
    }
  }

  private async act<T>(name: string, { name: stack }: RehearsedStack, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TerraformFailure)) {
        throw error;
      }
      this.findings.push({ stack, act: name, message: error.message });
      throw new Stopped();
    }
  }

  private async unlessOver(work: () => Promise<void>): Promise<void> {
    if (!this.isOver) {
      await work().catch((error) => {
        ignoreStop(error);
        this.isOver = true;
      });
    }
  }
}

function isSame<Item>(some: readonly Item[], others: readonly Item[]): boolean {
  return some.length === others.length && some.every((item, index) => item === others[index]);
}

function ignoreStop(error: unknown): void {
  if (!(error instanceof Stopped)) {
    throw error;
  }
}

/** What `scripts/terraform-apply.sh` asks of a plan before any of it is applied, and what EKS does. @throws TerraformFailure */
function approve(stack: string, plan: PlanDocument, judge: PlanJudge): void {
  const missing = standIns(plan);
  if (missing.length > 0) {
    throw new TerraformFailure(`needs what is not deployed: ${missing.join(", ")}`);
  }
  const refused = refusedByEks(plan);
  if (refused.length > 0) {
    throw new TerraformFailure(refused.join("\n"));
  }
  const denied = judge(stack, plan);
  if (denied.length > 0) {
    throw new TerraformFailure(`the policies deny the plan:\n${denied.join("\n")}`);
  }
}
