// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { exampleRepository } from "./repository";
import { table } from "./markdown";
import type { Page } from "./page";

/** Commands of the package as they explain themselves, and the tasks of a generated repository. */
export function commandPages(): Page[] {
  const overview = help();
  const commands = [...overview.matchAll(/^ {2}([a-z]+) {2,}(.+)$/gm)].map(([, name, summary]) => ({ name, summary }));
  return [
    {
      path: "reference/commands",
      title: "Commands",
      group: "Reference",
      content: [
        "# Commands",
        "",
        "In a generated repository, `npx ray-platform COMMAND` runs the command, and most have a task of the same name: `npx projen COMMAND`. A task ends with 0 or 1, whatever its command ends with; where an exit code matters, run the command.",
        "",
        table(
          ["Command", "What it does"],
          commands.map(({ name, summary }) => [`[\`${name}\`](#${name})`, summary]),
        ),
        "",
        ...commands.flatMap(({ name }) => [`## ${name}`, "", "```text", ...helpOf(name), "```", ""]),
        "## Tasks of a repository",
        "",
        table(["Task", "What it does"], tasks()),
        "",
      ].join("\n"),
      source: "src/cli",
    },
  ];
}

function helpOf(command: string): string[] {
  // What only loads the projenrc takes no flags.
  const text =
    command === "projenrc" ? 'Usage: ray-platform projenrc\n\nRegenerates, as "npx projen" does.' : help(command);
  return text.trim().split("\n");
}

function help(...command: string[]): string {
  return execFileSync(process.execPath, [join(PACKAGE_ROOT, "bin", "ray-platform"), ...command, "--help"], {
    encoding: "utf8",
  });
}

function tasks(): string[][] {
  const { tasks: all } = JSON.parse(exampleRepository().get(".projen/tasks.json") as string) as {
    readonly tasks: Readonly<Record<string, { readonly description?: string }>>;
  };
  return Object.entries(all)
    .filter(([, { description }]) => description !== undefined)
    .map(([name, { description }]) => [`\`npx projen ${name}\``, description as string]);
}
