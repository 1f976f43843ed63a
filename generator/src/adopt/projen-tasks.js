// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { core } from "../core.js";
import { isObject, objectOf, objectsOf } from "../foreign-values.js";
import { literal } from "../projenrc-writer.js";

/**
 * Lines of `.projenrc.ts` for the tasks of another projen project that lies here and that the platform has none of.
 * @param {string} root @param {readonly string[]} taken names of the platform's tasks
 */
export function keptTasks(root, taken) {
  const file = join(root, ".projen", "tasks.json");
  if (!existsSync(file)) {
    return [];
  }
  const { tasks } = objectOf(core.readJson(".projen/tasks.json", core.readText(file)));
  const own = Object.entries(objectOf(tasks)).filter(
    ([name, task]) => !taken.includes(name) && !OF_PROJEN.has(name) && isObject(task),
  );
  const statements = own.map(([name, task]) => {
    const { description, env, condition, receiveArgs, steps } = task;
    // Steps that start a task which is no longer there would fail only when they run.
    const known = [...taken, ...own.map(([other]) => other)];
    const runnable = objectsOf(steps).filter(({ spawn }) => spawn === undefined || known.includes(spawn));
    const definition = JSON.parse(JSON.stringify({ description, env, condition, receiveArgs, steps: runnable }));
    const start = `project.addTask(${JSON.stringify(name)}, `;
    return `${start}${literal(definition, undefined, 0, start.length + 2, new Set())});`;
  });
  return statements.length === 0 ? [] : ["// Tasks of the projen project that was here before.", ...statements];
}

/** What every projen project brings along. */
const OF_PROJEN = new Set([
  "build",
  "bump",
  "clobber",
  "compile",
  "default",
  "eject",
  "install",
  "install:ci",
  "package",
  "post-compile",
  "post-upgrade",
  "pre-compile",
  "test",
  "upgrade",
  "watch",
]);
