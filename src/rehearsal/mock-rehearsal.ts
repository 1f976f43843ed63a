// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonObject, parseObject } from "../json-object";
import { objectAt } from "../policy/json";
import type { PlanDocument } from "./deployment-order";
import type { RehearsalFinding } from "./finding";
import { type BindingsByProvider, typesOf } from "./stack-bindings";
import { withMadeUpValues } from "./provider/made-up-values";
import type { Block } from "./provider/schema";
import { type ObjectValue, UNKNOWN, type Value } from "./provider/value";
import type { SynthesizedStack } from "./stack-manifest";
import type { TerraformProgram } from "./terraform-program";

/** What Terraform's own mocks said. */
export interface MockRun {
  /** How many stacks they judged. */
  readonly stacks: number;
  /** Why they did not judge any. */
  readonly reason?: string;
  readonly findings: readonly RehearsalFinding[];
}

/** How long an installation of the real providers may take; that of AWS is some 700 MB. */
const INSTALLATION_MS = 300_000;

const TEST_FILE = "rehearsal.tftest.json";

/**
 * Plans and applies each stack by itself with the real providers, mocked by Terraform: their schemas and validators judge, and
 * nothing is called. The second run continues from the state of the first, so its plan must be empty.
 */
export async function rehearseWithMocks(
  program: TerraformProgram,
  stacks: readonly SynthesizedStack[],
  bindings: BindingsByProvider,
  directory: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<MockRun> {
  const findings: RehearsalFinding[] = [];
  for (const stack of stacks) {
    const copy = join(directory, stack.name);
    mkdirSync(copy, { recursive: true });
    cpSync(stack.directory, copy, { recursive: true });
    const { backend: _, ...terraform } = objectAt(stack.document, "terraform");
    writeFileSync(join(copy, "cdk.tf.json"), JSON.stringify({ ...stack.document, terraform }));
    writeFileSync(join(copy, TEST_FILE), JSON.stringify(mockTest(stack, bindings), null, 2));
    // One copy of the providers serves all stacks.
    const cache = join(directory, "providers");
    mkdirSync(cache, { recursive: true });
    const env = {
      TF_PLUGIN_CACHE_DIR: process.env.TF_PLUGIN_CACHE_DIR ?? cache,
      TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "true",
      ...environment,
    };
    const installed = await program.run(["init", "-input=false", "-no-color"], copy, env, INSTALLATION_MS);
    if (installed.code !== 0) {
      return {
        stacks: 0,
        reason: `${program.name} could not install them: ${lastLine(installed.stderr)}`,
        findings: [],
      };
    }
    const { code, stdout, stderr } = await program.run(["test", "-json", "-verbose", "-no-color"], copy, env);
    findings.push(...findingsOf(stack.name, code, stdout, stderr));
  }
  return { stacks: stacks.length, findings };
}

/** A test file of Terraform for one stack. */
export function mockTest({ document }: SynthesizedStack, bindings: BindingsByProvider): object {
  const defaults = (kind: "resource" | "data") => (name: string) =>
    Object.fromEntries(
      typesOf([{ document }], kind)
        .filter((type) => type.startsWith(`${name}_`))
        .flatMap((type) => {
          const block = kind === "resource" ? bindings.get(name)?.resource(type) : bindings.get(name)?.dataSource(type);
          return block === undefined ? [] : [[type, { defaults: computedValues(type, block) }]];
        }),
    );
  const remoteStates = Object.entries(objectAt(objectAt(document, "data"), "terraform_remote_state"));
  return {
    mock_provider: Object.fromEntries(
      Object.keys(objectAt(document, "provider")).map((name) => [
        name,
        { ...block("mock_resource", defaults("resource")(name)), ...block("mock_data", defaults("data")(name)) },
      ]),
    ),
    override_data: remoteStates.map(([label, state]) => ({
      target: `data.terraform_remote_state.${label}`,
      values: { outputs: objectAt({ state }, "state").defaults ?? {} },
    })),
    run: [
      { create: { command: "apply", state_key: "stack" } },
      { plan_again: { command: "plan", state_key: "stack" } },
    ],
  };
}

/** Terraform refuses a block of which there is none. */
function block(name: string, labelled: object): object {
  return Object.keys(labelled).length === 0 ? {} : { [name]: labelled };
}

/** What the mocked provider is to answer: of the right shape, which Terraform's random texts and empty lists are not. */
function computedValues(type: string, block: Block): ObjectValue {
  const unknown: ObjectValue = Object.fromEntries(
    [...block.attributes].filter(([, { isComputed }]) => isComputed).map(([name]) => [name, UNKNOWN as Value]),
  );
  const { tags_all: _, ...values } = withMadeUpValues({ ...block, blocks: new Map() }, unknown, {
    type,
    seed: type,
    accountId: "123456789012",
    region: "us-east-1",
  });
  return values;
}

function lastLine(text: string): string {
  return text.trim().split("\n").pop() ?? "";
}

function findingsOf(stack: string, code: number, stdout: string, stderr: string): RehearsalFinding[] {
  const messages = stdout
    .split("\n")
    .map(parseObject)
    .filter((message) => message !== undefined);
  const finding = (message: string): RehearsalFinding => ({ stack, act: "mocked providers", message });
  const errors = messages
    .filter((message) => message["@level"] === "error" && isObject(message.diagnostic))
    .map(({ diagnostic }) => {
      const { summary, detail, snippet } = diagnostic as JsonObject;
      return finding(`${objectAt({ snippet }, "snippet").context ?? ""}: ${summary}: ${detail}`);
    });
  const changed = messages
    .filter((message) => message.type === "test_plan" && message["@testrun"] === "plan_again")
    .flatMap(({ test_plan: plan }) => (plan as PlanDocument).resource_changes ?? [])
    .filter(({ mode, change }) => mode !== "data" && change.actions.some((action) => action !== "no-op"))
    .map(({ address }) => finding(`a second plan changes ${address}`));
  if (code !== 0 && errors.length === 0) {
    return [finding(`the test failed: ${stderr.trim() || stdout.trim()}`)];
  }
  return [...errors, ...changed];
}
