// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A resource's part of a plan in JSON (`terraform show -json`). */
export interface PlannedChange {
  readonly address: string;
  readonly mode?: string;
  /** Key of an object that a replacement left behind. */
  readonly deposed?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: unknown;
    readonly after?: unknown;
    readonly after_unknown?: unknown;
  };
}

/** The parts of a plan in JSON that an order is made of. */
export interface PlanDocument {
  readonly resource_changes?: readonly PlannedChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
  readonly configuration?: {
    readonly root_module?: { readonly resources?: readonly { readonly address: string }[] };
  };
}

/** A stack with its plan. */
export interface PlannedStack {
  readonly name: string;
  /** Stacks whose outputs it reads. */
  readonly dependencies: readonly string[];
  /** Against what is deployed; undefined if it cannot be planned until what it reads is deployed. */
  readonly plan: PlanDocument | undefined;
}

/** One apply. */
export interface DeploymentStep {
  readonly stack: string;
  /**
   * `all` applies the whole plan. `grow` adds and changes, and leaves what is to be deleted; `shrink` then deletes it, when no
   * later stack uses it any more.
   */
  readonly phase: "all" | "grow" | "shrink";
  /** Resources to apply of the plan, for `grow`; empty for everything. */
  readonly targets: readonly string[];
}

/**
 * The order in which planned stacks are applied. Stacks grow in the order of their dependencies. What a stack deletes may still
 * be used by those that read it, so they let go of it first. A stack is left out if nothing changes in it or in what it reads.
 */
export function deploymentOrder(stacks: readonly PlannedStack[]): DeploymentStep[] {
  const changing = new Set(stacks.filter(({ plan }) => changes(plan)).map(({ name }) => name));
  const forward = inOrder(stacks).filter(
    (stack) => changing.has(stack.name) || [...readsOf(stack, stacks)].some((name) => changing.has(name)),
  );
  const growing: DeploymentStep[] = [];
  const shrinking: DeploymentStep[] = [];
  for (const stack of forward) {
    const isRead = forward.some((other) => readsOf(other, forward).has(stack.name));
    if (!isRead || stack.plan === undefined || !deletes(stack.plan)) {
      growing.push({ stack: stack.name, phase: "all", targets: [] });
      continue;
    }
    if (grows(stack.plan)) {
      growing.push({ stack: stack.name, phase: "grow", targets: configured(stack.plan) });
    }
    shrinking.unshift({ stack: stack.name, phase: "shrink", targets: [] });
  }
  return [...growing, ...shrinking];
}

/** Stacks in the order of their dependencies. @throws Error if they depend on each other in a circle */
export function inOrder<Stack extends Pick<PlannedStack, "name" | "dependencies">>(stacks: readonly Stack[]): Stack[] {
  const ordered: Stack[] = [];
  let rest = [...stacks];
  while (rest.length > 0) {
    const ready = rest.filter(
      ({ dependencies }) => !dependencies.some((name) => rest.some((one) => one.name === name)),
    );
    if (ready.length === 0) {
      throw new Error(`these stacks depend on each other: ${rest.map(({ name }) => name).join(", ")}`);
    }
    ordered.push(...ready);
    rest = rest.filter((stack) => !ready.includes(stack));
  }
  return ordered;
}

/** All stacks that one depends on, directly or through others. */
export function readsOf(stack: PlannedStack, stacks: readonly PlannedStack[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const dependency of stacks.find((one) => one.name === name)?.dependencies ?? []) {
      if (!found.has(dependency)) {
        found.add(dependency);
        visit(dependency);
      }
    }
  };
  visit(stack.name);
  return found;
}

function changes(plan: PlanDocument | undefined): boolean {
  return (
    plan === undefined ||
    [...managed(plan).map(({ change }) => change), ...Object.values(plan.output_changes ?? {})].some(({ actions }) =>
      actions.some((action) => action !== "no-op"),
    )
  );
}

function deletes(plan: PlanDocument): boolean {
  return managed(plan).some(({ change: { actions } }) => actions.length === 1 && actions[0] === "delete");
}

function grows(plan: PlanDocument): boolean {
  return managed(plan).some(({ change: { actions } }) => actions.includes("create") || actions.includes("update"));
}

function managed(plan: PlanDocument): readonly PlannedChange[] {
  return (plan.resource_changes ?? []).filter(({ mode }) => mode !== "data");
}

/** What the configuration has: naming all of it leaves out only what is to be deleted, and keeps the outputs up to date. */
function configured(plan: PlanDocument): string[] {
  return (plan.configuration?.root_module?.resources ?? []).map(({ address }) => address);
}
