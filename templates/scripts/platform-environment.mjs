// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { basename } from "node:path";
import { readObject } from "./read-json.mjs";

/** The environment of a name, as the options have resolved it. Ends the script with 2 where there is none. */
export function environmentNamed(name) {
  const { environments } = readObject("src/platform/platform.json", { environments: [{ name: "" }] });
  const environment = environments.find((one) => one.name === name);
  if (environment === undefined) {
    const names = environments.map((one) => one.name).join(", ");
    console.error(`${basename(process.argv[1])}: there is no environment "${name}"; there are ${names}`);
    process.exit(2);
  }
  return environment;
}
