// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Task } from "projen/lib/task";
import type { TaskStep } from "projen/lib/task-model";
import { ExplainedError } from "../explained-error";

/**
 * Tasks as npm runs them without projen: each step a command, another task by `npm run`. Tasks that do nothing are left out.
 * @throws ExplainedError for a step that only projen can run
 */
export function npmScripts(tasks: readonly Task[]): { [name: string]: string } {
  const working = new Set(tasks.filter((task) => doesSomething(task, tasks)).map(({ name }) => name));
  return Object.fromEntries(
    tasks
      .filter(({ name }) => working.has(name))
      .map((task): [string, string] => [
        task.name,
        task.steps
          .filter(({ spawn }) => spawn === undefined || working.has(spawn))
          .map((step) => command(task, step))
          .join(" && "),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function doesSomething(task: Task, tasks: readonly Task[]): boolean {
  return task.steps.some(({ spawn }) => {
    const spawned = tasks.find(({ name }) => name === spawn);
    return spawn === undefined || (spawned !== undefined && doesSomething(spawned, tasks));
  });
}

function command(task: Task, { exec, spawn, say, builtin, condition, args = [], cwd, env }: TaskStep): string {
  if (builtin !== undefined || condition !== undefined || task.condition !== undefined) {
    throw new ExplainedError(
      `the task ${task.name} has ${builtin === undefined ? "a condition" : "a built-in step"}, which only projen understands; ` +
        "write it as a command in .projenrc.ts, and eject again. Nothing was changed",
    );
  }
  const run = exec ?? (spawn === undefined ? `echo ${quoted(say ?? "")}` : `npm run ${spawn} --`);
  const variables = Object.entries({ ...task.envVars, ...env }).map(([name, value]) => `${name}=${quoted(value)}`);
  const line = [...variables, run, ...args.map(quoted)].join(" ").replace(/ --$/, "");
  const directory = cwd ?? task.cwd;
  return directory === undefined ? line : `(cd ${quoted(directory)} && ${line})`;
}

function quoted(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
