// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";
import { type RunningProvider, startSchemaProvider } from "./provider/schema-provider";
import { RehearsalStates } from "./rehearsal-states";
import { type BindingsByProvider, providerSources, typesOf } from "./stack-bindings";
import type { SynthesizedStack } from "./stack-manifest";

const REPLACING_FILE = join(PACKAGE_ROOT, "data", "replacing-arguments.json");

/** Providers that play the real ones, for everything that some stacks have, and the states of what they make. */
export interface RehearsalProviders {
  /** Environment variables that make Terraform use them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly states: RehearsalStates;
  close(): void;
}

/** Starts a schema provider for each provider that the stacks need. */
export async function startRehearsalProviders(
  registry: string,
  stacks: readonly SynthesizedStack[],
  bindings: BindingsByProvider,
): Promise<RehearsalProviders> {
  const replacing = replacingArguments();
  const running = new Map<string, RunningProvider>();
  const sources = providerSources(stacks);
  for (const [name, schema] of bindings) {
    const belongs = (type: string): boolean => type.startsWith(`${name}_`);
    const provider = await startSchemaProvider({
      schema,
      resources: typesOf(stacks, "resource").filter(belongs),
      dataSources: typesOf(stacks, "data").filter(belongs),
      replacing,
    });
    running.set(qualified(registry, sources.get(name) ?? name), provider);
  }
  const reattach = Object.fromEntries([...running].map(([source, provider]) => [source, provider.reattach]));
  const states = await RehearsalStates.start();
  return {
    environment: { TF_REATTACH_PROVIDERS: JSON.stringify(reattach) },
    states,
    close() {
      running.forEach((provider) => provider.close());
      states.close();
    },
  };
}

/** Arguments whose change replaces a resource, by its type. */
export function replacingArguments(): Readonly<Record<string, readonly string[]>> {
  const { resources } = JSON.parse(readFileSync(REPLACING_FILE, "utf8")) as {
    resources: Readonly<Record<string, { readonly arguments: readonly string[] }>>;
  };
  return Object.fromEntries(Object.entries(resources).map(([type, { arguments: names }]) => [type, names]));
}

/** `aws` is `hashicorp/aws`, and that is at the program's own registry. */
function qualified(registry: string, source: string): string {
  const parts = source.split("/");
  return [...[registry, "hashicorp"].slice(0, 3 - parts.length), ...parts].join("/");
}
