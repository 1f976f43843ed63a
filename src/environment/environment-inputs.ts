// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject } from "../json-object";
import { type EnvironmentInput, environmentInput } from "./environment-input";
import { stacksByEnvironment } from "./environment-of-stack";

/**
 * The inputs of the environments of which something is known: each has its own stacks, and those that belong to none.
 *
 * @param platform the content of `src/platform/platform.json`
 * @param stacks the contents of `cdk.tf.json` by stack name
 * @param planned stacks whose content is that of a plan
 */
export function environmentInputs(
  platform: JsonObject,
  stacks: Readonly<Record<string, JsonObject>>,
  planned: ReadonlySet<string> = new Set(),
): EnvironmentInput[] {
  const environments = (Array.isArray(platform.environments) ? (platform.environments as unknown[]) : []).filter(
    isObject,
  );
  const byEnvironment = stacksByEnvironment(
    Object.entries(stacks).map(([name, document]) => ({ name, document })),
    environments.map(({ name }) => String(name)),
  );
  return environments.flatMap((config) => {
    const own = byEnvironment.get(String(config.name));
    if (own === undefined) {
      return [];
    }
    const documents = Object.fromEntries(own.map(({ name, document }) => [name, document]));
    return [environmentInput(platform, config, documents, planned)];
  });
}
