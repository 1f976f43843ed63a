// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { commandLine } from "../command-line.mjs";
import { readObject } from "../read-json.mjs";

/** The environment that a checking script was called for, and its flags. Ends with 2 where there is none of that name. */
export function calledFor(usage, flags) {
  const { environments } = readObject("src/platform/platform.json");
  const { environment: name, ...values } = commandLine(usage, {
    environment: { type: "string", short: "e" },
    ...flags,
  });
  const names = environments.map((one) => one.name);
  const environment =
    name === undefined && names.length === 1 ? environments[0] : environments.find((one) => one.name === name);
  if (environment === undefined) {
    console.error(`--environment ${name ?? "is missing"}: environments are ${names.join(", ")}\n\n${usage}`);
    process.exit(2);
  }
  return { environment, environments, values };
}
