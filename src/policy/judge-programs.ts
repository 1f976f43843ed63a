// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { readYaml } from "../bounded-yaml";
import { ExplainedError } from "../explained-error";
import { isThere } from "../file-presence";
import { readForeignText } from "../foreign-file";
import { isObject } from "../json-object";
import type { Judgement } from "./judgement";
import type { PolicyInput } from "./policy-input";
import { programsOfPlan, programsOfStack, type StackProgram } from "./stack-programs";
import type { Violation } from "./violation";

const ID = "terraform/programs";

/** Where generation writes the exceptions of the option. */
export const EXCEPTIONS_FILE = ".github/scanners/policy.yml";

/**
 * Judges what in stacks and plans would run a program, reach another machine or read a file when they are planned: that happens
 * with the credentials, and before a plan can be judged.
 *
 * @param root of the repository, whose exceptions count
 */
export function judgePrograms(inputs: readonly PolicyInput[], root: string): Judgement[] {
  const excepted = exceptionsIn(root);
  return inputs.flatMap(({ kind, file, document }) => {
    const found = kind === "stack" ? programsOfStack(document) : kind === "plan" ? programsOfPlan(document) : [];
    const deny = found.filter(({ subject }) => !excepted.has(subject)).map(violation);
    return deny.length > 0 ? [{ file, deny, warn: [] }] : [];
  });
}

function violation({ subject, path, problem }: StackProgram): Violation {
  return {
    ...{ id: ID, resource: subject, path, value: null, limit: null },
    msg: `${subject}: ${path}: ${problem}`,
    fix: `Remove it, or add an exception with the id ${JSON.stringify(subject)} to the option workflows.policy.exceptions.`,
  };
}

function exceptionsIn(root: string): ReadonlySet<string> {
  const file = join(root, EXCEPTIONS_FILE);
  const ids = isThere(file) ? listIn(readForeignText(file, 1 << 20)) : [];
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === "string")) {
    throw new ExplainedError(`${EXCEPTIONS_FILE} is not a list of exceptions: run "npx projen"`);
  }
  return new Set(ids);
}

/** Undefined for a text that has no such list, or hides it behind an alias. */
function listIn(text: string): unknown {
  const { documents, problem } = readYaml(text);
  try {
    const document: unknown = problem === undefined ? documents[0]?.toJS({ maxAliasCount: 0 }) : undefined;
    return isObject(document) ? document.exceptions : undefined;
  } catch {
    return undefined;
  }
}
