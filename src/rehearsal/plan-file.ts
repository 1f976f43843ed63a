// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../explained-error";
import { readForeignText } from "../foreign-file";
import { type JsonObject, parseObject } from "../json-object";

/** What `terraform show -json` wrote into a file. @throws ExplainedError for a file that cannot be read, or is no plan */
export function planIn(file: string): JsonObject {
  const plan = parseObject(readForeignText(file));
  if (plan === undefined) {
    throw new ExplainedError(`${file} is not a Terraform plan in JSON`);
  }
  return plan;
}
