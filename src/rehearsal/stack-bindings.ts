// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ExplainedError } from "../explained-error";
import { objectAt } from "../policy/json";
import { BindingsSchema } from "./provider/bindings-schema";
import type { SynthesizedStack } from "./stack-manifest";

/** Schemas by the name that the stacks give their provider. */
export type BindingsByProvider = ReadonlyMap<string, BindingsSchema>;

/** The schemas of every provider that the stacks need. @param cwd root of the repository, whose bindings are read */
export function bindingsOf(cwd: string, stacks: readonly SynthesizedStack[]): BindingsByProvider {
  const referenced = referencedAttributes(stacks);
  return new Map(
    [...providerSources(stacks).keys()].map((name) => [name, new BindingsSchema(libraryOf(cwd, name), referenced)]),
  );
}

/** Sources of providers by their names in the stacks. */
export function providerSources(stacks: readonly SynthesizedStack[]): ReadonlyMap<string, string> {
  return new Map(
    stacks.flatMap(({ document }) =>
      Object.entries(objectAt(objectAt(document, "terraform"), "required_providers")).map(
        ([name, provider]) => [name, String(objectAt({ provider }, "provider").source ?? name)] as const,
      ),
    ),
  );
}

function libraryOf(cwd: string, provider: string): string {
  for (let directory = cwd; ; directory = dirname(directory)) {
    const library = join(directory, "node_modules", "@cdktf", `provider-${provider}`, "lib");
    if (existsSync(library)) {
      return library;
    }
    if (dirname(directory) === directory) {
      throw new ExplainedError(
        `the rehearsal has no schema of the provider ${provider}: @cdktf/provider-${provider} is not installed; ` +
          "run `npm ci`, or add it as a dependency",
      );
    }
  }
}

export function typesOf(stacks: readonly Pick<SynthesizedStack, "document">[], kind: "resource" | "data"): string[] {
  return [...new Set(stacks.flatMap(({ document }) => Object.keys(objectAt(document, kind))))];
}

function referencedAttributes(stacks: readonly SynthesizedStack[]): ReadonlySet<string> {
  const reference = /(?<![\w.-])(?:data\.)?([a-z]+_\w+)\.[\w-]+(?:\[[^\]]*\])?\.(\w+)/g;
  return new Set(
    stacks.flatMap(({ text }) => [...text.matchAll(reference)].map(([, type, name]) => `${type}.${name}`)),
  );
}
