// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonObject } from "../json-object";
import { objectAt } from "../policy/json";
import { keepsStateAt } from "../policy/remote-state";
import type { PlanDocument } from "./deployment-order";
import type { RehearsalStates } from "./rehearsal-states";
import type { SynthesizedStack } from "./stack-manifest";
import type { ProgramResult, TerraformProgram } from "./terraform-program";

/** Terraform failed; the message is what it said. */
export class TerraformFailure extends Error {}

/** Where a rehearsal works and keeps its states, and how it reaches providers. */
export interface Stage {
  readonly program: TerraformProgram;
  /** A directory of the rehearsal's own. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly states: RehearsalStates;
}

/** A plan in JSON, and whether it changes anything, outputs included. */
export interface StackPlan {
  readonly document: PlanDocument;
  readonly isEmpty: boolean;
}

/** A copy of a stack whose state, and whose view of other states, is the rehearsal's. */
export class RehearsedStack {
  readonly name: string;
  readonly dependencies: readonly string[];
  private readonly directory: string;
  /** What an initialization depends on. */
  private readonly settings: string;
  private isInitialized: boolean;

  /**
   * @param document what it is, by `withRehearsalStates`
   * @param last the copy that it takes the place of, in the same directory and with the same state
   */
  constructor(
    readonly stack: SynthesizedStack,
    private readonly stage: Stage,
    private readonly document: JsonObject,
    last: RehearsedStack | undefined,
  ) {
    this.name = stack.name;
    this.dependencies = stack.dependencies;
    this.settings = JSON.stringify([document.terraform, document.module]);
    this.isInitialized = last?.settings === this.settings && last.isInitialized;
    this.directory = join(stage.directory, "stacks", stack.name);
    mkdirSync(this.directory, { recursive: true });
    cpSync(stack.directory, this.directory, {
      recursive: true,
      filter: (source) => !/[\\/](?:\.terraform(?:\.lock\.hcl)?|[^\\/]*\.tfstate(?:\.backup)?)$/.test(source),
    });
    this.write(document);
  }

  /** @throws TerraformFailure */
  async validate(): Promise<void> {
    await this.initialize();
    await this.run("validate", "-no-color");
  }

  /** Plans against the state. @param targets resources to plan; empty for all. @throws TerraformFailure */
  async plan(targets: readonly string[] = []): Promise<StackPlan> {
    const isEmpty = await this.makePlan(...targets.map((target) => `-target=${target}`));
    return { document: await this.shownPlan(), isEmpty };
  }

  /**
   * Destroys everything.
   * @param isLifted whether protection from that is taken off for it, as docs/operations.md tells to do before
   * @throws TerraformFailure
   */
  async destroy(isLifted: boolean): Promise<void> {
    await this.initialize();
    const applied = () =>
      this.run("apply", "-destroy", "-auto-approve", "-input=false", "-no-color", "-lock=false", "-refresh=false");
    if (!isLifted) {
      await applied();
      return;
    }
    this.write(unprotected(this.document));
    try {
      await applied();
    } finally {
      this.write(this.document);
    }
  }

  /** The plan of what is to change; without contents if that is nothing. @throws TerraformFailure */
  async changes(): Promise<PlanDocument> {
    return (await this.makePlan()) ? {} : this.shownPlan();
  }

  /** Applies the last plan. @throws TerraformFailure */
  async apply(): Promise<void> {
    await this.run("apply", "-input=false", "-no-color", "-lock=false", "rehearsal.plan");
  }

  /** Resources in the state, each with the text of its attributes. */
  resources(): readonly { readonly address: string; readonly attributes: string }[] {
    const state = JSON.parse(this.stage.states.text(stateName(this.stage, this.name)) ?? "{}") as {
      resources?: readonly {
        mode: string;
        type: string;
        name: string;
        instances: readonly { attributes: unknown }[];
      }[];
    };
    return (state.resources ?? [])
      .filter(({ mode }) => mode === "managed")
      .map(({ type, name, instances }) => ({
        address: `${type}.${name}`,
        attributes: JSON.stringify(instances.map(({ attributes }) => attributes)),
      }));
  }

  private write(document: JsonObject): void {
    // Terraform shows the line that is wrong.
    writeFileSync(join(this.directory, "cdk.tf.json"), JSON.stringify(document, null, 2));
  }

  /** @returns whether it changes nothing */
  private async makePlan(...options: string[]): Promise<boolean> {
    await this.initialize();
    const { code } = await this.runFor(
      [0, 2],
      "plan",
      "-input=false",
      "-no-color",
      "-lock=false",
      // The provider's answer would be what is in the state.
      "-refresh=false",
      "-detailed-exitcode",
      "-out=rehearsal.plan",
      ...options,
    );
    return code === 0;
  }

  private async shownPlan(): Promise<PlanDocument> {
    return JSON.parse(await this.run("show", "-json", "rehearsal.plan")) as PlanDocument;
  }

  private async initialize(): Promise<void> {
    if (!this.isInitialized) {
      await this.run("init", "-input=false", "-no-color");
      this.isInitialized = true;
    }
  }

  private async run(...args: string[]): Promise<string> {
    return (await this.runFor([0], ...args)).stdout;
  }

  private async runFor(good: readonly number[], ...args: string[]): Promise<ProgramResult> {
    const { program, environment } = this.stage;
    const result = await program.run(args, this.directory, environment);
    if (!good.includes(result.code)) {
      throw new TerraformFailure(`${program.name} ${args[0]} failed:\n${(result.stderr || result.stdout).trim()}`);
    }
    return result;
  }
}

/** The stack without `prevent_destroy`, whatever resource has it. */
function unprotected(document: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(document, (key, value) => (key === "prevent_destroy" ? undefined : value)));
}

function stateName({ directory }: Stage, stack: string): string {
  return `${directory}/${stack}`;
}

/** The stack with its own state, and those it reads, among the rehearsal's. */
export function withRehearsalStates(
  stack: SynthesizedStack,
  stage: Stage,
  neighbours: readonly SynthesizedStack[],
): JsonObject {
  const { document } = stack;
  const addressOf = (name: string) => stage.states.address(stateName(stage, name));
  const data = objectAt(document, "data");
  const states = Object.entries(objectAt(data, "terraform_remote_state")).map(([label, state]) => {
    const owner = neighbours.find((other) => keepsStateAt(other.document, state));
    // A state of nobody here is left as it is: Terraform then says what is wrong with it.
    return [
      label,
      owner === undefined || !isObject(state)
        ? state
        : { ...state, backend: "http", config: { address: addressOf(owner.name) } },
    ];
  });
  return {
    ...document,
    terraform: {
      ...objectAt(document, "terraform"),
      backend: { http: { address: addressOf(stack.name) } },
    },
    ...(states.length === 0 ? {} : { data: { ...data, terraform_remote_state: Object.fromEntries(states) } }),
  };
}
